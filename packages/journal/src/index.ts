export type { CompactionEvent } from './compact.ts'
export type { JournalContextParts } from './journal-context.ts'
export { journalModule } from './journal-module.ts'
export {
  journalOptions,
  type CheckedJournalOptions,
  type JournalOptions,
} from './journal-options.ts'
export { openJournalBackend } from './open-journal-backend.ts'
