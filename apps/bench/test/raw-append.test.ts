import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Contender } from '../src/contender.ts'
import { journal, journalArrivals } from '../src/contenders/journal.ts'
import {
  rawAppend,
  rawAppendArrivals,
  rawWriteThrough,
  rawWriteThroughArrivals,
} from '../src/contenders/raw-append.ts'
import { createLedger } from '../src/workload.ts'

async function lastLine(contender: Contender, steps: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-bench-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const subject = await contender.open(directory, createLedger(1024))
  for (let step = 0; step < steps; step++) await subject.commit(step)
  await subject.close()
  const names = await readdir(directory, { recursive: true })
  const name = names.find((each) => each.endsWith('.jsonl')) ?? ''
  const text = await readFile(join(directory, name), 'utf8')
  return text.split('\n').at(-2) ?? ''
}

test.each([
  { own: journal, raw: rawAppend, steps: 2 },
  { own: journal, raw: rawWriteThrough, steps: 2 },
  { own: journalArrivals, raw: rawAppendArrivals, steps: 2 },
  { own: journalArrivals, raw: rawWriteThroughArrivals, steps: 3 },
])('what is appended by hand is as long as what the journal appends', async (each) => {
  const byHand = await lastLine(each.raw, each.steps)
  const line = await lastLine(each.own, each.steps)
  expect(Math.abs(byHand.length - line.length)).toBeLessThan(12)
  expect(JSON.parse(byHand).patches).toEqual(JSON.parse(line).patches)
})
