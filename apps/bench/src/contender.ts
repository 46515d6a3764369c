import type { Ledger } from './workload.ts'

/** One way of keeping a ledger on disk. */
export interface Contender {
  /** How it stands in the report. */
  readonly name: string
  /** What an acknowledged operation survives, by what its authors promise or its calls do. */
  readonly survives: 'power cut' | 'kill' | ''
  /** Whether an operation costs what the document weighs, so that few of them have to be enough. */
  readonly isHeavy?: boolean
  /** Takes up `ledger`, which is its own from here on, in `directory`, which is empty. */
  open(directory: string, ledger: Ledger): Promise<Subject>
}

/** A contender at work on one ledger. */
export interface Subject {
  /** Does the `step`-th operation of a run; resolves when it is done, and a change is kept. */
  commit(step: number): Promise<void>
  /** Lets go of what is open. */
  close(): Promise<void>
}
