import { channel } from 'node:diagnostics_channel'
import type { Holder } from '@holdfast/core'
import type { Passing } from './holder-observer.ts'
import type { LockKind } from './ticket-name.ts'

interface Subject {
  readonly state: string
  readonly location: string
}

/** On `holdfast:lock-wait`: a process stood in the queue for a state. */
export interface LockWaitEvent extends Subject {
  /** A turn among many writers, or the state to itself. */
  readonly kind: LockKind
  readonly durationMs: number
  /**
   * `refused`: another process has the state to itself. `unlocked`: the holder of a turn did not end
   * it, and the writer went on without one. `failed`: the caller gave up, or the system refused.
   */
  readonly outcome: 'acquired' | 'refused' | 'unlocked' | 'failed'
}

/** On `holdfast:takeover`: the lock of a process that is gone, or out of the game, was taken from it. */
export interface TakeoverEvent extends Subject {
  readonly kind: LockKind
  /** What the process said of itself; null where that could not be read. */
  readonly holder: Holder | null
  /** How it was known: its process is gone, is stopped, or showed no sign of life. */
  readonly passing: Passing
  /** How long this process had waited for it. */
  readonly durationMs: number
}

/** On `holdfast:lock-lost`: the lock of this process was removed, or taken from it. */
export interface LockLostEvent extends Subject {
  readonly kind: LockKind
  /** How long it had been held. */
  readonly durationMs: number
  /** Whether the state is still this process's own: then the lock was put back. */
  readonly isRestored: boolean
}

/** On `holdfast:lock-failed`: the system refused what nobody waited for; it is tried again when needed. */
export interface LockFailedEvent extends Subject {
  readonly kind: LockKind
  readonly error: unknown
}

const lockWait = channel('holdfast:lock-wait')
const takeover = channel('holdfast:takeover')
const lockLost = channel('holdfast:lock-lost')
const lockFailed = channel('holdfast:lock-failed')

/** Tells those who listen on `node:diagnostics_channel`; costs next to nothing when nobody does. */
export const events: {
  lockWait(event: LockWaitEvent): void
  takeover(event: TakeoverEvent): void
  lockLost(event: LockLostEvent): void
  lockFailed(event: LockFailedEvent): void
} = {
  lockWait: (event) => lockWait.publish(event),
  takeover: (event) => takeover.publish(event),
  lockLost: (event) => lockLost.publish(event),
  lockFailed: (event) => lockFailed.publish(event),
}
