import type { Json } from '@holdfast/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  appendModel,
  checkLinearizable,
  counterModel,
  registerModel,
  type Operation,
  type SequentialModel,
} from '../../src/index.ts'
import { isLinearizableByDefinition } from './brute-force.ts'

const seed = 20_261_122

/** Up to seven operations of three processes, with outputs that are often right and often wrong. */
function smallHistories<Input extends Json, Output extends Json>(
  input: (index: number) => fc.Arbitrary<Input>,
  output: (input: Input) => fc.Arbitrary<Output>,
): fc.Arbitrary<Operation<Input, Output>[]> {
  const one = (index: number): fc.Arbitrary<Operation<Input, Output>> =>
    input(index)
      .chain((called) =>
        fc.record({
          process: fc.constantFrom('a', 'b', 'c'),
          key: fc.constant('k'),
          input: fc.constant(called),
          begin: fc.bigInt(0n, 12n),
          length: fc.oneof(
            { weight: 3, arbitrary: fc.bigInt(0n, 6n) },
            { weight: 1, arbitrary: fc.constant(null) },
          ),
          output: output(called),
        }),
      )
      .map(({ length, output: returned, ...call }) =>
        length === null
          ? { ...call, end: null }
          : { ...call, end: call.begin + length, output: returned },
      )
  return fc
    .integer({ min: 1, max: 7 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => one(index))))
}

function compare<State extends Json, Input extends Json, Output extends Json>(
  histories: fc.Arbitrary<Operation<Input, Output>[]>,
  model: SequentialModel<State, Input, Output>,
): { linearizable: number; violated: number } {
  const counts = { linearizable: 0, violated: 0 }
  const property = fc.property(histories, (history) => {
    const expected = isLinearizableByDefinition(history, model) ? 'linearizable' : 'violated'
    counts[expected] += 1
    expect(checkLinearizable(history, model).verdict).toBe(expected)
  })
  fc.assert(property, { seed, numRuns: 4000 })
  return counts
}

const value = fc.constantFrom<Json>(null, 1, 2)

describe('the checker agrees with the definition on every small history', () => {
  test('of a register with compare and set', () => {
    const counts = compare(
      smallHistories(
        () =>
          fc.oneof(
            fc.record({ kind: fc.constant('read' as const) }),
            fc.record({ kind: fc.constant('write' as const), value }),
            fc.record({ kind: fc.constant('compareAndSet' as const), expected: value, value }),
          ),
        ({ kind }) =>
          kind === 'read' ? value : kind === 'write' ? fc.constant(null) : fc.boolean(),
      ),
      registerModel(),
    )
    expect(Math.min(counts.linearizable, counts.violated)).toBeGreaterThan(300)
  })

  test('of appends that return the token before', () => {
    const counts = compare(
      smallHistories(
        (index) =>
          fc.oneof(
            { weight: 3, arbitrary: fc.constant({ kind: 'append' as const, token: `t${index}` }) },
            { weight: 1, arbitrary: fc.constant({ kind: 'read' as const }) },
          ),
        () => fc.constantFrom(null, 't0', 't1', 't2', 't3'),
      ),
      appendModel(),
    )
    expect(Math.min(counts.linearizable, counts.violated)).toBeGreaterThan(300)
  })

  test('of a counter', () => {
    const counts = compare(
      smallHistories(
        () =>
          fc.oneof(
            fc.record({ kind: fc.constant('add' as const), amount: fc.constantFrom(1, 2, -1, 0) }),
            fc.record({ kind: fc.constant('read' as const) }),
          ),
        () => fc.integer({ min: 0, max: 4 }),
      ),
      counterModel(),
    )
    expect(Math.min(counts.linearizable, counts.violated)).toBeGreaterThan(300)
  })

  test('of a model without hints', () => {
    const plain = { ...registerModel(null) }
    delete plain.noticed
    delete plain.changesNothing
    const reads = fc.record({ kind: fc.constant('read' as const) })
    const writes = fc.record({ kind: fc.constant('write' as const), value })
    const counts = compare(
      smallHistories(
        () => fc.oneof(reads, writes),
        ({ kind }) => (kind === 'read' ? value : fc.constant(null)),
      ),
      plain,
    )
    expect(Math.min(counts.linearizable, counts.violated)).toBeGreaterThan(300)
  })
})
