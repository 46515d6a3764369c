import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { progressBar, progressLines, type ProgressPoint } from '../src/progress.ts'

const total = 5105

function pointAt(done: number): ProgressPoint {
  return { done, total, text: '2008-09-15  equity 123,456.70  17 trades' }
}

function stream(columns?: number): { texts: string[]; write: (text: string) => void } {
  const texts: string[] = []
  const write = (text: string): void => {
    texts.push(text)
  }
  return { texts, write, ...(columns === undefined ? {} : { columns }) }
}

test('the bar is drawn at most ten times a second, and always at the end', () => {
  let nowMs = 0
  const output = stream()
  const bar = progressBar(output, () => nowMs)
  let drawn = 0
  for (let done = 1; done <= total; done += 1) {
    nowMs += 0.5
    if (!bar.isDue(done, total)) continue
    bar.show(pointAt(done))
    drawn += 1
  }
  expect(drawn).toBe(Math.ceil((total * 0.5) / 100) + 1)
  expect(stripVTControlCharacters(output.texts.at(-1) ?? '')).toMatch(/█ 100 % {2}2008-09-15/)
})

test.each([20, 40, 60, 80, 200])('the bar leaves the last of %d columns free', (columns) => {
  for (const done of [1, 2500, total]) {
    const output = stream(columns)
    progressBar(output, () => 0).show(pointAt(done))
    const line = stripVTControlCharacters(output.texts.join('')).replace('\r', '')
    expect(line.length).toBeLessThan(columns)
  }
})

test('the bar fills as the candles are done', () => {
  const output = stream(80)
  const bar = progressBar(output, () => 0)
  for (const done of [1, 2553, total]) bar.show(pointAt(done))
  const filled = output.texts.map((text) => text.split('█').length - 1)
  const empty = output.texts.map((text) => text.split('░').length - 1)
  expect([filled, empty]).toEqual([
    [0, 14, 28],
    [28, 14, 0],
  ])
})

test('the end of the bar begins a new line, once, and only when there was a bar', () => {
  const output = stream()
  const bar = progressBar(output, () => 0)
  bar.end()
  expect(output.texts).toEqual([])
  bar.show(pointAt(1))
  bar.end()
  bar.end()
  expect(output.texts.slice(1)).toEqual(['\n'])
})

test('plain progress is one line for each tenth', () => {
  const output = stream()
  const lines = progressLines(output)
  for (let done = 1; done <= total; done += 1) {
    if (lines.isDue(done, total)) lines.show(pointAt(done))
  }
  expect(output.texts).toHaveLength(10)
  expect(output.texts[0]).toBe(' 10 %  2008-09-15  equity 123,456.70  17 trades\n')
  expect(output.texts.at(-1)).toMatch(/^100 %/)
})

test('plain progress of a resumed run goes on with the next tenth', () => {
  const output = stream()
  const lines = progressLines(output)
  for (let done = Math.ceil(total * 0.57); done <= total; done += 1) {
    if (lines.isDue(done, total)) lines.show(pointAt(done))
  }
  expect(output.texts.map((text) => text.slice(0, 5))).toEqual([
    ' 60 %',
    ' 70 %',
    ' 80 %',
    ' 90 %',
    '100 %',
  ])
})
