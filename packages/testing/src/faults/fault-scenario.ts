import type { FileCall } from '@holdfast/fs'
import type { CrashDiskOptions } from '../crash/crash-file-system.ts'
import type { Operations } from '../crash/operation-log.ts'
import type { SimulatedProcess } from '../crash/simulated-process.ts'

/** What is disturbed, and what has to hold afterwards. */
export interface FaultScenario<Recovered> {
  /** Makes what is there before, all of it durable; on an empty disk when left out. */
  readonly prepare?: (process: SimulatedProcess) => Promise<void>
  /**
   * The work that meets with a fault. It has to bear it as a program would: say by
   * `process.acknowledge(operation)` what succeeded and by `process.refuse(operation)` what certainly did
   * not happen; and close what it has opened. A rejection is a failure.
   * @param fault Null where nothing will happen.
   */
  readonly workload: (process: SimulatedProcess, fault: PlannedFault | null) => Promise<void>
  /** What the program does when it starts again, without faults. */
  readonly recover: (process: SimulatedProcess) => Promise<Recovered>
  /** Throws where that is not what was promised. */
  readonly check: (recovered: Recovered, operations: Operations) => void
}

/** What is tried. */
export interface FaultOptions {
  /** Decides every draw; 1 when left out. */
  readonly seed?: number
  /** `once`: the call fails and the next one succeeds; `forever`: every later call of its kind fails too. Both, when left out. */
  readonly modes?: readonly FaultMode[]
  /** The errors to try at a call, of those that it can meet with; all of them when left out. */
  readonly errnos?: (possible: readonly string[], call: FileCall) => readonly string[]
  /** How many disks are tried after a power cut at the end of each run; 20 when left out, 0 for no power cut. */
  readonly cap?: number
  readonly disk?: CrashDiskOptions
  /** After how many failures to stop; 1 when left out. */
  readonly mostFailures?: number
}

/** How long a fault lasts. */
export type FaultMode = 'once' | 'forever'

/** One fault: what happens to which call. */
export interface PlannedFault {
  /** Counts the calls of the work. */
  readonly call: number
  /** The name of an error, or how many bytes a write takes. */
  readonly effect: string | number
  readonly mode: FaultMode
}
