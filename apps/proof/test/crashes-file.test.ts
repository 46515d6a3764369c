import { openFileBackend } from '@holdfast/file'
import { backendScenario, exploreCrashes } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { crashCampaign } from '../src/crash-campaign.ts'
import { expectSound } from '../src/expect-sound.ts'
import { fileSubject, isFileExpected } from '../src/subjects.ts'
import { thoroughWorkload } from '../src/workloads.ts'

const open = fileSubject({ openFileBackend })

test('50,000 different power cuts, one and two in a row, lose and damage nothing of file:', async () => {
  const totals = await crashCampaign({ open, isExpected: isFileExpected, seed: 1, states: 50_000 })
  const { digests: _, failures, ...counts } = totals
  console.log('file:', JSON.stringify(counts))
  expectSound('file:', failures)
  expect(totals.unique).toBeGreaterThanOrEqual(50_000)
  expect(totals.exhaustivePoints / totals.points).toBeGreaterThanOrEqual(0.95)
})

test('the same seed leads to the same states, in the same order', async () => {
  const scenario = backendScenario({ open, steps: thoroughWorkload.slice(0, 3) })
  const run = () => exploreCrashes(scenario, { seed: 2, depth: 2, garbage: true })
  expect(await run()).toEqual(await run())
})
