import { randomUUID } from 'node:crypto'
import { closeSync, fdatasync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import type { CounterKind } from './counter.ts'

const flush = promisify(fdatasync)
const newline = 0x0a

/**
 * The race that the journal rests on, by hand: a line by one write, a look at what came before it, one
 * flush; the first line on a version counts. It keeps one number and nothing else: no document, no
 * schema, nobody who is told, no compaction.
 */
export const rawCounter: CounterKind = {
  name: 'raw race',
  async open(directory) {
    const race = new RawRace(join(directory, 'counter.jsonl'))
    return {
      increment: () => race.increment(),
      read: async () => race.look(),
      close: async () => race.close(),
    }
  },
}

class RawRace {
  readonly #descriptor: number
  #size = 0
  #version = 0
  #value = 0
  #awaitedId = ''
  #hasCounted = false
  #turns: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a+')
  }

  /** One at a time. */
  increment(): Promise<void> {
    this.#turns = this.#turns.then(() => this.#race())
    return this.#turns
  }

  /** Reads what was appended; gives the number. */
  look(): number {
    const { size } = fstatSync(this.#descriptor)
    const bytes = Buffer.allocUnsafe(size - this.#size)
    if (bytes.length > 0) readSync(this.#descriptor, bytes, 0, bytes.length, this.#size)
    for (let start = 0, end; (end = bytes.indexOf(newline, start)) >= 0; start = end + 1) {
      this.#take(bytes.toString('utf8', start, end))
      this.#size += end + 1 - start
    }
    return this.#value
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  async #race(): Promise<void> {
    this.#hasCounted = false
    while (!this.#hasCounted) {
      this.look()
      this.#awaitedId = randomUUID()
      const line = { base: this.#version, value: this.#value + 1, id: this.#awaitedId }
      writeSync(this.#descriptor, encode(JSON.stringify(line)))
      const flushed = flush(this.#descriptor)
      this.look()
      await flushed
    }
  }

  #take(line: string): void {
    const text = line.slice(9)
    if (line !== encode(text).trimEnd()) throw new Error(`${line} is damaged`)
    const parsed: { base: number; value: number; id: string } = JSON.parse(text)
    if (parsed.base !== this.#version) return
    this.#version += 1
    this.#value = parsed.value
    if (parsed.id === this.#awaitedId) this.#hasCounted = true
  }
}

function encode(text: string): string {
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`
}
