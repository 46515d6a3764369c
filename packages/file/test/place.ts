import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Backend, Json, Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { onTestFinished } from 'vitest'
import { openFileBackend, type FileContextParts, type FileOptions } from '../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Everything that `items` gives, in order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** A fresh directory for the state `trading`, and handles on it. */
export class Place {
  readonly directory: string = join(temporaryFolder(), 'state')
  readonly path: string = join(this.directory, 'trading.json')

  /** Opens a backend that is closed when the test is over. */
  async backend(
    options: Partial<FileOptions> = {},
    parts: FileContextParts = {},
  ): Promise<Backend> {
    const backend = await openFileBackend({ directory: this.directory, ...options }, parts)
    onTestFinished(() => backend.close())
    return backend
  }

  /** Opens `trading` by a backend of its own. */
  async open(options: Partial<FileOptions> = {}, parts: FileContextParts = {}): Promise<Sequence> {
    return (await this.backend(options, parts)).open('trading')
  }

  /** Commits the documents `{ n: from }` … `{ n: to }` as versions `from` … `to`, and closes. */
  async write(from: number, to: number, options: Partial<FileOptions> = {}): Promise<void> {
    await using backend = await openFileBackend({ directory: this.directory, ...options })
    const sequence = await backend.open('trading')
    for (let version = from; version <= to; version += 1) {
      const change = pendingChange({ base: version - 1, data: { n: version } })
      const { committed } = await sequence.commit(change)
      if (!committed) throw new Error(`version ${version} was not committed`)
    }
  }

  names(): string[] {
    return existsSync(this.directory) ? readdirSync(this.directory).toSorted() : []
  }

  text(suffix = ''): string {
    return readFileSync(this.path + suffix, 'utf8')
  }

  /** Every file with its content, every link with where it leads: to show that nothing changed. */
  content(): Record<string, string> {
    return Object.fromEntries(
      this.names().map((name) => [name, contentOf(join(this.directory, name))]),
    )
  }

  put(content: string | Uint8Array, suffix = ''): void {
    writeFileSync(this.path + suffix, content)
  }

  /** The document in a file as it stands. */
  document(suffix = ''): Json {
    const { data }: { data: Json } = JSON.parse(this.text(suffix))
    return data
  }
}

function contentOf(path: string): string {
  return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'latin1')
}
