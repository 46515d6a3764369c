import { channel } from 'node:diagnostics_channel'
import { readdirSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { interceptFileSystem, nodeFileSystem, type FileCall } from '@holdfast/fs'
import { pendingChange } from '@holdfast/testing'
import { expect, onTestFinished, test } from 'vitest'
import { Place } from './place.ts'
import { recordingFileSystem, systemError } from './record.ts'

const errors = [
  ['EIO', -5, 'IO'],
  ['ENOSPC', -28, 'NO_SPACE'],
  ['Unknown system error -122', -122, 'NO_SPACE'], // EDQUOT, as Node 20 calls it
  ['EFBIG', -27, 'NO_SPACE'],
  ['EROFS', -30, 'IO'],
  ['EACCES', -13, 'IO'],
] as const

interface FaultyCommit {
  /** The call that failed; undefined where the commit made fewer. */
  readonly failed: FileCall | undefined
  readonly outcome: unknown
  /** Whether the target had been renamed onto before that call. */
  readonly isPublished: boolean
  readonly isUnchanged: boolean
  /** What came of the next commit, and the documents that it left. */
  readonly next: readonly unknown[]
}

/** Commits versions 1 to 3, then 4 with a fault in file call `step`, then the next version. */
async function commitWithFault(step: number, code: string, errno: number): Promise<FaultyCommit> {
  const place = new Place()
  let armed = Number.POSITIVE_INFINITY
  const { fileSystem, calls } = recordingFileSystem((call) => {
    armed -= 1
    if (armed === -1) throw systemError(code, errno, call.method)
  })
  const sequence = await place.open({}, { fileSystem })
  const commit = (version: number): Promise<unknown> =>
    sequence
      .commit(pendingChange({ base: version - 1, data: { n: version } }))
      .catch((error: unknown) => error)
  for (const version of [1, 2, 3]) await commit(version)
  await sequence.read(3) // after what the commits do in turns of their own
  const before = place.content()
  calls.length = 0
  armed = step
  const outcome = await commit(4)
  const failed = armed < 0 ? calls[step] : undefined
  armed = Number.POSITIVE_INFINITY
  const isPublished = calls
    .slice(0, step)
    .some((call) => call.method === 'rename' && call.to === place.path)
  const isUnchanged = isDeepStrictEqual(withoutLock(place.content()), before)
  const version = isPublished ? 5 : 4
  const outcomeOfNext = await commit(version)
  await sequence.read(version)
  const next = [outcomeOfNext, place.document(), place.document('.1'), place.names()]
  await sequence.close()
  return { failed, outcome, isPublished, isUnchanged, next }
}

/** A lock that could not be removed stays, and the next commit removes it. */
function withoutLock(content: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(content).filter(([name]) => !name.endsWith('.lock')))
}

test.each(errors)(
  'items 4, 5, 7, 10, 26: %s in any file call of a commit is told, changes nothing before the rename, and the next commit works',
  async (code, errno, expected) => {
    const commits: FaultyCommit[] = []
    do commits.push(await commitWithFault(commits.length, code, errno))
    while (commits.at(-1)?.failed !== undefined)
    expect(commits.pop()?.outcome).toEqual({ committed: true })

    for (const [step, { failed, outcome, isPublished, isUnchanged, next }] of commits.entries()) {
      const label = `call ${step}: ${failed?.method} ${failed?.path}`
      expect(outcome, label).toMatchObject({ committed: isPublished })
      const told = { code: expected, cause: { code, errno, syscall: failed?.method } }
      expect(outcome, label).toMatchObject(told)
      expect(isUnchanged, label).toBe(!isPublished)
      const n = isPublished ? 5 : 4
      const names = ['trading.json', 'trading.json.1']
      expect(next, label).toEqual([{ committed: true }, { n }, { n: n - 1 }, names])
    }
    expect(commits.filter(({ isPublished }) => isPublished).length).toBeGreaterThan(2)
    expect(commits.filter(({ isPublished }) => !isPublished).length).toBeGreaterThan(10)
  },
)

test('a generation too many that cannot be removed is told, and the next commit removes it', async () => {
  const told: unknown[] = []
  const listener = (message: unknown): void => void told.push(message)
  channel('holdfast:prune-failed').subscribe(listener)
  onTestFinished(() => {
    channel('holdfast:prune-failed').unsubscribe(listener)
  })
  const place = new Place()
  let isBroken = true
  const { fileSystem } = recordingFileSystem((call) => {
    const isGeneration = call.method === 'unlink' && call.path.endsWith('.json.2')
    if (isBroken && isGeneration) throw systemError('EIO', -5, 'unlink')
  })
  const sequence = await place.open({}, { fileSystem })
  for (const base of [0, 1, 2]) {
    expect(await sequence.commit(pendingChange({ base, data: base }))).toEqual({ committed: true })
  }
  await sequence.read(3)
  expect(told).toEqual([{ path: place.path, error: expect.objectContaining({ code: 'EIO' }) }])
  expect(place.names()).toEqual(['trading.json', 'trading.json.1', 'trading.json.2'])
  isBroken = false
  await sequence.commit(pendingChange({ base: 3, data: 3 }))
  await sequence.close()
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
})

test('item 10: no descriptor is left open by commits that fail', async () => {
  const place = new Place()
  const open = (): number => readdirSync('/proc/self/fd').length
  let count = 0
  const { fileSystem } = recordingFileSystem(({ method }) => {
    if (method === 'open') count += 1
    if (method === 'write' && count % 2 === 0) throw systemError('EIO', -5, 'write')
    if (method === 'fsync' && count > 0) throw systemError('EIO', -5, 'fsync')
  })
  const sequence = await place.open({}, { fileSystem })
  await sequence.commit(pendingChange({ base: 0, data: 1 })).catch(() => null)
  const before = open()
  for (let attempt = 0; attempt < 200; attempt += 1) {
    await sequence.commit(pendingChange({ base: 0, data: 1 })).catch(() => null)
  }
  expect(count).toBe(201)
  expect(open()).toBe(before)
})

test('item 6: a short write is continued, and one of nothing rejects', async () => {
  for (const most of [1000, 1, 0]) {
    const place = new Place()
    const fileSystem = interceptFileSystem(nodeFileSystem, (call, proceed) =>
      call.method === 'write' ? (most === 0 ? 0 : proceed(call.data.subarray(0, most))) : proceed(),
    )
    const sequence = await place.open({}, { fileSystem })
    const outcome = await sequence
      .commit(pendingChange({ base: 0, data: 'x'.repeat(3000) }))
      .catch((error: unknown) => error)
    const expected = most === 0 ? { code: 'IO', committed: false } : { committed: true }
    expect(outcome).toMatchObject(expected)
    expect(place.names()).toEqual(most === 0 ? [] : ['trading.json'])
  }
})
