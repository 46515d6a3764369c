import type { EffectReference } from './effects/effect.ts'

/** Every way in which Holdfast itself fails. core's README has a row for each. */
export const errorCodes = [
  'CONFLICT',
  'OUTCOME_UNKNOWN',
  'CORRUPT',
  'INVALID',
  'NEWER_SCHEMA',
  'LOCKED',
  'OWNERSHIP_LOST',
  'NO_SPACE',
  'IO',
  'UNSUPPORTED',
  'CONFIG',
  'CLOSED',
] as const

/** One of `errorCodes`. */
export type ErrorCode = (typeof errorCodes)[number]

/** One thing that is wrong in a document, in the manner of zod's issues. */
export interface InvalidIssue {
  /** JSON Pointer of the place. */
  readonly path: string
  readonly message: string
}

/** The process that has a state to itself. */
export interface Holder {
  readonly pid: number
  /** The name of its host; a container has one of its own. */
  readonly host: string
  /** Since when it has the state: ISO 8601, UTC. */
  readonly since: string
  /** The command line that it was started with. */
  readonly command: string
}

/** What a HoldfastError tells besides its code and message. */
export interface HoldfastErrorOptions {
  /** The name of the state. */
  readonly state?: string
  readonly cause?: unknown
  /** Whether the change is in the sequence; only on errors that come out of a commit. */
  readonly committed?: boolean | 'unknown'
  /** What is wrong with the document; on `INVALID`. */
  readonly issues?: readonly InvalidIssue[]
  /** Who has the state; on `LOCKED`, where it is known. */
  readonly holder?: Holder
  /** The effect whose intent stays open; on `OUTCOME_UNKNOWN`. */
  readonly effect?: EffectReference
}

const brand = Symbol.for('holdfast.error')

/**
 * The one error class. `message` says what happened, to which state, where it is kept, and what to
 * do about it; `code` is for programs.
 */
export class HoldfastError extends Error {
  readonly code: ErrorCode
  readonly state: string | undefined
  /**
   * On errors that come out of a commit: whether the change is in the sequence. `true` means that it
   * is in place and visible, although something after it failed; `undefined` elsewhere.
   */
  readonly committed: boolean | 'unknown' | undefined
  readonly issues: readonly InvalidIssue[]
  /** On `LOCKED`: who has the state, where that is known; `undefined` elsewhere. */
  readonly holder: Holder | undefined
  /**
   * On `OUTCOME_UNKNOWN` of an effect: the one whose intent is durable and stays open. `undefined`
   * elsewhere, also where it is the outcome of a commit that is not known.
   */
  readonly effect: EffectReference | undefined

  constructor(code: ErrorCode, message: string, options: HoldfastErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    Object.defineProperty(this, brand, { value: true })
    this.name = 'HoldfastError'
    this.code = code
    this.state = options.state
    this.committed = options.committed
    this.issues = options.issues ?? []
    this.holder = options.holder
    this.effect = options.effect
  }

  /**
   * Whether `value` is a HoldfastError, of this or another copy of the package; with `code`, whether
   * it has that code.
   */
  static is(value: unknown, code?: ErrorCode): value is HoldfastError {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false
    return code === undefined || ('code' in value && value.code === code)
  }
}
