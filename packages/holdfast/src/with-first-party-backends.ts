import type { BackendModule, Environment, OpenBackendOptions } from '@holdfast/core'
import { firstPartyBackends } from './first-party-backends.ts'

/** Which backends a configuration may name, and on what they run. */
export interface OpenOptions {
  /** Third-party backends to know besides the first-party ones, whose names stay theirs. */
  readonly backends?: readonly BackendModule[]
  /** Time, chance and identity; the real ones when left out. */
  readonly environment?: Environment
}

/** `options` as core takes them: the first-party backends come first. */
export function withFirstPartyBackends(options: OpenOptions): OpenBackendOptions {
  return { ...options, backends: [...firstPartyBackends, ...(options.backends ?? [])] }
}
