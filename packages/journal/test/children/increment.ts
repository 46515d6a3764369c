/*
 * Raises a counter that other processes raise at the same time, one commit each; after a conflict it
 * reads what came between and tries again. Prints each acknowledged step, and at the end its own count.
 * Arguments: directory, how many, compactAfterBytes, inlineSnapshotBytes.
 */
import { applyPatches, type Json, type Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { openJournalBackend } from '../../src/index.ts'

const [, , directory = '', times, compactAfterBytes, inlineSnapshotBytes = 262_144] = process.argv

class Counter {
  version = 0
  data: Json = {}

  async catchUp(sequence: Sequence): Promise<void> {
    const read = await sequence.read(this.version)
    if ('snapshot' in read) {
      this.version = read.snapshot.version
      this.data = read.snapshot.data
      return
    }
    for (const { patches, version } of read.changes) {
      this.data = applyPatches(this.data, patches)
      this.version = version
    }
  }

  next(): Json {
    const { data } = this
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      throw new Error('no object')
    return { n: Number(data['n'] ?? 0) + 1 }
  }
}

await using backend = await openJournalBackend({
  directory,
  durability: 'process',
  keep: 0,
  compactAfterBytes: Number(compactAfterBytes),
  inlineSnapshotBytes: Number(inlineSnapshotBytes),
})
const sequence = await backend.open('trading')
const counter = new Counter()
await counter.catchUp(sequence)
let conflicts = 0
const parent = process.ppid
for (let step = 0; step < Number(times);) {
  // A test run that was itself killed cannot end its children.
  if (process.ppid !== parent) throw new Error('the test that started this is gone')
  const data = counter.next()
  const { version: base } = counter
  const { committed } = await sequence.commit(
    pendingChange({ base, data, writer: `child/${process.pid}/a` }),
  )
  if (committed) {
    step += 1
    counter.data = data
    counter.version = base + 1
    // A pipe that is full for a moment would keep it for a turn of the event loop, which may not come.
    await new Promise((resolve) => process.stdout.write('+', resolve))
  } else {
    conflicts += 1
    await counter.catchUp(sequence)
  }
}
process.stdout.write(`${conflicts}`)
