import type { Json } from '@holdfast/core'
import { expect, test } from 'vitest'
import {
  appendModel,
  checkLinearizable,
  counterModel,
  registerModel,
  SeededRandom,
  type AppendInput,
  type CounterInput,
  type Operation,
  type RegisterInput,
  type SequentialModel,
} from '../../src/index.ts'

interface Call<Input> {
  readonly process: string
  readonly begin: number
  readonly effect: number
  readonly end: number | null
  readonly input: Input
}

/**
 * What `clients` processes do to one object, one of them killed now and then: a third of its last
 * operations never happen, a third at once, a third much later.
 */
function largeHistory<State extends Json, Input extends Json, Output extends Json>(
  model: SequentialModel<State, Input, Output>,
  input: (random: SeededRandom, name: string) => Input,
): Operation<Input, Output>[] {
  const random = new SeededRandom(4711)
  const calls: Call<Input>[] = []
  const [clients, each] = [6, 3500]
  for (let client = 0; client < clients; client += 1) {
    let [time, life] = [random.below(1000), 0]
    for (let index = 0; index < each; index += 1) {
      const process = `${client}.${life}`
      const begin = time + random.below(2000)
      const effect = begin + random.below(5000)
      time = effect + random.below(5000)
      const call = { process, begin, input: input(random, `${process}.${index}`) }
      if (random.oneIn(400)) {
        life += 1
        const later = [Infinity, effect, effect + random.below(each * 3000)][random.below(3)]
        calls.push({ ...call, effect: later ?? effect, end: null })
      } else {
        calls.push({ ...call, effect, end: time })
      }
    }
  }
  let state = model.initial
  return calls
    .toSorted((a, b) => (a.effect < b.effect ? -1 : 1))
    .map(({ process, begin, effect, end, input: called }) => {
      const operation = { process, key: 'k', input: called, begin: BigInt(begin) }
      if (effect === Infinity) return { ...operation, end: null }
      const result = model.apply(state, called)
      state = result.state
      return end === null
        ? { ...operation, end: null }
        : { ...operation, end: BigInt(end), output: result.output }
    })
}

function expectFast<State extends Json, Input extends Json, Output extends Json>(
  history: Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
): void {
  const { verdict, operations, unknown, steps } = checkLinearizable(history, model)
  expect(verdict).toBe('linearizable')
  expect(operations).toBe(21_000)
  expect(unknown).toBeGreaterThan(36)
  // One step is a few microseconds.
  expect(steps).toBeLessThan(4 * operations)
}

const read = { kind: 'read' } as const

test('21,000 appends with dozens of unknown outcomes are decided in about one step each, and so is a lost one among them', () => {
  const model = appendModel()
  const history = largeHistory(model, (random, name): AppendInput =>
    random.oneIn(5) ? read : { kind: 'append', token: name },
  )
  expectFast(history, model)
  const isAppend = (other: Operation<AppendInput, string | null> | undefined): boolean =>
    other !== undefined && other.end !== null && other.input.kind === 'append'
  const index = history.findLastIndex((each, at) => isAppend(each) && isAppend(history[at + 1]))
  const { verdict, steps } = checkLinearizable(history.toSpliced(index, 1), model)
  expect(verdict).toBe('violated')
  expect(steps).toBeLessThan(8 * history.length)
})

test('21,000 comparisons, writes and reads of a register with dozens of unknown outcomes are decided in a few steps each', () => {
  const model = registerModel(0)
  expectFast(
    largeHistory(model, (random): RegisterInput => {
      if (random.oneIn(3)) return read
      const value = random.below(1_000_000)
      if (random.oneIn(3)) return { kind: 'write', value }
      return { kind: 'compareAndSet', expected: random.below(20), value }
    }),
    model,
  )
})

test('21,000 increments with dozens of unknown outcomes are decided in about one step each', () => {
  const model = counterModel()
  expectFast(
    largeHistory(model, (): CounterInput => ({ kind: 'add', amount: 1 })),
    model,
  )
})
