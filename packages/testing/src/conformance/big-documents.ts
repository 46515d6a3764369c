import type { Json } from '@holdfast/core'
import { assertSameJson } from './assert-same-json.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import type { Check } from './trial.ts'

const documents: Readonly<Record<string, () => Json>> = {
  'a text of 5 MB': () => ({ text: 'é4€🦀'.repeat(500_000) }),
  '20,000 keys': () =>
    Object.fromEntries(Array.from({ length: 20_000 }, (_, key) => [`key ${key}`, { key }])),
  'an array of 50,000 numbers': () => Array.from({ length: 50_000 }, (_, index) => index / 7),
}

/** Size changes nothing but time. */
export function bigDocuments(check: Check): void {
  for (const [title, make] of Object.entries(documents)) {
    check(`a document with ${title} comes back whole`, async (trial) => {
      const sequence = await trial.openSequence()
      const big = make()
      await mustCommit(sequence, { base: 0, data: big })
      assertSameJson((await mustLoad(await trial.openSequence())).data, big)
      const data = { big, small: 1 }
      await mustCommit(sequence, { base: 1, data, previous: big })
      assertSameJson((await mustLoad(sequence)).data, data)
      assertSameJson((await mustLoad(await trial.openSequence())).data, data)
    })
  }
}
