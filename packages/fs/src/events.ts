import { channel } from 'node:diagnostics_channel'

/**
 * On `holdfast:degraded`: what this platform or file system does not have, so that a write survives
 * less than was asked for: a sync, or the opening of a directory for it.
 */
export interface DegradedEvent {
  readonly path: string
  readonly syscall: 'fsync' | 'open'
  readonly code: string
}

/** On `holdfast:retry`: a call that failed, and is made again after `delayMs`. */
export interface RetryEvent {
  readonly path: string
  readonly syscall: string
  readonly code: string
  /** 1 for the first failure. */
  readonly attempt: number
  readonly delayMs: number
}

/** On `holdfast:hard-links`: a file with other names was replaced; they keep the old content. */
export interface HardLinksEvent {
  readonly path: string
  readonly nlink: number
}

const degraded = channel('holdfast:degraded')
const retry = channel('holdfast:retry')
const hardLinks = channel('holdfast:hard-links')

/** Tells those who listen on `node:diagnostics_channel`; costs next to nothing when nobody does. */
export const events: {
  degraded(event: DegradedEvent): void
  retry(event: RetryEvent): void
  hardLinks(event: HardLinksEvent): void
} = {
  degraded: (event) => degraded.publish(event),
  retry: (event) => retry.publish(event),
  hardLinks: (event) => hardLinks.publish(event),
}
