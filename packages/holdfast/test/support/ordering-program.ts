// A bot that places three orders, `a`, `b` and `c`, at an exchange that is a folder, and dies at `stop`:
// `recorded`, `sent`, `applied`, or never. Arguments: state URL, folder of the exchange, stop.
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoldfastError, openStore } from '../../src/index.ts'

const [url = '', exchange = '', stop = 'never'] = process.argv.slice(2)
const fill = z.object({ price: z.number() })

/** Dies at the second order, as kill -9 does. */
function dieAt(point: string, id: string): void {
  if (stop === point && id === 'b') process.kill(process.pid, 'SIGKILL')
}

await using store = await openStore(url)
await using state = await store.open('desk', {
  schema: z.object({ fills: z.array(z.string()) }),
  initial: () => ({ fills: [] }),
})

const order = state.effect('order', {
  input: fill,
  result: fill,
  run: async (input, { id, key }) => {
    dieAt('recorded', id)
    await appendFile(join(exchange, 'sent'), `${key}\n`)
    // The exchange takes a key once; a second one is told what the first came to.
    await writeFile(join(exchange, key), JSON.stringify(input), { flag: 'wx' }).catch(
      (error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      },
    )
    dieAt('sent', id)
    return input
  },
  find: async (key) => {
    const found = await readFile(join(exchange, key), 'utf8').catch(() => '')
    return found === '' ? 'absent' : { found: fill.parse(JSON.parse(found)) }
  },
  apply: (draft, _result, _input, { id }) => {
    draft.fills.push(id)
    dieAt('applied', id)
  },
})

await state.recover()
for (const [price, id] of ['a', 'b', 'c'].entries()) {
  for (;;) {
    try {
      await order(id, { price })
      break
    } catch (error) {
      // Another process is at it.
      if (!HoldfastError.is(error, 'OUTCOME_UNKNOWN')) throw error
    }
  }
}
