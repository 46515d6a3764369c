import { openJournalBackend } from '@holdfast/journal'
import { backendScenario, exploreCrashes } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { crashCampaign } from '../src/crash-campaign.ts'
import { expectSound } from '../src/expect-sound.ts'
import { behindScenario, overlapScenario } from '../src/overlaps.ts'
import { journalSubject, neverCompactedBytes } from '../src/subjects.ts'
import { thoroughWorkload } from '../src/workloads.ts'

const open = journalSubject({ openJournalBackend })

test('50,000 different power cuts, one and two in a row, lose and damage nothing of journal:', async () => {
  const totals = await crashCampaign({ open, seed: 1, states: 50_000 })
  const { digests: _, failures, ...counts } = totals
  console.log('journal:', JSON.stringify(counts))
  expectSound('journal:', failures)
  expect(totals.unique).toBeGreaterThanOrEqual(50_000)
  expect(totals.exhaustivePoints / totals.points).toBeGreaterThanOrEqual(0.95)
})

test('what another writer appended behind a record is not taken for flushed with it', async () => {
  const scenario = behindScenario(journalSubject({ openJournalBackend }, neverCompactedBytes))
  const { failures, unique } = await exploreCrashes(scenario, { disk: { blockBytes: 4096 } })
  expectSound('behind:', failures)
  expect(unique).toBeGreaterThan(50)
})

test.each([
  ['each line is lost or kept for itself', 4096],
  ['each line is torn', 64],
])(
  'writers that build on what is not flushed yet lose nothing when the power fails: %s',
  async (_, blockBytes) => {
    const scenario = overlapScenario(journalSubject({ openJournalBackend }, neverCompactedBytes))
    const { failures, unique } = await exploreCrashes(scenario, { disk: { blockBytes }, cap: 200 })
    expectSound('overlaps:', failures)
    expect(unique).toBeGreaterThan(400)
  },
  60_000,
)

test('the same seed leads to the same states, in the same order', async () => {
  const scenario = backendScenario({ open, steps: thoroughWorkload.slice(0, 3) })
  const run = () => exploreCrashes(scenario, { seed: 2, depth: 2, garbage: true })
  expect(await run()).toEqual(await run())
})
