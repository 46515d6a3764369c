import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a sweep works: a folder of its own. */
export class SweepPlace implements Disposable {
  /** The folder. */
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-sweep-')))
  /** Where strace writes. */
  readonly trace: string = join(this.folder, 'trace')
  /** Where the states are. */
  readonly directory: string = join(this.folder, 'place', 'state')
  /** What every run finds there; null: nothing. */
  #leftover: string | null = null

  constructor() {
    this.reset()
  }

  /** From now on every run finds what is there now. */
  keepAsLeftover(): void {
    const leftover = join(this.folder, 'leftover')
    cpSync(this.directory, leftover, { recursive: true, verbatimSymlinks: true })
    this.#leftover = leftover
  }

  /** Puts everything as it was before the first run. */
  reset(): void {
    const { directory } = this
    rmSync(join(directory, '..'), { recursive: true, force: true })
    mkdirSync(join(directory, '..'))
    if (this.#leftover === null) return
    cpSync(this.#leftover, directory, { recursive: true, verbatimSymlinks: true })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
