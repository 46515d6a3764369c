import { type Backend, openBackend as openWith, type StoreConfig } from '@holdfast/core'
import { type OpenOptions, withFirstPartyBackends } from './with-first-party-backends.ts'

/**
 * Opens the backend that `config` names, for tools that work on states without their schema, such as
 * `copyState`. Creates nothing.
 * @throws HoldfastError `CONFIG`, and what the backend throws when it cannot be opened.
 */
export function openBackend(config: StoreConfig, options: OpenOptions = {}): Promise<Backend> {
  return openWith(config, withFirstPartyBackends(options))
}
