export { Faults, type Hold } from './faults.ts'
export { Memory } from './memory.ts'
export { openMemoryBackend, type MemoryOptions } from './memory-backend.ts'
export { memoryModule } from './memory-module.ts'
