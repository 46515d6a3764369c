import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')
const tiny = ['--rounds', '2', '--operations', '3', '--shrink', '1000']

async function runBench(...options: string[]) {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-bench-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const argv = [
    '--conditions=@holdfast/source',
    main,
    ...tiny,
    '--directory',
    directory,
    ...options,
  ]
  const ended = await new Promise<{ code: unknown; output: string; errors: string }>((resolve) =>
    execFile(process.execPath, argv, (error, output, errors) =>
      resolve({ code: error === null ? 0 : error.code, output, errors }),
    ),
  )
  return { directory, ...ended }
}

const every = ['1 KB', '100 KB', '1 MB', '10 MB']
const raw = ['raw write + fdatasync', 'raw O_DSYNC write']
const contests = [
  {
    name: 'file-commit',
    sizes: ['1 KB', '100 KB'],
    contenders: ['holdfast file', 'raw fs.promises', 'raw synchronous', 'write-file-atomic'],
    bars: 3,
  },
  { name: 'journal-update', sizes: every, contenders: ['holdfast journal', ...raw], bars: 9 },
  {
    name: 'journal-peers',
    sizes: every,
    contenders: [
      'holdfast journal',
      'holdfast journal, process',
      'raw O_DSYNC write',
      'raw O_DSYNC overwrite',
      'write-file-atomic',
      'lowdb',
      'conf',
      'node:sqlite, one row',
    ],
    bars: 10,
  },
  {
    name: 'journal-batch',
    sizes: every,
    contenders: ['holdfast journal', 'holdfast journal, 64'],
    bars: 4,
  },
  {
    name: 'journal-keys',
    sizes: ['1 KB', '100000 keys'],
    contenders: ['holdfast journal', ...raw],
    bars: 3,
  },
  {
    name: 'journal-load',
    sizes: ['10 MB'],
    contenders: ['holdfast journal', 'readFile + JSON.parse + schema'],
    bars: 1,
  },
  {
    name: 'lockfile-alone',
    sizes: ['1 KB'],
    contenders: ['holdfast journal', 'holdfast lockfile'],
    bars: 1,
  },
]
const others = [
  { name: 'journal-steady', figures: 7, bars: 4 },
  { name: 'journal-memory', figures: 3, bars: 2 },
  { name: 'lockfile-delivery', figures: 2, bars: 2 },
  { name: 'lockfile-takeover', figures: 1, bars: 2 },
]

test('every benchmark without a crowd has all its rows, figures and bars, and the exit code tells whether the bars are met', async () => {
  const { code, output, errors, directory } = await runBench(
    '--json',
    'file',
    'journal',
    'lockfile-alone',
    'lockfile-delivery',
    'lockfile-takeover',
  )
  expect(errors).toBe('')
  const { outcomes } = JSON.parse(output)
  const outcomeOf = (name: string) => outcomes.find((outcome: never) => outcome['name'] === name)
  expect(outcomes).toHaveLength(contests.length + others.length)
  for (const { name, sizes, contenders, bars } of contests) {
    const { rows, verdicts } = outcomeOf(name)
    expect(rows.map((row: never) => [row['size'], row['contender']])).toEqual(
      sizes.flatMap((size) => contenders.map((contender) => [size, contender])),
    )
    expect(verdicts).toHaveLength(bars)
  }
  for (const { name, figures, bars } of others) {
    expect(outcomeOf(name).figures).toHaveLength(figures)
    expect(outcomeOf(name).verdicts).toHaveLength(bars)
  }
  const isMet = outcomes.every(({ verdicts }: never) =>
    (verdicts as { isMet: boolean }[]).every((verdict) => verdict.isMet),
  )
  expect(code).toBe(isMet ? 0 : 1)
  expect(await readdir(directory)).toEqual([])
})

test('the table for people names every contender, every bar and the machine', async () => {
  const { output } = await runBench('file')
  for (const text of ['holdfast file', 'raw fs.promises', 'raw synchronous', 'write-file-atomic'])
    expect(output.split(text).length).toBeGreaterThan(2)
  expect(output.match(/^(pass|FAIL) {2}/gm)).toHaveLength(3)
  expect(output).toMatch(/^machine {2}\d+ x .+$/m)
  expect(output).toMatch(/^versions node .+holdfast .+write-file-atomic .+zod/m)
  expect(output).not.toContain('journal')
})

test.each([
  ['an unknown option', '--roundz'],
  ['an unknown benchmark', 'journal-updates'],
])('%s is refused before anything is measured', async (_, word) => {
  const { code, errors } = await runBench(word)
  expect(code).toBe(1)
  expect(errors).toContain(word)
})
