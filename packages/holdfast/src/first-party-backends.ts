import type { BackendModule } from '@holdfast/core'
import { fileModule } from '@holdfast/file'
import { journalModule } from '@holdfast/journal'
import { lockfileModule } from '@holdfast/lockfile'
import { memoryModule } from '@holdfast/memory'

/** The backends that `openStore` knows by itself, with their short names. */
export const firstPartyBackends: readonly BackendModule[] = [
  memoryModule,
  fileModule,
  journalModule,
  lockfileModule,
]
