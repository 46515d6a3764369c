/*
 * Opens the state `trading` and raises its counter, one update after the other. Tells its parent what
 * happens, a line of JSON each: { ready } when it waits for the word to begin (any byte on stdin),
 * { open, ms } when it has the state, { n } for each acknowledged step when `tells`, { lost } when its
 * signal aborts, { code, message, holder } when it fails, { blocks } before it keeps its event loop busy after its first
 * step, { attempts }, the most that one step took, and { done } at the end.
 * Arguments: store URL, how many steps, what it tells (`yes`: each one; `attempts`), for how many milliseconds it blocks,
 * and for how many each recipe takes.
 */
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { HoldfastError, openStore } from '@holdfast/core'
import { z } from 'zod'
import { lockfileModule } from '../../src/index.ts'

const [, , url = '', times = '0', tells = 'no', blockMs = '0', recipeMs = '0'] = process.argv
const tell = (message: object): void => void writeSync(1, `${JSON.stringify(message)}\n`)

let attempts = 1
subscribe('holdfast:conflict', (event) => {
  attempts = Math.max(attempts, (event as { attempt: number }).attempt + 1)
})
const spin = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
}

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
      spin(Number(recipeMs))
      draft.n += 1
      return draft.n
    })
    if (step === 0 && Number(blockMs) > 0) {
      tell({ blocks: true })
      spin(Number(blockMs))
    }
    if (tells === 'yes') tell({ n })
  }
  if (tells === 'attempts') tell({ attempts })
  tell({ done: true })
} catch (error) {
  if (!HoldfastError.is(error)) throw error
  const { code, message, holder } = error
  tell({ code, message, holder })
  process.exitCode = 3
} finally {
  await store.close()
}
