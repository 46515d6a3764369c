export type * from './backend.ts'
export type * from './backend-module.ts'
export type * from './json.ts'
export type * from './patch.ts'
export type * from './state.ts'
export type * from './store.ts'
export { systemEnvironment, type Environment } from './environment.ts'
export {
  HoldfastError,
  errorCodes,
  type ErrorCode,
  type HoldfastErrorOptions,
  type InvalidIssue,
} from './error.ts'
