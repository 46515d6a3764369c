export type { CompactionEvent } from './compact.ts'
export type { JournalBackend } from './journal-backend.ts'
export { journalContext, type JournalContext, type JournalContextParts } from './journal-context.ts'
export { journalFromUrl } from './journal-from-url.ts'
export { journalModule } from './journal-module.ts'
export {
  journalOptions,
  type CheckedJournalOptions,
  type JournalOptions,
} from './journal-options.ts'
export { openJournalBackend } from './open-journal-backend.ts'
export type { OwnableSequence } from './ownable-sequence.ts'
