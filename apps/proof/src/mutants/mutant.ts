import type { FileSystem, Intercept } from '@holdfast/fs'

/** A line of a package's source, and what stands there in the mutant. */
export interface SourceEdit {
  /** The end of the file's path. */
  readonly file: string
  /** Has to be found exactly once. */
  readonly find: string
  readonly replace: string
}

/** How a mutant is hunted. */
type Hunt =
  | 'crashes'
  | 'overlaps'
  | 'behind'
  | 'schedules'
  | 'appends'
  | 'claims'
  | 'faults'
  | 'compaction'

/** A backend with one bug, that has to be caught. */
export interface Mutant {
  readonly name: string
  /** What is wrong with it. */
  readonly bug: string
  readonly backend: 'file' | 'journal'
  readonly hunt: Hunt
  /** The classes of failure of which one has to come out. */
  readonly expected: readonly string[]
  /** The bug as calls that come out other than asked, made anew for each process. */
  readonly disturbance?: (fileSystem: FileSystem) => Intercept
  /** The bug as other source. */
  readonly edits?: readonly SourceEdit[]
}
