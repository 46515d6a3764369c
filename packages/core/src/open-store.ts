import type { StoreConfig } from './config/resolve-backend.ts'
import { systemEnvironment } from './environment.ts'
import { openBackend, type OpenBackendOptions } from './open-backend.ts'
import { OpenedStore } from './opened-store.ts'
import type { Store } from './store.ts'

/**
 * Opens the store that `config` names: a state URL, or `{ backend, …options }`. Creates nothing.
 * @throws HoldfastError `CONFIG` for a configuration that is not right, and what the backend throws
 * when it cannot be opened: never is another one taken in its place.
 */
export async function openStore(config: StoreConfig, options: OpenBackendOptions): Promise<Store> {
  const backend = await openBackend(config, options)
  return new OpenedStore(backend, options.environment ?? systemEnvironment)
}
