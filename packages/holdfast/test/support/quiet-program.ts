// Opens a state, updates it, subscribes, and ends without closing anything: the process has to end
// by itself, and the library must have said nothing.
import { z } from 'zod'
import { openStore } from '../../src/index.ts'

const store = await openStore(process.argv[2] ?? 'memory:')
const schema = z.object({ n: z.number() })
const state = await store.open('bot', { schema, initial: () => ({ n: 0 }) })
state.subscribe(() => {})
await state.update((draft) => ++draft.n)
await state.update(() => Promise.reject(new Error('nobody listens')) as never).catch(() => {})
