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
export { HoldfastError, bigintText, dateText, decimal } from '@holdfast/core'
export { firstPartyBackends } from './first-party-backends.ts'
export { openStore, type OpenStoreOptions } from './open-store.ts'
