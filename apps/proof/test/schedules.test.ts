import * as file from '@holdfast/file'
import * as journal from '@holdfast/journal'
import * as lockfile from '@holdfast/lockfile'
import { expect, test } from 'vitest'
import { expectSound } from '../src/expect-sound.ts'
import { scheduleCampaign } from '../src/schedule-campaign.ts'

const backends = { file, journal, lockfile }

test('20,000 orders of the calls of several processes lose, double and reorder nothing', async () => {
  const reports = await scheduleCampaign(backends, { seed: 1, schedules: 20_000 })
  for (const { name, failures, ...counts } of reports) {
    console.log(`${name}:`, JSON.stringify(counts))
    expectSound(name, failures)
  }
  const total = (of: (report: (typeof reports)[number]) => number) =>
    reports.reduce((sum, report) => sum + of(report), 0)
  expect(total(({ schedules }) => schedules)).toBeGreaterThanOrEqual(20_000)
  expect(total(({ unique }) => unique)).toBeGreaterThanOrEqual(19_000)
  expect(total(({ kills }) => kills)).toBeGreaterThan(5_000)
  expect(total(({ powerCuts }) => powerCuts)).toBeGreaterThan(3_000)
})

test('the same seed leads to the same schedules, in the same order', async () => {
  const run = () => scheduleCampaign(backends, { seed: 2, schedules: 500 })
  expect(await run()).toEqual(await run())
})
