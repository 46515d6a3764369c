import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HoldfastError } from '@holdfast/core'
import { expect, onTestFinished, test } from 'vitest'
import {
  appendModel,
  openHistoryRecorder,
  readHistory,
  type HistoryRecorder,
} from '../../src/index.ts'

interface Place {
  readonly directory: string
  /** A recorder whose clock adds one at each look. */
  open(process: string): HistoryRecorder
  read(): ReturnType<
    typeof readHistory<{ kind: 'append'; token: string } | { kind: 'read' }, string | null>
  >
}

function place(): Place {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-history-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  let time = 0n
  const now = (): bigint => (time += 1n)
  return {
    directory,
    open(process) {
      const recorder = openHistoryRecorder({ directory, process, now })
      onTestFinished(() => recorder.close())
      return recorder
    },
    read: () => readHistory(directory, appendModel()),
  }
}

function deferred(): { readonly promise: Promise<null>; resolve(value: null): void } {
  let settle: (value: null) => void = () => {}
  const promise = new Promise<null>((resolve) => (settle = resolve))
  return { promise, resolve: settle }
}

const append = (token: string) => ({ kind: 'append', token }) as const

test('what two processes did comes back in order, with what each operation returned', async () => {
  const here = place()
  const [a, b] = [here.open('a'), here.open('b')]
  expect(await a.record('k', append('a1'), () => Promise.resolve(null))).toBeNull()
  await b.record('other', append('b1'), () => Promise.resolve('a1'))
  expect(await here.read()).toEqual([
    { process: 'a', key: 'k', input: append('a1'), begin: 1n, end: 2n, output: null },
    { process: 'b', key: 'other', input: append('b1'), begin: 3n, end: 4n, output: 'a1' },
  ])
})

test('an operation is on file before it begins, and of unknown outcome until it ends', async () => {
  const here = place()
  const recorder = here.open('a')
  const held = deferred()
  const recorded = recorder.record('k', append('a1'), () => held.promise)
  const [begun] = await here.read()
  expect(begun).toEqual({ process: 'a', key: 'k', input: append('a1'), begin: 1n, end: null })
  held.resolve(null)
  await recorded
  expect((await here.read())[0]?.end).toBe(2n)
})

test('an operation that failed is of unknown outcome, unless it says that nothing was committed', async () => {
  const here = place()
  const recorder = here.open('a')
  const failures = [
    new Error('no idea'),
    new HoldfastError('OUTCOME_UNKNOWN', 'no idea', { committed: 'unknown' }),
    new HoldfastError('IO', 'in place', { committed: true }),
    new HoldfastError('NO_SPACE', 'nothing', { committed: false }),
  ]
  for (const [index, failure] of failures.entries()) {
    const recorded = recorder.record('k', append(`${index}`), () => Promise.reject(failure))
    await expect(recorded).rejects.toBe(failure)
  }
  const history = await here.read()
  expect(history.map(({ input, end }) => [input, end])).toEqual(
    ['0', '1', '2'].map((token) => [append(token), null]),
  )
})

test('operations of one process may overlap', async () => {
  const here = place()
  const recorder = here.open('a')
  const first = deferred()
  const slow = recorder.record('k', append('a1'), () => first.promise)
  await recorder.record('k', append('a2'), () => Promise.resolve('x'))
  first.resolve(null)
  await slow
  expect((await here.read()).map(({ begin, end }) => [begin, end])).toEqual([
    [1n, 4n],
    [2n, 3n],
  ])
})

test('the piece of a line that a killed process left is passed over, at its beginning and at its end', async () => {
  const here = place()
  const recorder = here.open('a')
  await recorder.record('k', append('a1'), () => Promise.resolve(null))
  const path = join(here.directory, 'a.history.jsonl')
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, whole.slice(0, -5))
  expect((await here.read()).map(({ end }) => end)).toEqual([null])
  writeFileSync(path, whole.slice(0, 20))
  expect(await here.read()).toEqual([])
})

test.each([
  ['an end without a beginning', '{"end":9,"at":"5","output":null}'],
  ['a second end', '{"end":1,"at":"5","output":null}'],
  ['what is no JSON', '{'],
  [
    'an input that the model does not know',
    '{"begin":2,"at":"5","process":"a","key":"k","input":1}',
  ],
  ['a time that is none', '{"begin":2,"at":"-5","process":"a","key":"k","input":{"kind":"read"}}'],
  ['an empty line', ''],
])('%s is refused with its file and line', async (_, line) => {
  const here = place()
  const recorder = here.open('a')
  await recorder.record('k', append('a1'), () => Promise.resolve(null))
  appendFileSync(join(here.directory, 'a.history.jsonl'), `${line}\n`)
  await expect(here.read()).rejects.toThrow(/a\.history\.jsonl:3 is no line of a history/)
})

test('a name is used by one recorder alone', () => {
  const here = place()
  here.open('a')
  expect(() => here.open('a')).toThrow(/EEXIST/)
  expect(() => here.open('../b')).toThrow(TypeError)
})

test('a recorder that was closed records no end, and disposing of it closes it', async () => {
  const here = place()
  const held = deferred()
  const recorder = here.open('a')
  const recorded = recorder.record('k', append('a1'), () => held.promise)
  recorder[Symbol.dispose]()
  recorder.close()
  held.resolve(null)
  await recorded
  expect((await here.read()).map(({ end }) => end)).toEqual([null])
})
