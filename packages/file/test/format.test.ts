import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import type { Json } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { Place } from './place.ts'

const change = { base: 0, writer: 'host/4711/5f3a9c', at: '2026-11-22T10:00:00.000Z', schema: 2 }

test('item 33: the file is one readable JSON document whose last member is the data', async () => {
  const place = new Place()
  const sequence = await place.open()
  await sequence.commit(
    pendingChange({ ...change, data: { cash: '10', positions: [1, { a: 'x\ny' }] } }),
  )
  expect(place.text().replace(/crc32:[0-9a-f]{8}/, 'crc32:xxxxxxxx')).toBe(`{
  "holdfast": 1,
  "name": "trading",
  "version": 1,
  "schema": 2,
  "savedAt": "2026-11-22T10:00:00.000Z",
  "writer": "host/4711/5f3a9c",
  "checksum": "crc32:xxxxxxxx",
  "data": {
    "cash": "10",
    "positions": [
      1,
      {
        "a": "x\\ny"
      }
    ]
  }
}
`)
})

test('indent 0 writes one line', async () => {
  const place = new Place()
  const sequence = await place.open({ indent: 0 })
  await sequence.commit(pendingChange({ ...change, data: { a: [1] } }))
  expect(place.text()).toMatch(
    /^\{"holdfast":1,.*"checksum":"crc32:[0-9a-f]{8}","data":\{"a":\[1\]\}\}\n$/,
  )
})

const documents: readonly Json[] = [{ é: ['"data": {}', null] }, 7, 'a\nb', [], {}]

test.each([0, 1, 2, 8].flatMap((indent) => documents.map((data) => ({ indent, data }))))(
  'item 33: the checksum is the CRC-32 of the bytes of the data as they stand in the file: %j',
  async ({ indent, data }) => {
    const place = new Place()
    const sequence = await place.open({ indent })
    await sequence.commit(pendingChange({ ...change, writer: '"data": }', data }))
    const text = place.text()
    const start = /"checksum":\s?"crc32:[0-9a-f]{8}",\s*"data":\s?/.exec(text)
    const bytes = text.slice((start?.index ?? 0) + (start?.[0].length ?? 0)).replace(/\s*\}\n$/, '')
    expect(JSON.parse(bytes)).toEqual(data)
    expect(text).toContain(`crc32:${crc32(bytes).toString(16).padStart(8, '0')}`)
  },
)

test('item 1: what a caller does to its values after the call reaches neither file nor reader', async () => {
  const place = new Place()
  const sequence = await place.open()
  const data = { list: [1] }
  const committing = sequence.commit(pendingChange({ ...change, data }))
  data.list.push(2)
  await committing
  expect(place.document()).toEqual({ list: [1] })
})

test('item 34: keys named __proto__ survive as data and pollute nothing', async () => {
  const place = new Place()
  const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'
  const data: Json = JSON.parse(text)
  await (await place.open()).commit(pendingChange({ ...change, data }))
  const snapshot = await (await place.open()).load()
  expect(JSON.stringify(snapshot?.data)).toBe(text)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('a file edited by hand is accepted once its checksum is removed', async () => {
  const place = new Place()
  await place.write(1, 1)
  place.put(
    place
      .text()
      .replace('"n": 1', '"n": 100')
      .replace(/.*"checksum".*\n/, ''),
  )
  expect(await (await place.open()).load()).toMatchObject({ version: 1, data: { n: 100 } })
})

test('a file that another program re-indented, without a checksum, is accepted', async () => {
  const place = new Place()
  await place.write(1, 1)
  const { checksum, ...rest }: Record<string, unknown> = JSON.parse(place.text())
  expect(checksum).toMatch(/^crc32:/)
  place.put(JSON.stringify(rest))
  expect(await (await place.open()).load()).toMatchObject({ version: 1, data: { n: 1 } })
})

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('item 47: what is not promised stands in the README', () => {
  for (const limit of ['NFS', 'ignore', 'hard links', 'extended attributes', 'Windows']) {
    expect(readme.replaceAll(/\s+/g, ' ')).toContain(limit)
  }
})

test('the smallest program of the README prints the names of the states', async () => {
  const place = new Place()
  await place.write(1, 1)
  const [, program = ''] = /```ts\n([^]*?)```/.exec(readme) ?? []
  expect(program).toContain("'./state'")
  const output = execFileSync(
    process.execPath,
    [
      '--conditions=@holdfast/source',
      '--input-type=module',
      '--eval',
      program.replace("'./state'", JSON.stringify(place.directory)),
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  )
  expect(output).toBe('trading\n')
})
