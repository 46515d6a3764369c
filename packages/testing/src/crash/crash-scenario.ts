import type { CrashDiskOptions } from './crash-file-system.ts'
import type { DigestSet } from './digest-set.ts'
import type { Operations } from './operation-log.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What is crashed, and what has to hold afterwards. */
export interface CrashScenario<Recovered> {
  /** Makes what is there before, all of it durable; on an empty disk when left out. */
  readonly prepare?: (process: SimulatedProcess) => Promise<void>
  /**
   * The work that the power fails in, at every call. It says by `process.begin(operation)` and
   * `process.acknowledge(operation)` what may be found afterwards and what has to be.
   */
  readonly workload: (process: SimulatedProcess) => Promise<void>
  /**
   * What the program does when it starts again; it may write, and begin and acknowledge operations. The
   * power fails in it as well. It has to end all that it began.
   */
  readonly recover: (process: SimulatedProcess) => Promise<Recovered>
  /** Throws where what was recovered is not what was promised. */
  readonly check: (recovered: Recovered, operations: Operations) => void
}

/** How far to go. */
export interface CrashOptions {
  /** Decides every draw; 1 when left out. */
  readonly seed?: number
  /** How many images are tried at each point; of more so many are drawn. 1,000 when left out. */
  readonly cap?: number
  /** How many crashes follow one another: 2, when left out, is one in the work and one in the recovery. */
  readonly depth?: number
  /** How the disk behaves. */
  readonly disk?: CrashDiskOptions
  /** Whether a torn piece of a write can come out as garbage too; false when left out. */
  readonly garbage?: boolean
  /** After how many failures to stop; 1 when left out. */
  readonly mostFailures?: number
  /** States that were explored before, by the same scenario with another work. */
  readonly seen?: DigestSet
  /** Is asked before each state; true ends the exploration. */
  readonly isOver?: () => boolean
}
