import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { pendingChange } from '@holdfast/testing'
import { expect, onTestFinished, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { Place } from './place.ts'
import { endOf, startChild } from './run-child.ts'

test('item 6: at the file size limit a commit is NO_SPACE, nothing is lost, and the next one works', async () => {
  const place = new Place()
  const child = await endOf(
    startChild('commit-sizes', [place.directory, 5100], ['prlimit', '--fsize=65536']),
  )
  expect(child).toMatchObject({ status: 0, stderr: '' })
  const { code, version } = JSON.parse(child.stdout)
  expect([code, version]).toEqual(['NO_SPACE false', 13])
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
  expect(place.document()).toEqual({ version: 14, text: '' })
  expect(place.document('.1')).toMatchObject({ version: 13 })
})

/** Runs on Linux as root, as in CI; elsewhere the limit on file sizes above has to do. */
test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'items 6, 37: on a full disk of 64 KiB a commit is NO_SPACE, and costs neither file nor generation',
  async () => {
    const place = new Place()
    mkdirSync(place.directory)
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', place.directory])
    const sequence = await place.open()
    onTestFinished(async () => {
      await sequence.close()
      execFileSync('/bin/umount', [place.directory])
    })
    for (const base of [0, 1]) {
      const data = { base, text: 'x'.repeat(17_000) }
      await sequence.commit(pendingChange({ base, data }))
    }
    const before = place.content()
    for (const bytes of [30_000, 100_000, 40_000]) {
      const change = pendingChange({ base: 2, data: 'y'.repeat(bytes) })
      const error = await expectFailure(sequence.commit(change), 'NO_SPACE', { committed: false })
      expect(error.message).toMatch(/ENOSPC.*is as it was\. Free some space/)
      expect(place.content()).toEqual(before)
    }
    expect(await sequence.commit(pendingChange({ base: 2, data: 'small' }))).toEqual({
      committed: true,
    })
    expect(place.document('.1')).toMatchObject({ base: 1 })
  },
)
