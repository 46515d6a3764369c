export type * from './backend.ts'
export type * from './backend-module.ts'
export type * from './json.ts'
export type * from './patch.ts'
export type * from './state.ts'
export type * from './store.ts'
export { applyPatches } from './apply-patches.ts'
export { bigintText, dateText, decimal } from './codecs.ts'
export type { StoreConfig } from './config/resolve-backend.ts'
export { copyJson } from './copy-json.ts'
export { copyState } from './copy-state.ts'
export type { DiagnosticMessages } from './diagnostics.ts'
export type * from './effects/effect.ts'
export { systemEnvironment, type Environment } from './environment.ts'
export {
  HoldfastError,
  errorCodes,
  type ErrorCode,
  type Holder,
  type HoldfastErrorOptions,
  type InvalidIssue,
} from './error.ts'
export { jsonText } from './json-text.ts'
export { openBackend, type OpenBackendOptions } from './open-backend.ts'
export { openStore } from './open-store.ts'
