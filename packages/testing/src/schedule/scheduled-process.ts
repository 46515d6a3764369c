import { interceptFileSystem, type FileCall, type MaybePromise } from '@holdfast/fs'
import type { CrashFileSystem } from '../crash/crash-file-system.ts'
import type { ProcessWork } from './schedule-scenario.ts'
import { SimulatedProcess, type SimulatedProcessParts } from '../crash/simulated-process.ts'

/** A call that waits until the process may go on. */
interface ParkedCall {
  readonly call: FileCall
  readonly proceed: (data?: Uint8Array) => MaybePromise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

interface Sleeper {
  readonly wakeUs: number
  readonly wake: () => void
}

/** A process that makes no call, and wakes from no sleep, before it is told to go on. */
export class ScheduledProcess {
  readonly id: number
  readonly process: SimulatedProcess
  state: 'running' | 'ended' | 'failed' | 'killed' = 'running'
  /** Why it failed. */
  error: unknown = null
  /** It is not chosen before so many other decisions. */
  pausedFor = 0
  readonly #system: CrashFileSystem
  readonly #onCall: (id: number, call: FileCall) => void
  #budget = 0
  #parked: ParkedCall[] = []
  #sleepers: Sleeper[] = []
  #events: (() => void)[] = []

  constructor(
    system: CrashFileSystem,
    parts: Omit<SimulatedProcessParts, 'fileSystem' | 'clock' | 'sleep'>,
    onCall: (id: number, call: FileCall) => void,
  ) {
    this.id = parts.id
    this.#system = system
    this.#onCall = onCall
    const own = interceptFileSystem(system, (call, proceed) => this.#intercept(call, proceed))
    this.process = new SimulatedProcess({
      ...parts,
      fileSystem: own,
      clock: system.disk.clock,
      sleep: (durationMs) => this.#sleep(durationMs),
    })
  }

  /** Begins `work`, up to its first call. */
  start(work: ProcessWork): void {
    void this.#work(work)
  }

  async #work(work: ProcessWork): Promise<void> {
    try {
      await work(this.process)
      this.#end('ended')
    } catch (error) {
      if (this.state === 'running') this.error = error
      this.#end('failed')
    }
  }

  /** What the dead do is nobody's business. */
  #end(state: 'ended' | 'failed'): void {
    if (this.state === 'running') this.state = state
  }

  /** Whether it has something to do, now that it is `nowUs`. */
  get canRun(): boolean {
    return (
      this.isParked || this.#sleepers.some(({ wakeUs }) => wakeUs <= this.#system.disk.clock.nowUs)
    )
  }

  /** Whether a call waits. */
  get isParked(): boolean {
    return this.#parked.length > 0 || this.#events.length > 0
  }

  /** When it wakes next; null where it does not sleep. */
  get wakesAtUs(): number | null {
    const times = this.#sleepers.map(({ wakeUs }) => wakeUs)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Lets it make `calls` calls; they are made at once, but for those that wait for something else. */
  run(calls: number): void {
    const due = this.#sleepers.filter(({ wakeUs }) => wakeUs <= this.#system.disk.clock.nowUs)
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper))
    for (const { wake } of due) wake()
    for (const event of this.#events.splice(0)) event()
    this.#budget = calls
    while (this.#budget > 0) {
      const parked = this.#parked.shift()
      if (parked === undefined) return
      this.#budget -= 1
      this.#make(parked)
    }
  }

  /** Makes it wait at its next call. */
  hold(): void {
    this.#budget = 0
  }

  /** Ends it; of a write that it is about to make the first `bytes` bytes are still made. */
  kill(bytes: number): void {
    this.state = 'killed'
    const [next] = this.#parked
    if (next?.call.method === 'write' && bytes > 0) {
      try {
        void next.proceed(next.call.data.subarray(0, bytes))
      } catch {
        // There was no room; the dead are not told.
      }
    }
    this.#parked = []
    this.#sleepers = []
    this.#events = []
  }

  /** How many bytes the write has that it is about to make; 0 where it is about to do something else. */
  get nextWriteBytes(): number {
    const call = this.#parked[0]?.call
    return call?.method === 'write' ? call.data.length : 0
  }

  #intercept(
    call: FileCall,
    proceed: (data?: Uint8Array) => MaybePromise<unknown>,
  ): MaybePromise<unknown> {
    if (this.state !== 'running') return new Promise(() => undefined) // the dead are never answered
    // Hints come when the process is next told to go on.
    if (call.method === 'watch') {
      return this.#system.watch(call.path, () => this.#events.push(call.listener))
    }
    if (this.#budget > 0 && this.#parked.length === 0) {
      this.#budget -= 1
      this.#onCall(this.id, call)
      return proceed()
    }
    return new Promise((resolve, reject) => {
      this.#parked.push({ call, proceed, resolve, reject })
    })
  }

  #make({ call, proceed, resolve, reject }: ParkedCall): void {
    this.#onCall(this.id, call)
    try {
      resolve(proceed())
    } catch (error) {
      reject(error)
    }
  }

  #sleep(durationMs: number): Promise<void> {
    // Whole microseconds, as the clock counts: else it would never be late enough.
    const wakeUs = this.#system.disk.clock.nowUs + Math.ceil(durationMs * 1000)
    return new Promise((resolve) => {
      if (this.state === 'running') this.#sleepers.push({ wakeUs, wake: resolve })
    })
  }
}
