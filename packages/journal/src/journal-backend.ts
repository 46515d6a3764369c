import { join } from 'node:path'
import { HoldfastError, type Backend, type CallOptions, type Capabilities } from '@holdfast/core'
import { hasCode } from '@holdfast/fs'
import { decodeDirectoryName } from './directory-name.ts'
import { closedError, systemFailure } from './journal-error.ts'
import type { JournalContext } from './journal-context.ts'
import { Journal } from './journal.ts'
import type { CheckedJournalOptions } from './journal-options.ts'
import { JournalPlace } from './journal-place.ts'
import { JournalSequence } from './journal-sequence.ts'
import type { OwnableSequence } from './ownable-sequence.ts'
import { removeJournal } from './remove-journal.ts'
import { isThere } from './is-there.ts'

/** One directory with a journal for each state. Made by `openJournalBackend`. */
export class JournalBackend implements Backend {
  readonly capabilities: Capabilities
  readonly location: string
  readonly #options: CheckedJournalOptions
  readonly #context: JournalContext
  readonly #sequences = new Set<JournalSequence>()
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  /** `directory` is absolute. */
  constructor(directory: string, options: CheckedJournalOptions, context: JournalContext) {
    this.location = directory
    this.capabilities = { durability: options.durability, writers: 'machine', history: true }
    this.#options = options
    this.#context = context
  }

  async open(name: string, { signal }: CallOptions = {}): Promise<OwnableSequence> {
    return this.#track(async () => {
      signal?.throwIfAborted()
      const place = this.#place(name)
      await this.#requireNoOtherForm(place)
      signal?.throwIfAborted()
      this.#requireOpen()
      const sequence = new JournalSequence(place, () => this.#sequences.delete(sequence))
      this.#sequences.add(sequence)
      return sequence
    })
  }

  /**
   * Where the journal of a state is, for people and for whoever keeps something beside it.
   * @throws HoldfastError `INVALID` for a name that cannot be kept.
   */
  locationOf(name: string): string {
    return this.#place(name).path
  }

  async *list({ signal }: CallOptions = {}): AsyncGenerator<string, void, void> {
    this.#requireOpen()
    signal?.throwIfAborted()
    for (const name of await this.#track(() => this.#found())) {
      this.#requireOpen()
      signal?.throwIfAborted()
      const place = this.#place(name)
      if (await this.#track(() => this.#isThere(place))) yield name
    }
  }

  async remove(name: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#track(async () => {
      signal?.throwIfAborted()
      const place = this.#place(name)
      const journal = new Journal(place)
      try {
        try {
          await removeJournal(journal)
        } finally {
          await journal.close()
        }
      } catch (error) {
        throw systemFailure(error, place, 'could not be removed')
      }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const closing = [...this.#sequences].map((sequence) => sequence.close())
    await Promise.allSettled(this.#underWay)
    await Promise.all(closing)
  }

  async #found(): Promise<string[]> {
    try {
      const names = await this.#context.fileSystem.readdir(this.location)
      return names.map(decodeDirectoryName).filter((name) => name !== null)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw systemFailure(error, { name: '*', path: this.location }, 'could not be listed')
    }
  }

  async #isThere(place: JournalPlace): Promise<boolean> {
    try {
      return await isThere(place)
    } catch (error) {
      throw systemFailure(error, place, 'could not be listed')
    }
  }

  /** A change of configuration never starts from an empty state beside a full one. */
  async #requireNoOtherForm(place: JournalPlace): Promise<void> {
    const other = join(
      place.parent,
      place.path.slice(place.parent.length + 1).replace(/\.journal$/, '.json'),
    )
    try {
      if ((await this.#context.fileSystem.stat(other)).kind !== 'file') return
      if (await isThere(place)) return
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return
      throw systemFailure(error, place, 'could not be opened')
    }
    const message =
      `The state ${JSON.stringify(place.name)} is kept in ${other} by the file backend, and ${place.path} does not ` +
      `exist. Go on with file:${place.parent}, or convert it into another directory and use that: ` +
      `holdfast copy file:${place.parent} ${this.#context.scheme}:<another directory>`
    throw new HoldfastError('CONFIG', message, { state: place.name })
  }

  #place(name: string): JournalPlace {
    return new JournalPlace(this.location, name, this.#options, this.#context)
  }

  async #track<R>(work: () => Promise<R>): Promise<R> {
    this.#requireOpen()
    const running = work()
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  #requireOpen(): void {
    if (this.#closing !== null) {
      throw closedError(`The ${this.#context.scheme} backend in ${this.location}`)
    }
  }
}
