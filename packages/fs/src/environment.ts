import { setTimeout as delay } from 'node:timers/promises'
import { currentInstance, livenessOf } from './instance.ts'
import type { Instance, Liveness } from './instance.ts'
import { randomToken } from './random-token.ts'
import { temporaryName } from './temporary-name.ts'

/** What file primitives need of the world besides the file system: time, chance, names, and who lives. */
export interface FileEnvironment {
  /** Wall clock, in milliseconds since 1970. */
  now(): number
  /** A clock that never goes back, in milliseconds. */
  monotonicMs(): number
  /** At least 0 and below 1: the jitter of retries. */
  random(): number
  /** 128 bits of randomness as 32 hexadecimal digits. */
  token(): string
  /** Waits; rejects when `signal` is aborted. It keeps the process alive: a write is under way. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  /** A fresh name for the temporary of a target called `base`, in the target's own directory. */
  temporaryName(base: string): string
  /** Whether `other` is certainly dead, alive, alive but stopped, or out of the sight of `self`. */
  livenessOf(other: Instance, self: Instance): Liveness
  /** How long this process has been running, in milliseconds. */
  uptimeMs(): number
}

/**
 * The real clock, randomness and names, with `parts` in their place where given. Without a
 * `temporaryName` of its own, the names are made of its `token`.
 */
export function fileEnvironment(parts: Partial<FileEnvironment> = {}): FileEnvironment {
  const environment: FileEnvironment = {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    random: () => Math.random(),
    token: randomToken,
    sleep: (durationMs, signal) => delay(durationMs, undefined, signal ? { signal } : {}),
    temporaryName: (base) => temporaryName(base, currentInstance(), environment.token()),
    livenessOf,
    uptimeMs: () => process.uptime() * 1000,
    ...parts,
  }
  return environment
}

/** The real clock, randomness and names. */
export const systemFileEnvironment: FileEnvironment = fileEnvironment()
