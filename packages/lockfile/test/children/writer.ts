/*
 * Opens the state `trading` and raises its counter, one update after the other. Tells its parent what
 * happens, a line of JSON each: { ready } when it waits for the word to begin (any byte on stdin),
 * { open, ms } when it has the state, { n } for each acknowledged step when `tells`, { lost } when its
 * signal aborts, { code, message, holder } when it fails, { blocks } before it keeps its event loop busy after its first
 * step, { done } at the end.
 * Arguments: store URL, how many steps, whether it tells each one, for how many milliseconds it blocks.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { HoldfastError, openStore } from '@holdfast/core'
import { z } from 'zod'
import { lockfileModule } from '../../src/index.ts'

const [, , url = '', times = '0', tells = 'no', blockMs = '0'] = process.argv
const tell = (message: object): void => void writeSync(1, `${JSON.stringify(message)}\n`)

const parent = process.ppid
const schema = z.object({ n: z.number() })
const store = await openStore(url, { backends: [lockfileModule] })
tell({ ready: true })
await once(process.stdin, 'data')
process.stdin.pause()
try {
  const state = await store.open('trading', { schema, initial: () => ({ n: 0 }) })
  state.signal.addEventListener('abort', () => tell({ lost: state.signal.reason.code }))
  tell({ open: true })
  for (let step = 0; step < Number(times); step += 1) {
    // A test run that was itself killed cannot end its children.
    if (process.ppid !== parent) throw new Error('the test that started this is gone')
    const n = await state.update((draft) => {
      draft.n += 1
      return draft.n
    })
    if (step === 0 && Number(blockMs) > 0) {
      tell({ blocks: true })
      for (const end = Date.now() + Number(blockMs); Date.now() < end;);
    }
    if (tells === 'yes') tell({ n })
  }
  tell({ done: true })
} catch (error) {
  if (!HoldfastError.is(error)) throw error
  const { code, message, holder } = error
  tell({ code, message, holder })
  process.exitCode = 3
} finally {
  await store.close()
}
