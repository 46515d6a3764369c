import { backendConformance } from '@holdfast/testing'
import { describe, it } from 'vitest'
import { Memory, openMemoryBackend } from '../src/index.ts'

for (const keep of [1000, 0]) {
  backendConformance({
    describe,
    it,
    name: `item 46: memory, keeping ${keep} changes`,
    setup: () => {
      const memory = new Memory()
      return {
        memory,
        open: async () => openMemoryBackend({ memory, keep }),
        dispose: async () => {},
      }
    },
    damage: ({ memory }, name) => memory.state(name).damage(),
  })
}
