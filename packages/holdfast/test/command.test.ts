import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openStore } from '../src/index.ts'

const command = join(import.meta.dirname, '../src/command.ts')

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function holdfast(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = ['--conditions=@holdfast/source', command, ...words]
    execFile(process.execPath, options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

async function folderWithStates(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await using store = await openStore(`file:${folder}/a`)
  for (const name of ['one', 'two']) {
    const schema = z.object({ n: z.number() })
    await using state = await store.open(name, { schema, version: 3, initial: () => ({ n: 1 }) })
    await state.update((draft) => ++draft.n)
  }
  return folder
}

test('holdfast copy copies every state, or the named ones, and never overwrites', async () => {
  const folder = await folderWithStates()
  const copied = await holdfast('copy', `file:${folder}/a`, `file:${folder}/b`)
  expect(copied).toMatchObject({ code: 0, stderr: '' })
  expect(copied.stdout).toMatch(/one: copied .*schema version 3/)
  const copy: unknown = JSON.parse(await readFile(join(folder, 'b/two.json'), 'utf8'))
  expect(copy).toMatchObject({ schema: 3, version: 1, data: { n: 2 } })
  const again = await holdfast('copy', `file:${folder}/a`, `file:${folder}/b`, 'two')
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(/error: .*two.*not touched.*\(CONFLICT\)/s)
  expect(again.stderr).not.toMatch(/^ +at /m)
})

test('holdfast list names the states of a store', async () => {
  const folder = await folderWithStates()
  const { code, stdout } = await holdfast('list', `file:${folder}/a`)
  expect([code, stdout.split('\n').toSorted()]).toEqual([0, ['', 'one', 'two']])
})

test('holdfast answers a wrong command line with the usage and exit code 2', async () => {
  for (const words of [[], ['copy', 'file:a'], ['--no-such'], ['list']]) {
    const { code, stderr } = await holdfast(...words)
    expect(code).toBe(2)
    expect(stderr).toContain('holdfast copy <from> <to>')
  }
  expect((await holdfast('--help')).code).toBe(0)
})

test('holdfast copy says what is wrong with a store or a state', async () => {
  const folder = await folderWithStates()
  const unknown = await holdfast('copy', 'redis://x', `file:${folder}/b`)
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('is not known')])
  const missing = await holdfast('copy', `file:${folder}/a`, `file:${folder}/b`, 'three')
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no state "three"')])
})
