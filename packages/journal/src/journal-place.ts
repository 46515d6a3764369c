import { join } from 'node:path'
import type { JournalContext } from './journal-context.ts'
import { encodeDirectoryName } from './directory-name.ts'
import { epochName } from './epoch-name.ts'
import type { Subject } from './journal-error.ts'
import type { CheckedJournalOptions } from './journal-options.ts'

/** Where one state's journal is, and with what it is kept. */
export class JournalPlace implements Subject {
  readonly name: string
  /** The directory of all states. */
  readonly parent: string
  /** The directory of this state's epochs; absolute. */
  readonly path: string
  readonly options: CheckedJournalOptions
  readonly context: JournalContext

  /** @throws HoldfastError `INVALID` for a name that cannot be kept. */
  constructor(
    parent: string,
    name: string,
    options: CheckedJournalOptions,
    context: JournalContext,
  ) {
    this.name = name
    this.parent = parent
    this.path = join(parent, encodeDirectoryName(name))
    this.options = options
    this.context = context
  }

  /** Where epoch `number` is. */
  epochPath(number: number): string {
    return join(this.path, epochName(number))
  }

  get isPower(): boolean {
    return this.options.durability === 'power'
  }
}
