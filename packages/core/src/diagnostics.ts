import { channel } from 'node:diagnostics_channel'
import type { Recovery, Version } from './backend.ts'
import type { EffectReference } from './effects/effect.ts'

/** Which state a message is about. */
export interface Subject {
  readonly state: string
  readonly location: string
}

/** What is told on `node:diagnostics_channel`, by channel name. Nothing is logged anywhere else. */
export interface DiagnosticMessages {
  /** A commit was acknowledged. */
  'holdfast:commit': Subject & {
    readonly version: Version
    /** How many updates it carried. */
    readonly updates: number
    readonly patches: number
    readonly durationMs: number
  }
  /** Another writer's change came first; the updates are run again on it. */
  'holdfast:conflict': Subject & {
    readonly base: Version
    readonly newest: Version
    readonly attempt: number
    readonly durationMs: number
  }
  /** A backend could not tell whether a commit happened; this is what reading the sequence told. */
  'holdfast:unknown-outcome': Subject & {
    readonly base: Version
    readonly outcome: 'committed' | 'absent' | 'superseded' | 'unknown'
    readonly attempt: number
    readonly error: unknown
  }
  /** A damaged document was passed over for an older one. */
  'holdfast:recovery': Subject & { readonly recovery: Recovery }
  /** A migration was committed at open. */
  'holdfast:migration': Subject & {
    readonly from: number
    readonly to: number
    readonly durationMs: number
  }
  /** An effect went one step on. */
  'holdfast:effect': Subject & {
    readonly effect: EffectReference
    /**
     * `intended`: its intent is durable. `run`: it is about to be sent. `found`, `absent`, `unknown`:
     * what `find` said. `settled`: its result is durable. `unanswered`: it stays open; `error` says why.
     */
    readonly step: 'intended' | 'run' | 'found' | 'absent' | 'unknown' | 'settled' | 'unanswered'
    readonly attempt: number
    /** Since the call, or since `recover()` came to it. */
    readonly durationMs: number
    readonly error?: unknown
  }
  /** Other writers' changes could not be taken in after a hint; the next hint tries again. */
  'holdfast:refresh-failed': Subject & { readonly error: unknown }
}

/** Tells `message` to whoever listens on `name`. A listener that throws does not reach the caller. */
export function publish<Name extends keyof DiagnosticMessages>(
  name: Name,
  message: DiagnosticMessages[Name],
): void {
  channel(name).publish(message)
}
