import type { Ledger } from './workload.ts'

/** One way of keeping a ledger on disk. */
export interface Contender {
  /** How it stands in the report. */
  readonly name: string
  /** What an acknowledged commit survives, by what its authors promise or its calls do. */
  readonly survives: 'power cut' | 'kill'
  /** Takes up `ledger`, which is its own from here on, in `directory`, which is empty. */
  open(directory: string, ledger: Ledger): Promise<Subject>
}

/** A contender at work on one ledger. */
export interface Subject {
  /** Makes the change that `step` stands for, and resolves when it is kept. */
  commit(step: number): Promise<void>
  /** Lets go of what is open. */
  close(): Promise<void>
}
