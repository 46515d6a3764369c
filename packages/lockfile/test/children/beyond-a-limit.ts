import { pendingChange } from '@holdfast/testing'
import { openLockfileBackend } from '../../src/index.ts'

// Writes more than it may: says the code of the error that it was told.
const [directory = ''] = process.argv.slice(2)
const backend = await openLockfileBackend({ directory })
const sequence = await backend.open('trading')
try {
  for (let base = 0; base < 100; base++) {
    await sequence.commit(pendingChange({ base, data: { text: 'x'.repeat(1000) } }))
  }
  console.log('wrote everything')
} catch (error) {
  console.log(error instanceof Error && 'code' in error ? error.code : error)
}
await backend.close()
