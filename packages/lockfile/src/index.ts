export type { LockContextParts } from './lock-context.ts'
export type { LockFailedEvent, LockLostEvent, LockWaitEvent, TakeoverEvent } from './lock-events.ts'
export { lockfileModule } from './lockfile-module.ts'
export {
  lockfileOptions,
  type CheckedLockfileOptions,
  type LockfileOptions,
} from './lockfile-options.ts'
export { openLockfileBackend } from './open-lockfile-backend.ts'
