import type { Backend } from './backend.ts'
import type { BackendModule } from './backend-module.ts'
import { resolveBackend, type StoreConfig } from './config/resolve-backend.ts'
import { type Environment, systemEnvironment } from './environment.ts'

/** Which backends a configuration may name, and on what they run. */
export interface OpenBackendOptions {
  /** The backends that `config` may name. */
  readonly backends: readonly BackendModule[]
  /** Time, chance and identity; the real ones when left out. */
  readonly environment?: Environment
}

/**
 * Opens the backend that `config` names: a state URL, or `{ backend, …options }`. It is for tools that
 * work on states without their schema, such as `copyState`. Creates nothing.
 * @throws HoldfastError `CONFIG` for a configuration that is not right, and what the backend throws
 * when it cannot be opened: never is another one taken in its place.
 */
export async function openBackend(
  config: StoreConfig,
  { backends, environment = systemEnvironment }: OpenBackendOptions,
): Promise<Backend> {
  const { module, options } = resolveBackend(config, backends)
  return module.open(options, environment)
}
