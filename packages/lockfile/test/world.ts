import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { systemEnvironment, type Backend, type Environment } from '@holdfast/core'
import { currentInstance, type FileSystem, type Instance } from '@holdfast/fs'
import { onTestFinished } from 'vitest'
import { openLockfileBackend, type LockContextParts, type LockfileOptions } from '../src/index.ts'
import { Hold } from '../src/hold.ts'
import { lockContext } from '../src/lock-context.ts'
import { LockPlace } from '../src/lock-place.ts'
import { StateLock } from '../src/state-lock.ts'
import type { LockKind } from '../src/ticket-name.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A process that is not this one. */
export const processes: Record<
  'dead' | 'reused' | 'beforeBoot' | 'otherContainer' | 'otherHost',
  Partial<Instance>
> = {
  /** No system gives out such a pid (pid_max is at most 2^22). */
  dead: { pid: 4_194_305 },
  /** A later process has the same pid by now: this one. */
  reused: { startedAt: '1' },
  beforeBoot: { bootId: '00000000' },
  otherContainer: { pidNamespace: '00000000' },
  otherHost: { host: '00000000' },
}

/** A directory, and a world whose clocks can be put forward and back; waiting takes no time in it. */
export class World {
  readonly directory: string = temporaryFolder()
  readonly #startedMs: number = performance.now()
  #stoppedAtMs: number | null = null
  /** How far the wall clock is from the real one. */
  wallOffsetMs = 0
  /** How far the monotonic clock is ahead. */
  aheadMs = 0
  /** Called before each wait. */
  onSleep: () => unknown = () => undefined

  get environment(): Environment {
    return {
      ...systemEnvironment,
      now: () => Date.now() + this.wallOffsetMs + this.aheadMs,
      monotonicMs: () => (this.#stoppedAtMs ?? performance.now()) + this.aheadMs,
    }
  }

  /** From now on no time goes by but what is waited. */
  stopClock(): void {
    this.#stoppedAtMs = performance.now()
  }

  /** How much time has gone by in this world. */
  get elapsedMs(): number {
    return this.environment.monotonicMs() - this.#startedMs
  }

  /** What a process of this world is made of. */
  parts(instance: Partial<Instance> = {}, fileSystem?: FileSystem): LockContextParts {
    return {
      environment: this.environment,
      instance: { ...currentInstance(), ...instance },
      files: {
        sleep: async (durationMs, signal) => {
          signal?.throwIfAborted()
          await this.onSleep()
          await setImmediate()
          this.aheadMs += durationMs
        },
      },
      host: 'vm',
      command: 'node bot.js',
      ...(fileSystem === undefined ? {} : { fileSystem }),
    }
  }

  /** The lock of `trading` as a process sees it. */
  lock(instance: Partial<Instance> = {}, fileSystem?: FileSystem): StateLock {
    const context = lockContext(this.parts(instance, fileSystem))
    return new StateLock(
      new LockPlace('trading', join(this.directory, 'trading.journal'), 3000, context),
    )
  }

  async backend(
    options: Partial<LockfileOptions> = {},
    parts: LockContextParts = this.parts(),
  ): Promise<Backend> {
    const { directory } = this
    const backend = await openLockfileBackend(
      { directory, durability: 'process', mode: 'exclusive', ...options },
      parts,
    )
    onTestFinished(() => backend.close().catch(() => undefined))
    return backend
  }

  /** The directory of the lock and what is in it, the tickets' names shortened to their kinds. */
  litter(): string[] {
    const home = join(this.directory, 'trading.lock')
    if (!existsSync(home)) return []
    const names = readdirSync(home, { recursive: true })
      .map((path) => String(path).replaceAll(/[\da-z]{9}\.([sx])\.[\da-z-]+\.[\da-f]{16}/g, '$1'))
      .toSorted()
    return ['.', ...names]
  }
}

/** Takes the lock without waiting; fails where it is another's. */
export async function mustHold(lock: StateLock, kind: LockKind = 'exclusive'): Promise<Hold> {
  const result = await lock.acquire({ kind, mayWait: () => false })
  if (!(result instanceof Hold)) throw new Error(`held: ${JSON.stringify(result)}`)
  return result
}

/** Whether the lock is refused to somebody who does not wait, or only as long as `forMs`. */
export async function isRefused(lock: StateLock, forMs = 0): Promise<boolean> {
  const result = await lock.acquire({
    kind: 'exclusive',
    mayWait: ({ isDoubtful }, waitedMs) => isDoubtful || waitedMs < forMs,
  })
  if (!(result instanceof Hold)) return true
  await result.release()
  return false
}
