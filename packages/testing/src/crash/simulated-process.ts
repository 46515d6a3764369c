import type { Environment } from '@holdfast/core'
import {
  fileEnvironment,
  temporaryName,
  type FileEnvironment,
  type FileSystem,
  type Instance,
  type Liveness,
} from '@holdfast/fs'
import type { Clock } from './clock.ts'
import type { OperationLog, Operations } from './operation-log.ts'
import { SeededRandom } from './seeded-random.ts'

/** What a simulated process runs on. */
export interface SimulatedProcessParts {
  readonly fileSystem: FileSystem
  readonly clock: Clock
  readonly log: OperationLog
  readonly seed: number
  /** Counts the starts of the machine. */
  readonly boot: number
  /** Counts the processes of one boot. */
  readonly id: number
  /** Of another process of the same boot. */
  readonly isAlive?: (id: number) => boolean
  /** Left out, time goes by at once. */
  readonly sleep?: (durationMs: number) => Promise<void>
}

/**
 * A process of its own, with everything that a backend needs of the world: pass it where a backend
 * takes parts (`openFileBackend(options, process)`). Nothing in it is real: time, chance, identity and
 * the file system are the same in every run with the same seed.
 */
export class SimulatedProcess {
  readonly fileSystem: FileSystem
  readonly instance: Instance
  readonly environment: Environment
  readonly files: FileEnvironment
  readonly #log: OperationLog
  readonly #id: number

  constructor(parts: SimulatedProcessParts) {
    const { fileSystem, clock, log, seed, boot, id } = parts
    const random = new SeededRandom(seed, boot * 1000 + id + 3)
    const startedMs = clock.nowMs
    this.fileSystem = fileSystem
    this.#log = log
    this.#id = id
    this.instance = instanceOf(boot, id)
    this.environment = {
      now: () => Math.floor(clock.nowMs),
      monotonicMs: () => clock.nowMs - startedMs,
      after: () => () => undefined, // never: what waits must not be waited for
      token: () => random.token(),
      process: `simulated/${this.instance.pid}`,
    }
    const passTime = async (durationMs: number): Promise<void> => clock.advance(durationMs * 1000)
    this.files = fileEnvironment({
      now: () => this.environment.now(),
      monotonicMs: () => this.environment.monotonicMs(),
      random: () => random.below(1_000_000) / 1_000_000,
      token: () => random.token(),
      sleep: parts.sleep ?? passTime,
      temporaryName: (base) => temporaryName(base, this.instance, random.token()),
      livenessOf: (other) => livenessOf(other, this.instance, parts.isAlive ?? (() => false)),
      uptimeMs: () => clock.nowMs - startedMs,
    })
  }

  /** What any process has begun and acknowledged so far; goes on as they do. */
  get operations(): Operations {
    return this.#log
  }

  /** Says that `operation` begins: from here on it may be found after a crash. */
  begin(operation: string): void {
    this.#log.begin(operation, this.#id)
  }

  /** Says that `operation` failed, and promised to leave no trace: it must never be found. */
  refuse(operation: string): void {
    this.#log.refuse(operation)
  }

  /** Says that `operation` was acknowledged: from here on it has to be found after a crash. */
  acknowledge(operation: string): void {
    this.#log.acknowledge(operation, this.#id)
  }
}

function instanceOf(boot: number, id: number): Instance {
  const bootId = `boot${String(boot).padStart(4, '0')}`
  return {
    host: 'simulate',
    pid: 100 + id,
    startedAt: String(1000 + id),
    bootId,
    pidNamespace: 'simulate',
  }
}

function livenessOf(other: Instance, self: Instance, isAlive: (id: number) => boolean): Liveness {
  if (other.host !== self.host) return 'unknown'
  if (other.bootId !== self.bootId) return 'dead'
  return other.pid === self.pid || isAlive(other.pid - 100) ? 'alive' : 'dead'
}
