import { createHash } from 'node:crypto'
import { systemFileEnvironment } from './environment.ts'
import type { FileEnvironment } from './environment.ts'
import type { FileSystem } from './file-system.ts'
import { formatInstance, parseInstance } from './instance.ts'
import type { Instance } from './instance.ts'
import { createLockFile, readLockFile } from './lock-file.ts'
import { quietly } from './quietly.ts'
import { removeFile } from './remove-file.ts'

/** The lock, held until `release()`. */
export interface CommitLock {
  readonly acquired: true
  /** Gives the lock up. Resolves with false where it was gone already: somebody removed it by hand. */
  release(): Promise<boolean>
}

/** The lock is another's. */
export interface CommitLockHeld {
  readonly acquired: false
  /** Who holds it, or null where the lock does not say: a crash during its making, or a foreign file. */
  readonly owner: Instance | null
}

const maxDepth = 3

/**
 * Takes the lock at `path`, absolute, for `self`, or tells who holds it; it does not wait. The lock of
 * a provably dead owner is taken over. A live owner is never robbed, however long it is paused:
 * exclusion does not depend on time. Meant to be held for a check and a rename.
 *
 * Taking over is exact. Each acquisition has its own token, T. Only who holds the lock named after T,
 * taken by this same function, removes a lock that says T, and only after reading T again under it.
 * So T cannot be replaced between that reading and the removal, and two that saw T dead cannot both
 * remove: the second one would remove its successor's lock.
 */
export async function acquireCommitLock(
  fs: FileSystem,
  path: string,
  self: Instance,
  environment: FileEnvironment = systemFileEnvironment,
): Promise<CommitLock | CommitLockHeld> {
  return acquire({ fs, self, environment }, path, 0)
}

interface Context {
  readonly fs: FileSystem
  readonly self: Instance
  readonly environment: FileEnvironment
}

async function acquire(
  context: Context,
  path: string,
  depth: number,
): Promise<CommitLock | CommitLockHeld> {
  const { fs, self, environment } = context
  const token = `${formatInstance(self)}.${environment.token().slice(0, 16)}`
  for (;;) {
    if (await createLockFile(fs, path, token)) {
      return { acquired: true, release: () => release(context, path, token) }
    }
    const found = await readLockFile(fs, path)
    if (found === null) continue
    const owner = parseInstance(found.split('.')[0] ?? '')
    if (owner === null || environment.livenessOf(owner, self) !== 'dead') {
      return { acquired: false, owner }
    }
    if (depth === maxDepth || !(await removeDead(context, path, found, depth))) {
      return { acquired: false, owner }
    }
  }
}

/** Whether the lock that says `dead` is gone; false while another breaker is at it. */
async function removeDead(
  context: Context,
  path: string,
  dead: string,
  depth: number,
): Promise<boolean> {
  const hash = createHash('sha256').update(dead).digest('hex').slice(0, 8)
  const breaker = await acquire(context, `${path}.${hash}`, depth + 1)
  if (!breaker.acquired) return false
  try {
    if ((await readLockFile(context.fs, path)) === dead) {
      await removeFile(context.fs, path, context)
    }
  } catch (error) {
    await quietly(() => breaker.release())
    throw error
  }
  await breaker.release()
  return true
}

async function release(context: Context, path: string, token: string): Promise<boolean> {
  if ((await readLockFile(context.fs, path)) !== token) return false
  await removeFile(context.fs, path, context)
  return true
}
