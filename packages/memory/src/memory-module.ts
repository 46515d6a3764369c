import { HoldfastError, type BackendModule } from '@holdfast/core'
import { z } from 'zod'
import { Memory } from './memory.ts'
import { openMemoryBackend, type MemoryOptions } from './memory-backend.ts'

const options: z.ZodType<MemoryOptions> = z.strictObject({
  memory: z.instanceof(Memory).optional(),
  keep: z.int().nonnegative().optional(),
})

/** How configuration names this backend: `memory:`, `memory:?keep=10`, `{ backend: 'memory' }`. */
export const memoryModule: BackendModule<typeof options> = {
  name: 'memory',
  schemes: ['memory'],
  options,
  fromUrl: ({ path, query }) => {
    if (path === '') return query
    throw new HoldfastError(
      'CONFIG',
      `The URL "memory:${path}" names a place, and a memory is nowhere. Use "memory:"; to share one, pass { backend: 'memory', memory } with an instance of Memory.`,
    )
  },
  open: async (given) => openMemoryBackend(given),
}
