import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { SeededRandom } from '@holdfast/testing'
import { command } from './commands.ts'
import type { DiskEvent } from './disk-log.ts'
import type { Recording } from './recording.ts'

/** What a power cut leaves of the writes that no flush has followed. */
export const survivals = ['all', 'none', 'some', 'torn'] as const

/** One of `survivals`: `some` of the writes, or of each write some sectors. */
export type Survival = (typeof survivals)[number]

/**
 * The disk of a recording at one event after the other: all writes up to the last flush, and of the
 * later ones what a power cut leaves. Events can only go up.
 */
export class CutDisk implements Disposable {
  readonly #events: readonly DiskEvent[]
  readonly #durable: string
  readonly #file: number
  readonly #cut: string
  readonly #sectorBytes: number
  #flushed = 0

  constructor({ image, events }: Recording, sectorBytes: number, folder: string) {
    this.#sectorBytes = sectorBytes
    this.#events = events
    this.#durable = join(folder, 'durable')
    this.#cut = join(folder, 'cut')
    command('cp', '--sparse=always', image, this.#durable)
    this.#file = openSync(this.#durable, 'r+')
  }

  /** The image that the power cut right before event `at` leaves. */
  cut(at: number, survival: Survival, random: SeededRandom): string {
    const flush = this.#events.slice(0, at).findLastIndex(({ kind }) => kind === 'flush')
    for (; this.#flushed < flush; this.#flushed += 1) apply(this.#file, this.#events[this.#flushed])
    command('cp', '--sparse=always', this.#durable, this.#cut)
    const file = openSync(this.#cut, 'r+')
    for (const event of this.#events.slice(Math.max(0, flush), at)) {
      for (const piece of survival === 'torn' ? this.#sectorsOf(event) : [event]) {
        if (survival === 'all' || (survival !== 'none' && random.oneIn(2))) apply(file, piece)
      }
    }
    closeSync(file)
    return this.#cut
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }

  #sectorsOf({ kind, atNs, offset, data }: DiskEvent): DiskEvent[] {
    const sectors: DiskEvent[] = []
    for (let start = 0; start < data.length; start += this.#sectorBytes) {
      const part = data.subarray(start, start + this.#sectorBytes)
      sectors.push({ kind, atNs, offset: offset + start, data: part })
    }
    return sectors
  }
}

function apply(file: number, event: DiskEvent | undefined): void {
  if (event?.kind === 'write') writeSync(file, event.data, 0, event.data.length, event.offset)
}
