import { describe, expect, test } from 'vitest'
import type { Json } from '@holdfast/core'
import {
  appendModel,
  checkLinearizable,
  counterModel,
  registerModel,
  type AppendInput,
  type Linearizability,
  type Operation,
  type RegisterInput,
} from '../../src/index.ts'
import { client } from './calls.ts'

const append = (token: string): AppendInput => ({ kind: 'append', token })
const read = { kind: 'read' } as const
const write = (value: Json): RegisterInput => ({ kind: 'write', value })
const [a, b, c] = ['a', 'b', 'c'].map((name) => client<AppendInput, string | null>(name)) as [
  ReturnType<typeof client<AppendInput, string | null>>,
  ReturnType<typeof client<AppendInput, string | null>>,
  ReturnType<typeof client<AppendInput, string | null>>,
]
const [p, q] = [client<RegisterInput, Json>('p'), client<RegisterInput, Json>('q')]

function violationOf<State>(result: Linearizability<State>) {
  if (result.verdict !== 'violated') throw new Error(`the verdict is ${result.verdict}`)
  return result.violation
}

const appends = (history: Operation<AppendInput, string | null>[]) =>
  checkLinearizable(history, appendModel())
const registers = (history: Operation<RegisterInput>[]) =>
  checkLinearizable(history, registerModel())

describe('refused are', () => {
  test('a lost update: two appends that built on the same token', () => {
    const second = c.did(30, 40, append('c1'), 'a1')
    const history = [a.did(0, 10, append('a1'), null), b.did(15, 25, append('b1'), 'a1'), second]
    const { operation, states, window } = violationOf(appends(history))
    expect(operation).toBe(second)
    expect(states).toEqual(['b1'])
    expect(window).toEqual([second])
  })

  test('a stale read', () => {
    const history = [
      p.did(0, 10, write(1), null),
      p.did(20, 30, write(2), null),
      q.did(31, 40, read, 1),
    ]
    expect(violationOf(registers(history)).states).toEqual([2])
  })

  test('a value that was read before it was written', () => {
    const history = [q.did(0, 10, read, 7), p.did(11, 20, write(7), null)]
    expect(registers(history).verdict).toBe('violated')
  })

  test('an acknowledged append that is absent', () => {
    const history = [a.did(0, 10, append('a1'), null), b.did(11, 20, append('b1'), null)]
    expect(appends(history).verdict).toBe('violated')
  })

  test('two successful comparisons with the same value', () => {
    const take = (value: string): RegisterInput => {
      return { kind: 'compareAndSet', expected: null, value }
    }
    const history = [p.did(0, 10, take('p'), true), q.did(5, 15, take('q'), true)]
    expect(registers(history).verdict).toBe('violated')
  })

  test('an increment that counted twice', () => {
    const d = client<{ kind: 'add'; amount: number }, number>('d')
    const add = { kind: 'add', amount: 1 } as const
    const history = [d.did(0, 1, add, 1), d.did(2, 3, add, 3)]
    expect(checkLinearizable(history, counterModel()).verdict).toBe('violated')
    const helped = [...history, client<typeof add, number>('killed').began(0, add)]
    expect(checkLinearizable(helped, counterModel()).verdict).toBe('linearizable')
  })

  test('a write that takes effect again after another one', () => {
    const history = [
      p.did(0, 10, write(1), null),
      p.did(20, 30, write(2), null),
      q.did(31, 40, read, 2),
      q.did(41, 50, read, 1),
    ]
    expect(violationOf(registers(history)).operation).toBe(history[3])
  })
})

