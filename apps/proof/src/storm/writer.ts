/*
 * One process in a storm: appends to shared lists and reads them as fast as it can, and records what it
 * did, until it is told to stop, or is killed. It says when it begins, and then how much it has done.
 * Arguments: contender, directory of the lists, directory of the histories, name, seed, keys.
 */
import { HoldfastError } from '@holdfast/core'
import { openHistoryRecorder, SeededRandom } from '@holdfast/testing'
import { openLists } from './open-lists.ts'
import { contenders } from './shared-list.ts'

const [, , contender, directory = '', histories = '', name = '', seed, keys] = process.argv
const kind = contenders.find((each) => each === contender)
if (kind === undefined) throw new TypeError(`no contender: ${contender}`)
const random = new SeededRandom(Number(seed))
const recorder = openHistoryRecorder({ directory: histories, process: name })
const tellEvery = 10
const stop = new AbortController()
process.on('message', () => stop.abort())
process.on('disconnect', () => process.exit())

await using lists = await openLists(kind, directory)
process.send?.('begins')
for (let count = 0; !stop.signal.aborted; count += 1) {
  if (count % tellEvery === tellEvery - 1) process.send?.(tellEvery)
  const key = `list-${random.below(Number(keys))}`
  try {
    if (random.oneIn(5)) {
      await recorder.record(key, { kind: 'read' }, () => lists.last(key))
    } else {
      const token = `${name}.${count}`
      await recorder.record(key, { kind: 'append', token }, () => lists.append(key, token))
    }
  } catch (error) {
    // An outcome that is not known is in the history; whatever else goes wrong ends the storm.
    if (!HoldfastError.is(error, 'OUTCOME_UNKNOWN')) throw error
  }
  // So that what this process is told reaches it.
  await new Promise((resolve) => void setImmediate(resolve))
}
recorder.close()
process.disconnect?.()
