import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openStore } from '../src/index.ts'

const schema = z.object({ cash: z.string(), positions: z.record(z.string(), z.unknown()) })
const page = await readFile(new URL('../../../docs/formats.md', import.meta.url), 'utf8')

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** The example of docs/formats.md that stands under the comment with this file's name. */
function example(file: string): string {
  const block = page.split(`<!-- ${file} -->`)[1]?.split('```')[1]
  if (block === undefined) throw new Error(`docs/formats.md has no example for ${file}`)
  return block.replace(/^json\n/, '')
}

test('the example of a file in docs/formats.md is what the file backend reads', async () => {
  const folder = await freshFolder()
  await writeFile(join(folder, 'trading.json'), example('trading.json'))
  await using store = await openStore(`file:${folder}`)
  await using state = await store.open('trading', { schema, initial: () => expect.fail() })
  expect([state.version, state.value]).toEqual([5, { cash: '100300', positions: {} }])
})

test('the example of effects in docs/formats.md is what a state takes for its intents', async () => {
  const folder = await freshFolder()
  await writeFile(join(folder, 'desk.json'), example('desk.json'))
  await using store = await openStore(`file:${folder}`)
  const desk = z.strictObject({ position: z.number() })
  await using state = await store.open('desk', { schema: desk, initial: () => expect.fail() })
  expect(state.value).toEqual({ position: 2 })
  expect(state.pending()).toEqual([
    {
      name: 'order',
      id: 'candle-8',
      key: '7ac1d2e3f405162738495a6b7c8d9e0f',
      input: { quantity: 1 },
      since: '2026-11-22T10:00:09.000Z',
      attempts: 1,
      state: 'unanswered',
    },
  ])
  const order = state.effect('order', {
    input: z.object({ quantity: z.number() }),
    result: z.object({ filled: z.number() }),
    run: () => expect.fail(),
    find: () => expect.fail(),
  })
  await expect(order('candle-7', { quantity: 2 })).resolves.toEqual({ filled: 2 })
})

test('the example of a journal in docs/formats.md is what the journal backend reads, with its history', async () => {
  const folder = await freshFolder()
  const journal = join(folder, 'trading.journal')
  await mkdir(journal)
  for (const name of ['00000001.jsonl', '00000002.jsonl']) {
    await writeFile(join(journal, name), example(name))
  }
  await using store = await openStore(`journal:${folder}`)
  await using state = await store.open('trading', { schema, initial: () => expect.fail() })
  expect([state.version, state.value]).toEqual([6, { cash: '100300', positions: {} }])
  const versions: number[] = []
  for await (const item of state.history()) versions.push(item.version)
  expect(versions).toEqual([6, 5, 4, 3, 2, 1])
})
