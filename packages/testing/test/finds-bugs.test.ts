import { describe, expect, it } from 'vitest'
import { collectSuite, failuresOf } from './support/collected-suite.ts'
import { documentMutants } from './support/document-mutants.ts'
import { handleMutants } from './support/handle-mutants.ts'
import { damage, listPlace } from './support/list-backend.ts'
import type { Mutant } from './support/mutant.ts'
import { sequenceMutants } from './support/sequence-mutants.ts'

const mutants = [...documentMutants, ...sequenceMutants, ...handleMutants]
const topics = [...new Set(collectSuite(() => listPlace(), damage).map(({ topic }) => topic))]
// Only mutants are that impatient: a correct backend is never failed by a slow machine.
const hintTimeoutMs = 50
const failures = new Map<Mutant, ReadonlyMap<string, unknown>>()

/** What the suite finds wrong with `mutant` in the topic that its bug belongs to. */
async function findingsOn(mutant: Mutant): Promise<ReadonlyMap<string, unknown>> {
  const known = failures.get(mutant)
  if (known !== undefined) return known
  const tests = collectSuite(() => listPlace(mutant.mutation), damage, hintTimeoutMs)
  const found = await failuresOf(tests.filter(({ topic }) => topic === mutant.topic))
  failures.set(mutant, found)
  return found
}

describe.each(topics)('the topic %s', (topic) => {
  it('passes on a correct backend', async () => {
    const tests = collectSuite(() => listPlace(), damage)
    expect(await failuresOf(tests.filter((test) => test.topic === topic))).toEqual(new Map())
  })

  const own = mutants.filter((mutant) => mutant.topic === topic)

  it.each(own)('fails on a backend that $bug', async (mutant) => {
    const errors = [...(await findingsOn(mutant)).values()]
    expect(errors).not.toEqual([])
    expect(errors.filter((error) => error instanceof TypeError)).toEqual([])
  })

  it('has no test that all of those pass', async () => {
    const unrefuted = new Set(
      collectSuite(() => listPlace(), damage)
        .filter((test) => test.topic === topic)
        .map(({ title }) => title),
    )
    for (const mutant of own) {
      for (const title of (await findingsOn(mutant)).keys()) unrefuted.delete(title)
    }
    expect([...unrefuted]).toEqual([])
  })
})
