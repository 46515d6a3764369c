import { openStore as openWith, type Store, type StoreConfig } from '@holdfast/core'
import { type OpenOptions, withFirstPartyBackends } from './with-first-party-backends.ts'

/**
 * Opens the store that `config` names, be it by URL (`file:./state`, `memory:`) or by
 * `{ backend: 'file', directory: './state' }`. Creates nothing: the first update does.
 * @throws HoldfastError `CONFIG` for an unknown backend (the message lists the known ones) or option,
 * and what the backend throws when it cannot be opened: never is another one taken in its place.
 */
export function openStore(config: StoreConfig, options: OpenOptions = {}): Promise<Store> {
  return openWith(config, withFirstPartyBackends(options))
}
