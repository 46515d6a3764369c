export type {
  Capabilities,
  Change,
  DeepReadonly,
  Patch,
  Snapshot,
  State,
  StateChange,
  Store,
  StoreConfig,
} from '@holdfast/core'
export { HoldfastError, bigintText, copyState, dateText, decimal } from '@holdfast/core'
export { firstPartyBackends } from './first-party-backends.ts'
export { openBackend } from './open-backend.ts'
export { openStore } from './open-store.ts'
export type { OpenOptions } from './with-first-party-backends.ts'
