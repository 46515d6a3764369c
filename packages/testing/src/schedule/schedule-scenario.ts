import type { CrashDiskOptions } from '../crash/crash-file-system.ts'
import type { OperationLog } from '../crash/operation-log.ts'
import type { SimulatedProcess } from '../crash/simulated-process.ts'

/** What one process does, from its start to its end. */
export type ProcessWork = (process: SimulatedProcess) => Promise<void>

/** What several processes do on one machine, and what has to hold afterwards. */
export interface ScheduleScenario<Recovered> {
  /** Makes what is there before, all of it durable; on an empty disk when left out. */
  readonly prepare?: (process: SimulatedProcess) => Promise<void>
  /**
   * What each process does. It may use nothing of the real world: a process that waits for a real timer,
   * thread or file is an error. One that rejects fails the schedule.
   */
  readonly processes: readonly ProcessWork[]
  /** What a process finds that comes after all of them, and after a power cut if there was one. */
  readonly recover: (process: SimulatedProcess) => Promise<Recovered>
  /** Throws where that is not what was promised. */
  readonly check: (recovered: Recovered, operations: OperationLog) => void
}

/** How many schedules are tried, and of which kind. */
export interface ScheduleOptions {
  /** Decides every draw; 1 when left out. */
  readonly seed?: number
  /** How many are tried; 1,000 when left out. */
  readonly schedules?: number
  /** How many processes are killed at most in one schedule; 1 when left out. Each may be begun again. */
  readonly kills?: number
  /** How often a process is paused for long at most, in one schedule; 2 when left out. */
  readonly pauses?: number
  /** Whether the power fails in some; true when left out. */
  readonly powerCuts?: boolean
  readonly disk?: CrashDiskOptions
  /** More calls than so many mean that a schedule does not end: 20,000 when left out. */
  readonly mostCalls?: number
  /** After how many failures to stop; 1 when left out. */
  readonly mostFailures?: number
  /** Is asked before each schedule; true ends the exploration. */
  readonly isOver?: () => boolean
}
