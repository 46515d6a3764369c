import { applyPatches, type Json, type Sequence } from '@holdfast/core'
import type { FileCall } from '@holdfast/fs'
import {
  CrashFileSystem,
  pendingChange,
  type CrashScenario,
  type Operations,
  type SimulatedProcess,
} from '@holdfast/testing'
import { disturbed, type OpenSubject } from './subjects.ts'

const rounds = 2
const writers = 3

/**
 * Writers that build on one another before anything is flushed: while each waits for the disk, the next
 * one commits on top of it. The power fails at every call of that, and any of their lines stays without
 * the others. What was acknowledged has to be there, with all that it was built on.
 */
export function overlapScenario(open: OpenSubject): CrashScenario<readonly string[]> {
  return {
    async workload(process) {
      const crowd: Writer[] = []
      for (let index = 1; index <= writers; index++) {
        const writer = await Writer.open(open, process)
        await writer.add(`0.${index}`) // the first flush of each comes before its first line
        crowd.push(writer)
      }
      for (let round = 1; round <= rounds; round++) {
        for (const [index, writer] of crowd.entries()) {
          const next = crowd[index + 1]
          writer.whileFlushing = async () => next?.add(`${round}.${index + 2}`)
        }
        await crowd[0]?.add(`${round}.1`)
      }
    },
    ...around(open),
  }
}

/**
 * One writer appends between another one's write and that one's look at the file. Before what it wrote is
 * flushed, the other builds on that: the flush that has just ended did not cover it.
 */
export function behindScenario(open: OpenSubject): CrashScenario<readonly string[]> {
  return {
    async workload(process) {
      const [one, other] = [await Writer.open(open, process), await Writer.open(open, process)]
      // The first flush of each comes before its first line.
      for (const [index, writer] of [one, other, one].entries()) await writer.add(`0.${index}`)
      let [adding, behind] = [Promise.resolve(), Promise.resolve()]
      one.whileLooking = () =>
        new Promise((hasAppended) => {
          other.whileFlushing = async () => {
            hasAppended()
            await adding
            await one.add('on top')
          }
          behind = other.add('behind')
        })
      adding = one.add('alone')
      await adding
      await behind
    },
    ...around(open),
  }
}

/** What comes before the work, and after it. */
function around(open: OpenSubject): Omit<CrashScenario<readonly string[]>, 'workload'> {
  return {
    async prepare(process) {
      const writer = await Writer.open(open, process)
      await writer.add('first')
    },
    async recover(process) {
      const writer = await Writer.open(open, process)
      const found = writer.entries
      await writer.add(`after ${process.instance.bootId}`)
      return found
    },
    check: requireChain,
  }
}

/** One process's handle on the state. */
class Writer {
  /** What happens while its next flush is on its way to the disk. */
  whileFlushing: (() => Promise<void>) | null = null
  /** What happens between its next write and its look at what stands in the file. */
  whileLooking: (() => Promise<void>) | null = null
  readonly #process: SimulatedProcess
  readonly #sequence: Sequence
  #version: number
  #data: Json

  private constructor(process: SimulatedProcess, sequence: Sequence, version: number, data: Json) {
    this.#process = process
    this.#sequence = sequence
    this.#version = version
    this.#data = data
  }

  static async open(open: OpenSubject, process: SimulatedProcess): Promise<Writer> {
    let own: Writer | null = null
    const { fileSystem } = process
    if (!(fileSystem instanceof CrashFileSystem)) throw new TypeError('it is not the disk itself')
    let hasWritten = false
    const interrupted = disturbed(open, () => (call, proceed) => {
      const look = hasWritten && call.method === 'fstat' ? own?.whileLooking : null
      hasWritten = call.method === 'write' || (hasWritten && isFlush(call))
      if (own !== null && look) {
        own.whileLooking = null
        return look().then(() => proceed())
      }
      const work = isFlush(call) ? own?.whileFlushing : null
      if (own === null || !work) return proceed()
      own.whileFlushing = null
      // For the one call that is made now: it covers what is there, and is over after the work.
      fileSystem.duringSync = () => {
        fileSystem.duringSync = null
        return work()
      }
      return proceed()
    })
    const sequence = await (await interrupted(process)).open('a')
    const snapshot = await sequence.load()
    own = new Writer(process, sequence, snapshot?.version ?? 0, snapshot?.data ?? [])
    return own
  }

  get entries(): string[] {
    return Array.isArray(this.#data) ? this.#data.map(String) : []
  }

  /** Adds `entry`, on top of whatever came first, flushed or not. Each attempt is told as the document that it makes. */
  async add(entry: string): Promise<void> {
    for (;;) {
      const data = [...this.entries, entry]
      const attempt = JSON.stringify(data)
      this.#process.begin(attempt)
      const previous = this.#version === 0 ? {} : { previous: this.#data }
      const change = pendingChange({ base: this.#version, data, id: attempt, ...previous })
      if ((await this.#sequence.commit(change)).committed) {
        this.#version += 1
        this.#data = data
        return this.#process.acknowledge(attempt)
      }
      this.#process.refuse(attempt)
      for (const { patches, version } of this.#sequence.peek?.(this.#version) ?? []) {
        this.#data = applyPatches(this.#data, patches)
        this.#version = version
      }
    }
  }
}

function isFlush(call: FileCall): boolean {
  return call.method === 'fdatasync' && call.path.endsWith('.jsonl')
}

/** @throws Error that begins with `lost` or `wrong`. */
function requireChain(found: readonly string[], { begun, acknowledged }: Operations): void {
  const text = JSON.stringify(found)
  const attempts = new Set(found.map((_, index) => JSON.stringify(found.slice(0, index + 1))))
  const own = acknowledged.at(-1) // the recovery's own, made after `found` was read
  const lost = acknowledged.find((attempt) => attempt !== own && !attempts.has(attempt))
  if (lost !== undefined) throw new Error(`lost: ${lost} was acknowledged, and ${text} is there`)
  // What was there before is not among what was begun; what was refused is not either.
  if (found.length > 1 && !begun.includes(text)) throw new Error(`wrong: nobody has made ${text}`)
}
