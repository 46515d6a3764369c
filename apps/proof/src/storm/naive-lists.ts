import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import writeFileAtomic from 'write-file-atomic'
import { leaseMs } from './lease.ts'
import type { SharedLists } from './shared-list.ts'

/**
 * What many bots do: read a JSON file, change it, write it back by write-file-atomic; with `isLocked`
 * under proper-lockfile, in the least lease that it takes. Both lose updates: the one whenever two
 * write at once, the other when a writer is stopped for longer than its lease.
 */
export class NaiveLists implements SharedLists {
  readonly #directory: string
  readonly #isLocked: boolean

  private constructor(directory: string, isLocked: boolean) {
    this.#directory = directory
    this.#isLocked = isLocked
  }

  static async open(directory: string, isLocked: boolean): Promise<NaiveLists> {
    await mkdir(directory, { recursive: true })
    return new NaiveLists(directory, isLocked)
  }

  async append(key: string, token: string): Promise<string | null> {
    return this.#locked(key, async () => {
      const last = await this.#read(key)
      const text = JSON.stringify({ last: token })
      await writeFileAtomic(this.#path(key), text)
      return last
    })
  }

  async last(key: string): Promise<string | null> {
    return this.#locked(key, () => this.#read(key))
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #locked(key: string, work: () => Promise<string | null>): Promise<string | null> {
    if (!this.#isLocked) return work()
    const release = await lock(this.#path(key), {
      realpath: false,
      stale: leaseMs,
      update: leaseMs / 2,
      retries: {
        forever: true,
        retries: 12,
        minTimeout: 1,
        factor: 1.5,
        maxTimeout: 20,
        randomize: true,
      },
      // It is told only after the write, and by default by an exception that nobody can catch.
      onCompromised: () => {},
    })
    try {
      return await work()
    } finally {
      await release().catch(() => null) // the lock of somebody else by now
    }
  }

  async #read(key: string): Promise<string | null> {
    let text: string
    try {
      text = await readFile(this.#path(key), 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
    const { last } = Object(JSON.parse(text))
    return last === null ? null : String(last)
  }

  #path(key: string): string {
    return join(this.#directory, `${key}.json`)
  }
}
