import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')
const tiny = ['--rounds', '2', '--operations', '3']

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

test('every contender has a row at every size, and the exit code tells whether the bars are met', async () => {
  const { code, output, errors, directory } = await runBench('--json')
  expect(errors).toBe('')
  const report = JSON.parse(output)
  const [{ rows, verdicts }] = report.outcomes
  expect(rows.map(({ sizeBytes, contender }: never) => [sizeBytes, contender])).toEqual(
    [1024, 102_400].flatMap((sizeBytes) =>
      ['holdfast file', 'raw fs.promises', 'raw synchronous', 'write-file-atomic'].map((name) => [
        sizeBytes,
        name,
      ]),
    ),
  )
  expect(verdicts).toHaveLength(3)
  expect(code).toBe(verdicts.every(({ isMet }: never) => isMet) ? 0 : 1)
  expect(await readdir(directory)).toEqual([])
})

test('the table for people names every contender, every bar and the machine', async () => {
  const { output } = await runBench()
  for (const text of ['holdfast file', 'raw fs.promises', 'raw synchronous', 'write-file-atomic'])
    expect(output.split(text).length).toBeGreaterThan(2)
  expect(output.match(/^(pass|FAIL) {2}/gm)).toHaveLength(3)
  expect(output).toMatch(/^machine {2}\d+ x .+$/m)
  expect(output).toMatch(/^versions node .+holdfast .+write-file-atomic .+zod/m)
})

test('an unknown option is refused before anything is measured', async () => {
  const { code, errors } = await runBench('--roundz', '3')
  expect(code).toBe(1)
  expect(errors).toContain('--roundz')
})
