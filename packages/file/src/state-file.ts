import type { Version } from '@holdfast/core'
import type { CommitLock, Directory } from '@holdfast/fs'
import type { FileContext } from './file-context.ts'
import { isSameFile, type FileIdentity } from './file-identity.ts'
import type { CheckedFileOptions } from './file-options.ts'
import type { FileTarget } from './file-target.ts'
import { Generations } from './generations.ts'

/** What this process last saw in the file, and so what the next commit may replace. */
export interface Seen {
  readonly content: 'absent' | 'envelope' | 'bare' | 'recovered'
  /** Null where there is no file. */
  readonly identity: FileIdentity | null
  readonly fingerprint: string | null
  /** In this process's count, which never repeats a number for other content. */
  readonly version: Version
  readonly schema: number
  readonly savedAt: string | null
  readonly writer: string | null
  /** The damaged files that a `recovered` document was taken in spite of. */
  readonly damaged: readonly string[]
}

/** One handle's view: the name and options that it was opened with. */
export interface Handle {
  readonly name: string
  readonly options: CheckedFileOptions
  /** The life of the state that its version belongs to; null before it has learned one. */
  life: number | null
}

/**
 * One state's file as this process knows it: all handles on it share one of these, whatever spelling
 * they were opened by. It holds one queue, what was last seen, and the open directory.
 */
export class StateFile {
  readonly target: FileTarget
  readonly context: FileContext
  readonly generations: Generations
  /** Null until the file was read, and after reading it failed for the first time. */
  seen: Seen | null = null
  /** Counts how often the state ceased to exist: versions of different lives have nothing in common. */
  life = 0
  /** Opened by the first commit. */
  directory: Directory | null = null
  /** A commit lock whose release failed: this process still holds it. */
  unreleased: CommitLock | null = null
  /** `dev:ino` of the directory; null while it does not exist. */
  directoryKey: string | null
  #turns: Promise<unknown> = Promise.resolve()
  readonly #listeners = new Map<() => void, Handle>()

  constructor(target: FileTarget, context: FileContext, directoryKey: string | null) {
    this.target = target
    this.context = context
    this.directoryKey = directoryKey
    this.generations = new Generations(target, context)
  }

  /** Runs `work` when all that was asked before has settled: one at a time, in call order. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#turns.then(work)
    this.#turns = result.catch(() => null) // told to whoever asked for that one
    return result
  }

  /**
   * Remembers what `handle` has just read. What is new gets a version above all that any handle has
   * seen, even where the file itself says less (a restored backup, an edit by hand, a bare document):
   * one version never stands for two contents.
   */
  take(handle: Handle, found: Seen): Seen {
    const previous = this.seen
    const isKnown =
      previous !== null &&
      previous.content === found.content &&
      (isSameFile(previous.identity, found.identity) || previous.fingerprint === found.fingerprint)
    this.seen = isKnown
      ? { ...previous, identity: found.identity }
      : { ...found, version: versionAfter(previous, found) }
    if (!isKnown) {
      this.generations.forget()
      if (previous !== null && found.content === 'absent') this.life += 1
      if (previous !== null) this.hintOthers(handle)
    }
    handle.life = this.life
    return this.seen
  }

  /** Whether `handle` stands at `version` of the state's present life; nothing is the same in each. */
  isAt(handle: Handle, seen: Seen, version: Version): boolean {
    const isSameLife = handle.life === null || handle.life === this.life
    return seen.version === version && (isSameLife || seen.content === 'absent')
  }

  /** Calls `listener` when another handle than `handle` has committed, removed, or found a change. */
  listen(handle: Handle, listener: () => void): Disposable {
    const own = (): void => listener()
    this.#listeners.set(own, handle)
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) }
  }

  /** Hints to every handle but `handle`, later: no listener can disturb what is under way. */
  hintOthers(handle: Handle): void {
    for (const [listener, owner] of this.#listeners) {
      if (owner === handle) continue
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener()
      })
    }
  }

  /** Ends every hint to `handle`. */
  forgetHandle(handle: Handle): void {
    for (const [listener, owner] of this.#listeners) {
      if (owner === handle) this.#listeners.delete(listener)
    }
  }

  /** Waits for the last turn, and gives back the directory, and a lock that is still held. */
  async close(): Promise<void> {
    await this.#turns
    const directory = this.directory
    this.directory = null
    await directory?.close()
    await this.unreleased?.release()
  }
}

function versionAfter(previous: Seen | null, found: Seen): Version {
  if (previous === null || found.content === 'absent') return found.version
  return Math.max(found.version, previous.version + 1)
}
