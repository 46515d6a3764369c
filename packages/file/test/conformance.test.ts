import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backendConformance } from '@holdfast/testing'
import { describe, it } from 'vitest'
import { openFileBackend } from '../src/index.ts'

backendConformance({
  describe,
  it,
  name: 'file',
  setup: () => {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-file-'))
    return {
      directory,
      open: () => openFileBackend({ directory }),
      dispose: async () => rmSync(directory, { recursive: true }),
    }
  },
  damage: ({ directory }, name) => truncateSync(join(directory, `${name}.json`), 9),
})
