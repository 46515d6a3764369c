import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backendConformance } from '@holdfast/testing'
import { describe, it } from 'vitest'
import { openLockfileBackend } from '../src/index.ts'
import { SharedOwner, topicsOfOneHandle } from './shared-owner.ts'

const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-lockfile-'))

for (const lock of ['on', 'off'] as const) {
  backendConformance({
    describe,
    it,
    name: `shared, the lock ${lock}`,
    setup: () => {
      const directory = freshFolder()
      return {
        directory,
        open: () => openLockfileBackend({ directory }, { lock }),
        dispose: async () => rmSync(directory, { recursive: true }),
      }
    },
    damage: ({ directory }, name) =>
      truncateSync(join(directory, `${name}.journal`, '00000001.jsonl'), 9),
  })

  backendConformance({
    describe: topicsOfOneHandle(describe),
    it,
    name: `exclusive, the lock ${lock}`,
    setup: () => {
      const directory = freshFolder()
      const backend = openLockfileBackend({ directory, mode: 'exclusive' }, { lock })
      return new SharedOwner(backend, () => rmSync(directory, { recursive: true }))
    },
  })
}
