import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backendConformance } from '@holdfast/testing'
import { describe, it } from 'vitest'
import { openJournalBackend } from '../src/index.ts'

backendConformance({
  describe,
  it,
  name: 'journal',
  setup: () => {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-journal-'))
    return {
      directory,
      open: () => openJournalBackend({ directory }),
      dispose: async () => rmSync(directory, { recursive: true }),
    }
  },
  damage: ({ directory }, name) =>
    truncateSync(join(directory, `${name}.journal`, '00000001.jsonl'), 9),
})
