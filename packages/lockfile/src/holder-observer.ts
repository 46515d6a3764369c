import { join } from 'node:path'
import type { Holder } from '@holdfast/core'
import { hasCode, readWhole, type FileStat, type Liveness } from '@holdfast/fs'
import { parseHolder } from './holder-record.ts'
import { strangerError } from './lock-error.ts'
import type { LockPlace } from './lock-place.ts'
import { parseTicketName, type TicketName } from './ticket-name.ts'

/** Why a lock may be taken from its holder. */
export type Passing = 'dead' | 'stopped' | 'silent'

/** What is known of the lock. */
export type Verdict =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'held'
      readonly holder: TicketName
      readonly liveness: Liveness
      /**
       * Its last sign of life is so long ago, or so far ahead, that it may well be gone: for as long as
       * none is seen.
       */
      readonly isDoubtful: boolean
      /** How long it has been seen to have the lock. */
      readonly forMs: number
    }
  | {
      readonly kind: 'gone'
      readonly holder: TicketName
      readonly passing: Passing
      /** What it said of itself; null where that cannot be read. */
      readonly record: Holder | null
    }

/**
 * Watches who has one lock, and judges whether it may be taken from them. A holder on this host is
 * judged by whether its process lives: one that runs keeps a state that it has to itself, however
 * long its event loop is blocked; one that is gone is passed over at once; one that is stopped, after
 * `staleMs` without a sign of life. Of one that cannot be looked at (another host, another container)
 * there is nothing but its signs of life: it is passed over when none came for `staleMs`, as counted
 * by this process's own monotonic clock, so that no clock that is set can bring it down. A turn among
 * many is over after `staleMs` in any case.
 */
export class HolderObserver {
  #verdict: Verdict = { kind: 'free' }
  readonly #place: LockPlace
  #holder = ''
  #holderSinceMs = 0
  #sign = 0n
  #signSinceMs = 0
  /** Whether the holder has shown a sign of life while this process watched. */
  #isAlive = false

  constructor(place: LockPlace) {
    this.#place = place
  }

  /** Looks, and judges. @throws HoldfastError `IO` where a stranger's file is in the way; the system's error. */
  async look(): Promise<Verdict> {
    this.#verdict = await this.#look()
    return this.#verdict
  }

  /** The last judgement. */
  get verdict(): Verdict {
    return this.#verdict
  }

  /** Begins anew with `verdict`: nobody is known to have the lock. What was witnessed is kept. */
  forget(): void {
    this.#verdict = { kind: 'free' }
  }

  /** What the holder says of itself, or null where that cannot be read. */
  async describe({ text }: TicketName): Promise<Holder | null> {
    const bytes = await readWhole(this.#place.context.fileSystem, join(this.#place.held, text))
    return bytes === null ? null : parseHolder(Buffer.from(bytes).toString('utf8'))
  }

  async #look(): Promise<Verdict> {
    const names = await this.#names()
    const holder = names.map(parseTicketName).find((ticket) => ticket !== null)
    if (holder === undefined) {
      const [stranger] = names
      if (stranger !== undefined) throw strangerError(this.#place, join(this.#place.held, stranger))
      return { kind: 'free' }
    }
    const stat = await this.#stat(holder)
    if (stat === null) return { kind: 'free' }
    const verdict = this.#judge(holder, stat)
    if ('forMs' in verdict) return verdict
    return { kind: 'gone', holder, passing: verdict.passing, record: await this.describe(holder) }
  }

  #judge(
    holder: TicketName,
    { mtimeNs }: FileStat,
  ): (Verdict & { kind: 'held' }) | { passing: Passing } {
    const { context, staleMs } = this.#place
    const { environment, files, instance } = context
    const now = environment.monotonicMs()
    if (holder.text !== this.#holder) {
      this.#holder = holder.text
      this.#holderSinceMs = now
      this.#signSinceMs = now
      this.#isAlive = false
    } else if (mtimeNs !== this.#sign) {
      this.#signSinceMs = now
      this.#isAlive = true
    }
    this.#sign = mtimeNs
    const liveness = files.livenessOf(holder.instance, instance)
    const ageMs = environment.now() - Number(mtimeNs / 1_000_000n)
    const isSilent = now - this.#signSinceMs >= staleMs
    const passing = passingOf(holder, liveness, isSilent, ageMs > staleMs)
    if (passing !== null) return { passing }
    const isDoubtful = liveness === 'unknown' && Math.abs(ageMs) > staleMs && !this.#isAlive
    return { kind: 'held', holder, liveness, isDoubtful, forMs: now - this.#holderSinceMs }
  }

  async #names(): Promise<string[]> {
    const { context, held } = this.#place
    try {
      return await context.fileSystem.readdir(held)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }
  }

  async #stat({ text }: TicketName): Promise<FileStat | null> {
    const { context, held } = this.#place
    try {
      return await context.fileSystem.lstat(join(held, text))
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null
      throw error
    }
  }
}

/** @param looksOld By the clock of this host, which may have been set meanwhile. */
function passingOf(
  { kind }: TicketName,
  liveness: Liveness,
  isSilent: boolean,
  looksOld: boolean,
): Passing | null {
  if (liveness === 'dead') return 'dead'
  if (liveness === 'stopped') return isSilent || looksOld ? 'stopped' : null
  if (liveness === 'alive' && kind === 'exclusive') return null
  return isSilent ? 'silent' : null
}
