import { expect, test } from 'vitest'
import { crashPlan } from '../src/show/crash-plan.ts'
import { Killer, type Happening } from '../src/show/killer.ts'
import type { PlannedKill } from '../src/show/crash-plan.ts'

const options = { seed: 3, crashes: 200, candles: 1000, orderIndexes: [100, 500, 900] }

test('the plan follows from its seed, and has as many kills as were asked for', () => {
  expect(crashPlan(options)).toEqual(crashPlan(options))
  expect(crashPlan(options)).not.toEqual(crashPlan({ ...options, seed: 4 }))
  expect(crashPlan(options)).toHaveLength(200)
})

test('kills come in the order of their candles, on every occasion, and some at orders', () => {
  const plan = crashPlan(options)
  const indexes = plan.map(({ index }) => index)
  expect(indexes).toEqual(indexes.toSorted((one, other) => one - other))
  expect(new Set(plan.map(({ occasion }) => occasion))).toEqual(
    new Set(['candle', 'intent', 'sent', 'start']),
  )
  const sent = plan.filter(({ occasion }) => occasion === 'sent').map(({ index }) => index)
  expect(new Set(sent)).toEqual(new Set(options.orderIndexes))
})

test('without orders there are kills all the same', () => {
  expect(crashPlan({ ...options, orderIndexes: [] })).toHaveLength(200)
})

function killer(...plan: readonly Omit<PlannedKill, 'delayMs'>[]): {
  readonly killer: Killer
  readonly killed: () => number
  readonly notice: (...happenings: readonly Happening[]) => void
} {
  let kills = 0
  const made = new Killer(
    plan.map((kill) => ({ ...kill, delayMs: 0 })),
    () => (kills += 1),
  )
  const notice = (...happenings: readonly Happening[]): void =>
    happenings.forEach((happening) => made.notice(happening))
  return { killer: made, killed: () => kills, notice }
}

test('a kill waits for its occasion, and for its candle', () => {
  const { notice, killed } = killer({ occasion: 'sent', index: 5 })
  notice({ kind: 'start' }, { kind: 'sent', index: 4 }, { kind: 'intent', index: 5 })
  notice({ kind: 'candle', index: 5 })
  expect(killed()).toBe(0)
  notice({ kind: 'sent', index: 5 })
  expect(killed()).toBe(1)
})

test('a kill whose order never came strikes at the next candle', () => {
  const { notice, killed } = killer({ occasion: 'sent', index: 5 })
  notice({ kind: 'candle', index: 6 })
  expect(killed()).toBe(1)
})

test('the next kill is up when the bot is dead, and not before', () => {
  const kill = { occasion: 'candle', index: 1 } as const
  const { killer: made, notice, killed } = killer(kill, kill)
  notice({ kind: 'candle', index: 1 }, { kind: 'candle', index: 2 })
  expect([killed(), made.left]).toEqual([1, 2])
  made.ended(true)
  expect(made.left).toBe(1)
  notice({ kind: 'candle', index: 2 })
  made.ended(true)
  expect([killed(), made.left]).toEqual([2, 0])
})

test('a kill that came too late, or that somebody else made, is still to be made', () => {
  const { killer: made, notice } = killer({ occasion: 'candle', index: 1 })
  notice({ kind: 'candle', index: 1 })
  made.ended(false)
  expect(made.left).toBe(1)
  made.ended(true)
  expect(made.left).toBe(1)
})

test('once all candles are done any kill strikes at the next start', () => {
  const { notice, killed } = killer({ occasion: 'intent', index: 999 })
  notice({ kind: 'start' })
  expect(killed()).toBe(0)
  notice({ kind: 'over' })
  expect(killed()).toBe(1)
})
