import type { BackendModule } from '@holdfast/core'
import { journalFromUrl } from './journal-from-url.ts'
import { journalOptions } from './journal-options.ts'
import { openJournalBackend } from './open-journal-backend.ts'

/** The journal backend for `openStore`: `journal:./state?keep=3` or `{ backend: 'journal', directory: './state' }`. */
export const journalModule: BackendModule<typeof journalOptions> = {
  name: 'journal',
  schemes: ['journal'],
  options: journalOptions,
  fromUrl: journalFromUrl,
  open: (options, environment) => openJournalBackend(options, { environment }),
}
