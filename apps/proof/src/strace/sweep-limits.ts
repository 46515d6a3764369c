import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SweepPlace } from './sweep-place.ts'
import type { TracedBackend } from './traced-backend.ts'
import { TracedProcess } from './traced-process.ts'
import { judgeState, litterIn } from './verdict.ts'

/** A limit, and what came of it. */
export interface LimitOutcome {
  /** The bytes that a file may have, or the pages that are free. */
  readonly limit: number
  /** How many saves failed. */
  readonly refused: number
  /** What should not be. */
  readonly problems: readonly string[]
}

/**
 * Saves under limits on the size of files (RLIMIT_FSIZE: a write is cut short at the limit, and the next
 * one is EFBIG); then without.
 */
export async function sweepFileSizes(
  kind: TracedBackend,
  place: SweepPlace,
  limits: readonly number[],
): Promise<LimitOutcome[]> {
  const process = await TracedProcess.start()
  const limitTo = (bytes: number | 'unlimited'): void => {
    execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}:unlimited`])
  }
  try {
    const outcomes: LimitOutcome[] = []
    for (const limit of limits) {
      place.reset()
      const raise = (): void => limitTo('unlimited')
      outcomes.push(await tryLimit(kind, place, process, limit, () => limitTo(limit), raise))
    }
    return outcomes
  } finally {
    await process.stop()
  }
}

const pageBytes = 4096
const diskPages = 64

/** Saves on a small disk with so many free pages; then with more. Needs the right to mount. */
export async function sweepFreePages(
  kind: TracedBackend,
  place: SweepPlace,
  limits: readonly number[],
): Promise<LimitOutcome[]> {
  const process = await TracedProcess.start()
  const disk = dirname(place.directory)
  const ballast = join(disk, 'ballast')
  try {
    const outcomes: LimitOutcome[] = []
    for (const limit of limits) {
      place.reset()
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskPages * pageBytes}`, 'none', disk])
      try {
        const fill = (): void => {
          writeFileSync(ballast, Buffer.alloc((diskPages - limit) * pageBytes))
        }
        const free = (): void => rmSync(ballast)
        outcomes.push(await tryLimit(kind, place, process, limit, fill, free))
      } finally {
        execFileSync('umount', [disk])
      }
    }
    return outcomes
  } finally {
    await process.stop()
  }
}

async function tryLimit(
  kind: TracedBackend,
  place: SweepPlace,
  process: TracedProcess,
  limit: number,
  begin: () => void,
  end: () => void,
): Promise<LimitOutcome> {
  begin()
  const during = await process.run(kind, place.directory)
  end()
  const after = await process.goOn()
  const failures = during.steps.flatMap(({ failure }) => failure ?? [])
  mkdirSync(place.directory, { recursive: true })
  const problems = [
    ...failures.flatMap(({ code, errnos, message }) =>
      code === 'NO_SPACE' && errnos.length > 0 ? [] : [`not told as NO_SPACE: ${code} ${message}`],
    ),
    ...after.steps.flatMap(({ step, failure }) =>
      failure === null ? [] : [`the ${step} after it failed: ${failure.message}`],
    ),
    ...(await judgeState(kind, place.directory, [...during.steps, ...after.steps])),
    ...litterIn(place.directory, true),
  ]
  return { limit, refused: failures.length, problems }
}
