import * as file from '@holdfast/file'
import * as journal from '@holdfast/journal'
import { expect, test } from 'vitest'
import { expectSound } from '../src/expect-sound.ts'
import { faultCampaign } from '../src/fault-campaign.ts'

test('every error of every call, once and for ever, and every short write is told, and costs nothing that was acknowledged', async () => {
  for (const { name, failures, ...counts } of await faultCampaign({ file, journal }, 1)) {
    console.log(`${name}:`, JSON.stringify(counts))
    expectSound(name, failures)
    expect(counts.missed).toBe(0)
    expect(counts.faults).toBeGreaterThan(800)
  }
})
