import type { BackendModule } from './backend-module.ts'
import { resolveBackend, type StoreConfig } from './config/resolve-backend.ts'
import { type Environment, systemEnvironment } from './environment.ts'
import { OpenedStore } from './opened-store.ts'
import type { Store } from './store.ts'

/** With what `openStore` opens. */
export interface OpenStoreOptions {
  /** The backends that `config` may name. */
  readonly backends: readonly BackendModule[]
  /** Time, chance and identity; the real ones when left out. */
  readonly environment?: Environment
}

/**
 * Opens the store that `config` names: a state URL, or `{ backend, …options }`. Creates nothing.
 * @throws HoldfastError `CONFIG` for a configuration that is not right, and what the backend throws
 * when it cannot be opened: never is another one taken in its place.
 */
export async function openStore(config: StoreConfig, options: OpenStoreOptions): Promise<Store> {
  const { backends, environment = systemEnvironment } = options
  const resolved = resolveBackend(config, backends)
  const backend = await resolved.module.open(resolved.options, environment)
  return new OpenedStore(backend, environment)
}
