import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Which process this is, among all that may ever touch a file: a pid alone is reused, by the next
 * boot, by the next container. `host`, `bootId` and `pidNamespace` are 40-bit fingerprints: they are
 * compared, never shown.
 */
export interface Instance {
  readonly host: string
  readonly pid: number
  /** The kernel's start time of the process, in clock ticks since boot; null where it has none. */
  readonly startedAt: string | null
  readonly bootId: string | null
  readonly pidNamespace: string | null
}

let current: Instance | undefined

/** This process. */
export function currentInstance(): Instance {
  current ??= {
    host: fingerprint(
      `${hostname()}\0${attempt(() => readFileSync('/etc/machine-id', 'utf8')) ?? ''}`,
    ),
    pid: process.pid,
    startedAt: processStat('self')?.startedAt ?? null,
    bootId: orNull(attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))),
    pidNamespace: orNull(attempt(() => readlinkSync('/proc/self/ns/pid'))),
  }
  return current
}

/**
 * The instance as a token of at most 64 characters, all of them safe in file names, upper case not
 * among them. Base 36 throughout: with it a commit lock stays below 60 bytes, which ext4 keeps in
 * the inode.
 */
export function formatInstance(instance: Instance): string {
  const { pid, startedAt, host, bootId, pidNamespace } = instance
  const started = startedAt === null ? '' : Number(startedAt).toString(36)
  return [pid.toString(36), started, host, bootId ?? '', pidNamespace ?? ''].join('-')
}

const tokenPattern =
  /^([1-9a-z][\da-z]{0,6})-([\da-z]{0,10})-([\da-z]{8})-([\da-z]{8}|)-([\da-z]{8}|)$/

/** What `formatInstance` was given, or null where `token` is not its work. */
export function parseInstance(token: string): Instance | null {
  const [, pid, startedAt, host, bootId, pidNamespace] = tokenPattern.exec(token) ?? []
  if (pid === undefined || host === undefined) return null
  return {
    host,
    pid: Number.parseInt(pid, 36),
    startedAt: startedAt ? String(Number.parseInt(startedAt, 36)) : null,
    bootId: bootId || null,
    pidNamespace: pidNamespace || null,
  }
}

/**
 * Whether `other` can do nothing any more, beyond doubt: it ran on this host and in this pid
 * namespace, and its pid is gone or belongs to a later process; or this host has been booted since.
 * Where that cannot be known (another host, another container, no /proc) the answer is false.
 */
export function isProvablyDead(other: Instance, self: Instance): boolean {
  return livenessOf(other, self) === 'dead'
}

/** What one process can tell of another. */
export type Liveness = 'dead' | 'alive' | 'stopped' | 'unknown'

/**
 * Whether `other` is certainly dead, certainly alive, alive but stopped (by SIGSTOP, or by a tracer), so
 * that it does nothing before somebody lets it go on, or out of this process's sight.
 */
export function livenessOf(other: Instance, self: Instance): Liveness {
  if (other.host !== self.host) return 'unknown'
  if (other.bootId !== null && self.bootId !== null && other.bootId !== self.bootId) return 'dead'
  if (other.bootId !== self.bootId || other.pidNamespace !== self.pidNamespace) return 'unknown'
  // Without /proc a Linux process cannot tell its own pid namespace from another.
  if (process.platform === 'linux' && self.pidNamespace === null) return 'unknown'
  if (!isPidTaken(other.pid)) return 'dead'
  const stat = processStat(other.pid)
  if (stat === null || other.startedAt === null) return 'unknown'
  if (stat.startedAt !== other.startedAt || stat.isGone) return 'dead'
  return stat.isStopped ? 'stopped' : 'alive'
}

function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

interface ProcessStat {
  readonly startedAt: string
  readonly isGone: boolean
  readonly isStopped: boolean
}

/**
 * proc_pid_stat(5). A zombie counts as gone once it is its process's last thread: until then another
 * thread may still be inside a system call.
 */
function processStat(pid: number | 'self'): ProcessStat | null {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (text === null) return null
  // The second field is the program's name in parentheses, and may itself hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, threads, startedAt] = [fields[0], fields[17], fields[19]]
  if (state === undefined || startedAt === undefined) return null
  const isGone = (state === 'Z' || state === 'X') && Number(threads) <= 1
  return { startedAt, isGone, isStopped: state === 'T' || state === 't' }
}

function fingerprint(text: string): string {
  const hash = createHash('sha256').update(text.trim()).digest('hex')
  return BigInt(`0x${hash.slice(0, 10)}`)
    .toString(36)
    .padStart(8, '0')
}

function orNull(text: string | null): string | null {
  return text === null ? null : fingerprint(text)
}

/** What a probe of the platform gives, or null where the platform does not have it. */
function attempt(probe: () => string): string | null {
  try {
    return probe()
  } catch {
    return null
  }
}
