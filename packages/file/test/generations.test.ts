import {
  linkSync,
  lstatSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { collect, Place } from './place.ts'
import { recordingFileSystem, systemError } from './record.ts'

const commitTo = (sequence: Sequence, version: number): Promise<unknown> =>
  sequence.commit(pendingChange({ base: version - 1, data: { n: version } }))

test.each([[0], [1], [2], [5]])(
  'item 37: with keep %i that many previous generations stay',
  async (keep) => {
    const place = new Place()
    await place.write(1, 8, { keep })
    const numbers = Array.from({ length: keep }, (_, index) => index + 1)
    expect(place.names()).toEqual(['trading.json', ...numbers.map((n) => `trading.json.${n}`)])
    for (const number of numbers) expect(place.document(`.${number}`)).toEqual({ n: 8 - number })
  },
)

test('item 37: a lower keep removes the surplus with the next commit', async () => {
  const place = new Place()
  await place.write(1, 6, { keep: 4 })
  await place.write(7, 7, { keep: 1 })
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
  expect(place.document('.1')).toEqual({ n: 6 })
})

test('item 37: a generation is a hard link, so that keeping it costs no space', async () => {
  const place = new Place()
  await place.write(1, 1)
  const { ino } = statSync(place.path)
  await place.write(2, 2)
  expect(statSync(`${place.path}.1`).ino).toBe(ino)
})

test.each(['EPERM', 'ENOTSUP', 'EMLINK'])(
  'item 37: where links fail with %s a generation is a copy',
  async (code) => {
    const place = new Place()
    const { fileSystem, calls } = recordingFileSystem((call) => {
      if (call.method === 'link') throw systemError(code, -1, 'link')
    })
    const sequence = await place.open({ keep: 2, mode: 0o640 }, { fileSystem })
    for (const version of [1, 2]) await commitTo(sequence, version)
    calls.length = 0
    await commitTo(sequence, 3)
    expect(place.names()).toEqual(['trading.json', 'trading.json.1', 'trading.json.2'])
    expect([place.document('.1'), place.document('.2')]).toEqual([{ n: 2 }, { n: 1 }])
    expect(statSync(`${place.path}.1`).mode & 0o777).toBe(0o640)
    const renames = calls.flatMap((call, index) => (call.method === 'rename' ? [index] : []))
    const syncs = calls.flatMap((call, index) => (call.method === 'fsync' ? [index] : []))
    expect(syncs.filter((index) => index < (renames.at(-1) ?? 0))).toHaveLength(2)
  },
)

test('item 37: ENOSPC during the copy of a generation costs neither file nor generations', async () => {
  const place = new Place()
  await place.write(1, 4, { keep: 2 })
  const before = place.content()
  let isFull = false
  const { fileSystem } = recordingFileSystem((call) => {
    if (isFull && call.method === 'link') throw systemError('EPERM', -1, 'link')
    const isCopy = call.method === 'rename' && call.path.endsWith('.tmp')
    if (isFull && isCopy && call.to.endsWith('.json.1')) throw systemError('ENOSPC', -28, 'rename')
  })
  const sequence = await place.open({ keep: 2 }, { fileSystem })
  await sequence.load()
  isFull = true
  await expectFailure(commitTo(sequence, 5), 'NO_SPACE', { committed: false })
  expect(place.content()).toEqual(before)
  isFull = false
  expect(await commitTo(sequence, 5)).toEqual({ committed: true })
  expect(place.document('.2')).toEqual({ n: 3 })
})

test('items 4, 37: a failed rename leaves every generation as it was', async () => {
  const place = new Place()
  for (const [keep, versions] of [
    [1, 1],
    [1, 3],
    [3, 3],
    [3, 6],
  ] as const) {
    rmSync(place.directory, { recursive: true, force: true })
    await place.write(1, versions, { keep })
    const before = place.content()
    const { fileSystem } = recordingFileSystem((call) => {
      if (call.method === 'rename' && call.to === place.path) throw systemError('EIO', -5, 'rename')
    })
    const sequence = await place.open({ keep }, { fileSystem })
    await expectFailure(commitTo(sequence, versions + 1), 'IO', { committed: false })
    await sequence.close()
    expect(place.content()).toEqual(before)
  }
})

test('item 37: a crash between rotation and rename keeps no document twice and loses none', async () => {
  const place = new Place()
  await place.write(1, 3, { keep: 2 })
  // What such a crash leaves: the older one shifted, and generation 1 the same file as the current.
  renameSync(`${place.path}.2`, `${place.path}.3`)
  renameSync(`${place.path}.1`, `${place.path}.2`)
  linkSync(place.path, `${place.path}.1`)
  await place.write(4, 4, { keep: 2 })
  expect(place.names()).toEqual(['trading.json', 'trading.json.1', 'trading.json.2'])
  expect([place.document('.1'), place.document('.2')]).toEqual([{ n: 3 }, { n: 2 }])
})

test('generations that a person adds or deletes meanwhile make no commit fail', async () => {
  const place = new Place()
  const sequence = await place.open({ keep: 2 })
  for (const version of [1, 2, 3]) await commitTo(sequence, version)
  rmSync(`${place.path}.1`)
  expect(await commitTo(sequence, 4)).toEqual({ committed: true })
  expect([place.document('.1'), place.document('.2')]).toEqual([{ n: 3 }, { n: 1 }])
  rmSync(`${place.path}.1`)
  rmSync(`${place.path}.2`)
  expect(await commitTo(sequence, 5)).toEqual({ committed: true })
  rmSync(`${place.path}.1`)
  await commitTo(sequence, 6)
  writeFileSync(`${place.path}.3`, 'by hand')
  expect(await commitTo(sequence, 7)).toEqual({ committed: true })
  expect([place.document('.1'), place.document('.2')]).toEqual([{ n: 6 }, { n: 5 }])
})

test('a generation that a person makes where none was is shifted, not overwritten', async () => {
  const place = new Place()
  const sequence = await place.open({ keep: 2 })
  await commitTo(sequence, 1)
  place.put('by hand', '.1')
  expect(await commitTo(sequence, 2)).toEqual({ committed: true })
  expect([place.document('.1'), place.text('.2')]).toEqual([{ n: 1 }, 'by hand'])
})

test('with symlinks "replace" the file behind the link is copied, not linked', async () => {
  const place = new Place()
  await place.write(1, 1)
  renameSync(place.path, `${place.directory}/behind`)
  symlinkSync('behind', place.path)
  const sequence = await place.open({ symlinks: 'replace' })
  expect(await sequence.load()).toMatchObject({ version: 1 })
  await commitTo(sequence, 2)
  expect(lstatSync(place.path).isFile()).toBe(true)
  expect(lstatSync(`${place.path}.1`).isFile()).toBe(true)
  expect([place.document(), place.document('.1')]).toEqual([{ n: 2 }, { n: 1 }])
})

test('history gives the document and the kept generations, newest first', async () => {
  const place = new Place()
  await place.write(1, 5, { keep: 3 })
  const sequence = await place.open()
  const items = await collect(sequence.history())
  expect(items.map(({ version }) => version)).toEqual([5, 4, 3, 2])
  expect(items.at(-1)).toMatchObject({ schema: 1, data: { n: 2 } })
})

test('history does not pass over a damaged generation in silence', async () => {
  const place = new Place()
  await place.write(1, 4, { keep: 3 })
  place.put('{', '.2')
  const error = await expectFailure(collect((await place.open()).history()), 'CORRUPT')
  expect(error.message).toContain(`${place.path}.2: `)
})
