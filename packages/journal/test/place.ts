import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend, Json, PendingChange, Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { onTestFinished } from 'vitest'
import { openJournalBackend, type JournalContextParts, type JournalOptions } from '../src/index.ts'
import { encodeLine } from '../src/line.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Everything that `items` gives, in order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** The change that brings the counter `{ n }` from `base` to `n`. */
export function count(base: number, n: number, writer = 'test/1/a'): PendingChange {
  return pendingChange({
    base,
    writer,
    data: { n },
    ...(base === 0 ? {} : { previous: { n: n - 1 } }),
  })
}

/** A fresh directory for the state `trading`, and handles on it. */
export class Place {
  readonly directory: string
  readonly path: string

  constructor(directory: string = join(temporaryFolder(), 'state')) {
    this.directory = directory
    this.path = join(directory, 'trading.journal')
  }

  /** Opens a backend that is closed when the test is over. */
  async backend(
    options: Partial<JournalOptions> = {},
    parts: JournalContextParts = {},
  ): Promise<Backend> {
    const backend = await openJournalBackend(
      { directory: this.directory, durability: 'process', ...options },
      parts,
    )
    onTestFinished(() => backend.close())
    return backend
  }

  /** Opens `trading` by a backend of its own. */
  async open(
    options: Partial<JournalOptions> = {},
    parts: JournalContextParts = {},
  ): Promise<Sequence> {
    return (await this.backend(options, parts)).open('trading')
  }

  /** Commits the counters `{ n: 1 }` … `{ n: to }` as versions 1 … `to`, and closes. */
  async write(to: number, options: Partial<JournalOptions> = {}): Promise<void> {
    const sequence = await this.open(options)
    for (let n = 1; n <= to; n += 1) await sequence.commit(count(n - 1, n))
    await sequence.close()
  }

  names(): string[] {
    return existsSync(this.path) ? readdirSync(this.path).toSorted() : []
  }

  epoch(number: number): string {
    return join(this.path, `${String(number).padStart(8, '0')}.jsonl`)
  }

  bytes(number = 1): Buffer {
    return readFileSync(this.epoch(number))
  }

  put(content: string | Uint8Array, number = 1): void {
    writeFileSync(this.epoch(number), content)
  }

  /** The lines of an epoch, parsed. */
  lines(number = 1): { [member: string]: Json }[] {
    return this.bytes(number)
      .toString()
      .split('\n')
      .filter((text) => text.trim() !== '')
      .map((text) => JSON.parse(text) as { [member: string]: Json })
  }

  /** Every file with its content: to show that nothing changed. */
  content(): Record<string, string> {
    return Object.fromEntries(
      this.names().map((name) => [name, readFileSync(join(this.path, name), 'latin1')]),
    )
  }
}

/** A line as another writer would append it. */
export function line(members: object): Buffer {
  return encodeLine(JSON.stringify(members))
}
