import { join } from 'node:path'
import { hasCode, isTransientUse, withRetries, type FileStat } from '@holdfast/fs'
import type { FileContext } from './file-context.ts'
import type { FileTarget } from './file-target.ts'
import { cannotLink, keepCopy } from './keep-copy.ts'
import { statFile } from './read-document.ts'

/** Takes a rotation back. */
export type Undo = () => Promise<void>

type Durability = 'power' | 'process'

/**
 * The previous generations of one state's file: `<file>.1` is the one before, `.2` the one before
 * that. Invariants:
 * 1. A rotation overwrites nothing for good: it shifts from the highest number down, and the only
 *    generation there is gets a second name first. What is one too many is removed after the new
 *    document is in place. So whichever part of it a crash leaves, a generation is there, and a
 *    rotation can be taken back.
 * 2. The current file is never missing: `.1` becomes another name for it, it does not move.
 * 3. Only what this process wrote or verified, and found unchanged under the lock, is rotated.
 */
export class Generations {
  readonly #target: FileTarget
  readonly #context: FileContext
  /** Null where the directory has to be read again. */
  #numbers: readonly number[] | null = null
  /** Whether generation 1 is a document that was found without an envelope; null: not looked at. */
  firstIsOriginal: boolean | null = null

  constructor(target: FileTarget, context: FileContext) {
    this.#target = target
    this.#context = context
  }

  /** The numbers that exist, newest first; none where the directory does not exist. */
  async list(): Promise<readonly number[]> {
    this.#numbers ??= this.#target.generationsIn(await this.#names())
    return this.#numbers
  }

  /** Reads the directory again at the next occasion: somebody else may have changed it. */
  forget(): void {
    this.#numbers = null
    this.firstIsOriginal = null
  }

  /**
   * Makes the current file, whose stat is `current`, generation 1 as well.
   * @returns what takes it back, to the last name, as long as the current file was not replaced.
   */
  async rotate(current: FileStat, durability: Durability): Promise<Undo> {
    const undo = await this.#rotate(current, durability)
    if (undo !== null) return undo
    this.forget()
    const again = await this.#rotate(current, durability)
    if (again !== null) return again
    throw new Error(`another program keeps changing the generations of ${this.#target.path}`)
  }

  /** Removes every generation above `keep`, but number `spared`. */
  async prune(keep: number, spared: number | null): Promise<void> {
    const numbers = await this.list()
    const isKept = (number: number): boolean => number <= keep || number === spared
    if (numbers.every(isKept)) return
    this.#numbers = null
    for (const number of numbers.toReversed()) {
      if (!isKept(number)) await this.#unlink(this.#target.generation(number))
    }
    this.#numbers = numbers.filter(isKept)
  }

  /** Null, with everything as it was, where somebody made or removed a generation by hand. */
  async #rotate(current: FileStat, durability: Durability): Promise<Undo | null> {
    const numbers = await this.list()
    // A crash, or a failed rename, after the last rotation: to rename one name of a file onto
    // another of its names does nothing (rename(2)), and to shift would keep it twice.
    if (await this.#isFirst(current, numbers)) return () => Promise.resolve()
    const gap = firstGap(numbers)
    const done: Undo[] = []
    const undo = async (): Promise<void> => {
      this.forget()
      for (const step of done.toReversed()) await step()
    }
    try {
      if (gap === 2) await this.#nameTwice(1, done)
      else for (let number = gap - 1; number >= 1; number -= 1) await this.#shift(number, done)
      await this.#keep(gap === 2, durability, done)
    } catch (error) {
      await undo().catch(() => null) // the first error is the one that tells what happened
      if (hasCode(error, 'EEXIST') || error instanceof GenerationGone) return null
      throw error
    }
    this.#numbers = [...numbers, gap].toSorted((a, b) => a - b)
    return undo
  }

  /** Moves a generation up by one; it can move back as long as its name stays free. */
  async #shift(number: number, done: Undo[]): Promise<void> {
    const [from, to] = [this.#target.generation(number), this.#target.generation(number + 1)]
    if (!(await this.#move(from, to))) throw new GenerationGone()
    done.push(async () => void (await this.#move(to, from)))
  }

  /** Gives a generation the next number as well; where there are no links, it moves there. */
  async #nameTwice(number: number, done: Undo[]): Promise<void> {
    const [from, to] = [this.#target.generation(number), this.#target.generation(number + 1)]
    try {
      await this.#context.fileSystem.link(from, to)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw new GenerationGone()
      if (!cannotLink(error)) throw error
      return await this.#shift(number, done)
    }
    done.push(async () => {
      await this.#move(to, from)
      // Still two names of one file, where it was not replaced yet: then that did nothing (rename(2)).
      await this.#unlink(to)
    })
  }

  /** Makes the current file generation 1 too, in the place of the one that is there if `isReplacing`. */
  async #keep(isReplacing: boolean, durability: Durability, done: Undo[]): Promise<void> {
    const { path, directory, base } = this.#target
    const first = this.#target.generation(1)
    if (!isReplacing) {
      await keepCopy(this.#context, this.#target, path, first, durability)
      done.push(async () => void (await this.#unlink(first)))
      return
    }
    const temporary = join(directory, this.#context.files.temporaryName(base))
    await keepCopy(this.#context, this.#target, path, temporary, durability)
    try {
      await this.#move(temporary, first)
    } catch (error) {
      await this.#unlink(temporary).catch(() => null) // the first error tells what happened
      throw error
    }
  }

  async #isFirst(current: FileStat, numbers: readonly number[]): Promise<boolean> {
    if (current.nlink < 2 || !numbers.includes(1)) return false
    const first = await statFile(this.#context.fileSystem, this.#target.generation(1))
    return first !== null && first.dev === current.dev && first.ino === current.ino
  }

  async #names(): Promise<string[]> {
    try {
      return await this.#context.fileSystem.readdir(this.#target.directory)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }
  }

  /** Renames; false where `from` is gone, which by hand it may be. */
  #move(from: string, to: string): Promise<boolean> {
    return this.#use('rename', to, () => this.#context.fileSystem.rename(from, to))
  }

  #unlink(path: string): Promise<boolean> {
    return this.#use('unlink', path, () => this.#context.fileSystem.unlink(path))
  }

  async #use(syscall: string, path: string, call: () => void | Promise<void>): Promise<boolean> {
    const { platform } = this.#context.fileSystem
    try {
      await withRetries(call, {
        path,
        syscall,
        environment: this.#context.files,
        isTransient: (error) => isTransientUse(platform, error),
      })
      return true
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    }
  }
}

/** A generation that the directory had when it was read is there no more. */
class GenerationGone extends Error {}

/** The lowest number that is free, from 1 on. */
function firstGap(numbers: readonly number[]): number {
  let gap = 1
  while (numbers.includes(gap)) gap += 1
  return gap
}
