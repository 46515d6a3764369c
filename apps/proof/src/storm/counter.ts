/*
 * One of several processes that raise one counter. It prints how long it took, in milliseconds.
 * Arguments: state URL, how many times.
 */
import { openStore } from 'holdfast'
import { z } from 'zod'

const [, , url = '', times] = process.argv
await using store = await openStore(url)
const counter = z.object({ count: z.number() })
await using state = await store.open('counter', { schema: counter, initial: () => ({ count: 0 }) })
const started = performance.now()
for (let step = 0; step < Number(times); step += 1) {
  await state.update((draft) => {
    draft.count += 1
  })
}
process.stdout.write(String(performance.now() - started))
