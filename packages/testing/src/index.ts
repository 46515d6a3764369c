export { backendConformance, type ConformanceOptions } from './backend-conformance.ts'
export type { ConformancePlace } from './conformance-place.ts'
export { pendingChange, type PendingChangeOptions } from './pending-change.ts'