describe('an operation of unknown outcome', () => {
  const lost = b.began(5, append('b1'))

  test('may have happened, also long afterwards', () => {
    const history = [
      a.did(0, 10, append('a1'), null),
      lost,
      a.did(100, 110, append('a2'), 'a1'),
      a.did(200, 210, append('a3'), 'b1'),
    ]
    expect(appends(history).verdict).toBe('linearizable')
    expect(appends(history.toSpliced(1, 1)).verdict).toBe('violated')
  })

  test('may never have happened', () => {
    const history = [lost, a.did(10, 20, append('a1'), null), a.did(30, 40, read, 'a1')]
    expect(appends(history).verdict).toBe('linearizable')
  })

  test('happens at most once', () => {
    const history = [lost, a.did(10, 20, read, 'b1'), a.did(21, 30, append('a1'), 'b1')]
    expect(appends(history).verdict).toBe('linearizable')
    expect(appends([...history, a.did(31, 40, read, 'b1')]).verdict).toBe('violated')
  })

  test('does not happen before it began', () => {
    const history = [a.did(0, 4, read, 'b1'), lost]
    expect(appends(history).verdict).toBe('violated')
  })

  test('may be seen by another one alone', () => {
    const swap = { kind: 'compareAndSet', expected: 1, value: 2 } as const
    const history = [p.began(0, write(1)), q.began(0, swap), p.did(10, 20, read, 2)]
    expect(registers(history).verdict).toBe('linearizable')
  })

  test('may be why a comparison failed', () => {
    const swap = { kind: 'compareAndSet', expected: 1, value: 2 } as const
    const history = [
      p.did(0, 10, write(1), null),
      q.began(11, write('unseen')),
      p.did(20, 30, swap, false),
    ]
    expect(registers(history).verdict).toBe('linearizable')
    expect(registers(history.toSpliced(1, 1)).verdict).toBe('violated')
  })
})

describe('the answer', () => {
  test('names the operation, what it returned, and what was under way beside it, for a person', () => {
    const history = [
      a.did(0, 1000, append('a1'), null),
      a.did(2000, 3000, append('a2'), 'a1'),
      b.did(3500, 6000, append('b1'), 'a2'),
      c.did(4000, 7000, append('c1'), 'a1'),
      a.did(8000, 9000, append('a3'), 'c1'),
      client<AppendInput, null>('killed').began(3600, append('never seen')),
    ]
    const { explanation, window, before } = violationOf(appends(history))
    expect(window).toEqual([history[5], history[3]])
    expect(before).toEqual(history.slice(0, 3))
    expect(explanation.split('\n')).toEqual([
      'The history of key "k" is not linearizable: no order of its operations explains that',
      '{"kind":"append","token":"c1"} by c returned "a1".',
      'All that had to come before it can be ordered; the state was then "b1".',
      'It is marked by >, what was under way and could not be ordered either by |; before these come the',
      'last that could. Times are in microseconds; ? is an operation of unknown outcome.',
      '   process  begin  end  operation                               returned',
      '   a        0.0    1.0  {"kind":"append","token":"a1"}          null',
      '   a        2.0    3.0  {"kind":"append","token":"a2"}          "a1"',
      '   b        3.5    6.0  {"kind":"append","token":"b1"}          "a2"',
      '|  killed   3.6    ?    {"kind":"append","token":"never seen"}  ?',
      '>  c        4.0    7.0  {"kind":"append","token":"c1"}          "a1"',
    ])
  })

  test('takes each key for an object of its own', () => {
    const other = client<AppendInput, string | null>('o', 'other')
    const sound = [a.did(0, 10, append('a1'), null), other.did(0, 10, append('o1'), null)]
    expect(appends(sound)).toMatchObject({ verdict: 'linearizable', keys: 2, operations: 2 })
    const broken = [...sound, other.did(20, 30, append('o2'), 'a1')]
    expect(violationOf(appends(broken)).key).toBe('other')
  })

  test('is undecided, and nothing else, where the search gave up', () => {
    const history = [a.did(0, 10, append('a1'), null), b.did(0, 10, append('b1'), 'a1')]
    expect(checkLinearizable(history, appendModel(), { maxSteps: 1 })).toMatchObject({
      verdict: 'undecided',
      key: 'k',
    })
  })

  test('is refused for an operation that ends before it begins', () => {
    expect(() => appends([a.did(10, 5, read, null)])).toThrow(/a begins at 10 and ends at 5/)
  })

  test('is linearizable for a history of nothing', () => {
    expect(appends([])).toMatchObject({ verdict: 'linearizable', operations: 0, steps: 0 })
  })
})
