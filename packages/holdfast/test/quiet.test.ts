import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const program = join(import.meta.dirname, 'support/quiet-program.ts')

test('rule 6: no timer and no handle keeps the process alive, and nothing is logged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const urls = ['memory:', `file:${folder}`, `journal:${folder}/journal`]
  const lockfile = `lockfile:${folder}/lockfile`
  for (const url of [...urls, lockfile, `${lockfile}?mode=exclusive`]) {
    const run = promisify(execFile)(
      process.execPath,
      ['--conditions=@holdfast/source', program, url],
      // A process that is kept alive is killed, and that fails the test.
      { timeout: 120_000 },
    )
    await expect(run).resolves.toEqual({ stdout: '', stderr: '' })
  }
})
