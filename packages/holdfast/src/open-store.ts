import {
  type BackendModule,
  type Environment,
  openStore as openWith,
  type Store,
  type StoreConfig,
} from '@holdfast/core'
import { firstPartyBackends } from './first-party-backends.ts'

/** With what `openStore` opens. */
export interface OpenStoreOptions {
  /** Third-party backends to know besides the first-party ones, whose names stay theirs. */
  readonly backends?: readonly BackendModule[]
  /** Time, chance and identity; the real ones when left out. */
  readonly environment?: Environment
}

/**
 * Opens the store that `config` names, be it by URL (`file:./state`, `memory:`) or by
 * `{ backend: 'file', directory: './state' }`. Creates nothing: the first update does.
 * @throws HoldfastError `CONFIG` for an unknown backend (the message lists the known ones) or option,
 * and what the backend throws when it cannot be opened: never is another one taken in its place.
 */
export function openStore(config: StoreConfig, options: OpenStoreOptions = {}): Promise<Store> {
  const { backends = [], environment } = options
  return openWith(config, {
    backends: [...firstPartyBackends, ...backends],
    ...(environment && { environment }),
  })
}
