import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freshFolder } from './fresh-folder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The programs of the README, each with the output that is shown below it. */
const programs = [...readme.matchAll(/```js\n((?:(?!```)[^])*)```\n\n((?: {4}.*\n)+)/g)].map(
  ([, program = '', output = '']) => ({ program, output: output.replaceAll(/^ {4}/gm, '') }),
)

test('the README shows two programs with their output', () => {
  expect(programs).toHaveLength(2)
})

test.each(programs)('a program of the README prints what is shown: $output', (shown) => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'node_modules', '@holdfast'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules', '@holdfast', 'fs'))
  writeFileSync(join(folder, 'program.mjs'), shown.program)
  const output = execFileSync(
    process.execPath,
    ['--conditions=@holdfast/source', join(folder, 'program.mjs')],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(output.trimEnd()).toBe(shown.output.trimEnd())
})

test('the README’s table of options has a row for each option, and no other', () => {
  const source = readFileSync(join(root, 'src', 'write-file-options.ts'), 'utf8')
  const options = [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name = '']) => name)
  const table = readme.slice(readme.indexOf('## Options'), readme.indexOf('## The parts'))
  const rows = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name)
  expect(rows.toSorted()).toEqual(options.toSorted())
})

test.each([
  'Network file systems',
  'Write caches that ignore flush',
  'Hard links',
  'xattrs',
  'Windows directory sync',
])('item 47: the README says what is not promised: %s', (topic) => {
  const start = readme.indexOf('What it does not guarantee')
  expect(start).toBeGreaterThan(0)
  expect(readme.slice(start, readme.indexOf('## Options'))).toContain(topic)
})
