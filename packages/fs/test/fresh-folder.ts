import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder, by its canonical path, removed when the test has finished. */
export function freshFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-fs-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
