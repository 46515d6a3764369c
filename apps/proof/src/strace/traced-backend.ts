import { systemEnvironment, type Backend } from '@holdfast/core'
import { openFileBackend } from '@holdfast/file'
import { currentInstance, temporaryName } from '@holdfast/fs'
import { openJournalBackend } from '@holdfast/journal'
import { openLockfileBackend } from '@holdfast/lockfile'

/** What is swept: a backend, and how it is opened. */
export const tracedBackends = [
  'file',
  'journal',
  'journal that compacts',
  'lockfile',
  'lockfile that owns',
] as const

/** One of `tracedBackends`. */
export type TracedBackend = (typeof tracedBackends)[number]

/** How many tokens were drawn since `resetNames`. */
let tokens = 0

/** From here on the names of temporaries are drawn anew: those of one process are the same each time. */
export function resetNames(): void {
  tokens = 0
}

/** What the clock on the wall says, always: some names are made of it. */
const time = Date.parse('2026-11-22T10:00:00.000Z')

/** How long after a kill another process begins, and how coarse the times of files may be. */
const pauseMs = 3000

type Parts = Parameters<typeof openLockfileBackend>[1]

const openers: Readonly<
  Record<TracedBackend, (directory: string, parts: Parts) => Promise<Backend>>
> = {
  file: (directory, parts) => openFileBackend({ directory }, parts),
  journal: (directory, parts) => openJournalBackend({ directory }, parts),
  'journal that compacts': (directory, parts) =>
    openJournalBackend(
      { directory, compactAfterBytes: 1, compactAfterRatio: 0.01, keep: 0 },
      parts,
    ),
  lockfile: (directory, parts) => openLockfileBackend({ directory }, parts),
  'lockfile that owns': (directory, parts) =>
    openLockfileBackend({ directory, mode: 'exclusive' }, parts),
}

/**
 * Opens a backend in `directory` whose files have names that can be told in advance, and whose waits
 * are over at once: its clock goes on by what was waited. With `isLater` as a process would that was
 * started a while after the last file was written.
 */
export function openTraced(
  backend: TracedBackend,
  directory: string,
  isLater: boolean,
): Promise<Backend> {
  let waitedMs = 0
  const monotonicMs = (): number => performance.now() + waitedMs
  return openers[backend](directory, {
    environment: { ...systemEnvironment, monotonicMs, now: () => time },
    files: {
      now: () => Date.now() + (isLater ? pauseMs : 0),
      ...(isLater ? { uptimeMs: () => 0 } : {}),
      token: nextToken,
      temporaryName: (base: string) => temporaryName(base, currentInstance(), nextToken()),
      sleep: (durationMs: number) => {
        waitedMs += durationMs
        return Promise.resolve()
      },
    },
  })
}

function nextToken(): string {
  tokens += 1
  return tokens.toString(16).padStart(8, '0').repeat(4)
}
