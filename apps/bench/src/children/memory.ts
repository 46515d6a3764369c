import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openJournal } from '../contenders/open-journal.ts'
import { createFills, ledgerSchema } from '../workload.ts'
import { sizes } from '../size.ts'

// What a 10 MB state takes on the heap: `prepare`, `parsed` or `journal`, a directory, the divisor.
const [task = '', directory = '', shrink = '1'] = process.argv.slice(2)
const path = join(directory, 'parsed.json')
const updates = 2000

async function usedBytes(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    await setImmediate()
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function prepare(): Promise<Record<string, number>> {
  const ledger = sizes.huge.create(Number(shrink))
  await writeFile(path, JSON.stringify(ledger))
  const fills = createFills(ledger)
  const { state, close } = await openJournal(directory, () => ledger)
  await state.update((draft) => fills.change(draft, 0))
  await close()
  return {}
}

async function parsed(): Promise<Record<string, number>> {
  const before = await usedBytes()
  const document = ledgerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  const openedBytes = (await usedBytes()) - before
  return { openedBytes, orders: Object.keys(document.orders).length }
}

async function journal(): Promise<Record<string, number>> {
  const before = await usedBytes()
  const { state, close } = await openJournal(directory, () => {
    throw new Error(`nothing was found in ${directory}`)
  })
  const openedBytes = (await usedBytes()) - before
  const order = Object.keys(state.value.orders)[0] ?? ''
  for (let update = 0; update < updates; update++) {
    await state.update((draft) => {
      const found = draft.orders[order]
      if (found !== undefined) found.updatedAt = update
    })
  }
  const updatedBytes = (await usedBytes()) - before
  await close()
  return { openedBytes, updatedBytes }
}

const tasks: Readonly<Record<string, () => Promise<Record<string, number>>>> = {
  prepare,
  parsed,
  journal,
}
const run = tasks[task]
if (run === undefined) throw new TypeError(`unknown task ${task}`)
console.log(JSON.stringify(await run()))
