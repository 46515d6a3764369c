import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run } from './benchmark.ts'
import type { Contender, Subject } from './contender.ts'
import type { Contest, Side } from './contest.ts'
import type { Effort } from './effort.ts'
import { shuffled, type Random } from './random.ts'
import type { Size } from './size.ts'

/** What one contender took at one size: a list of durations in milliseconds for each round. */
export interface Measurement extends Side {
  readonly roundsMs: readonly (readonly number[])[]
}

interface Runner extends Side {
  readonly subject: Subject
  readonly folder: FileHandle
  readonly samplesMs: number[]
}

/**
 * Runs every contender of `contest` at every size, in new folders. Within a round the contenders
 * take turns, operation by operation and in random order, so that a busy moment of the machine falls
 * on all of them alike.
 */
export async function race(contest: Contest, run: Run): Promise<Measurement[]> {
  const { share = 1 } = contest
  const operations = Math.max(1, Math.round(run.effort.operations * share))
  const effort = { ...run.effort, operations, warmUp: Math.ceil(operations / 2) }
  const measurements: Measurement[] = []
  for (const heat of contest.heats) {
    const rounds: Runner[][] = []
    for (let round = 0; round < effort.rounds; round++) {
      const runners = await startAll(contest.contenders, heat, effort, run.directory)
      await takeTurns(runners, effort, run.random)
      await rm(run.directory, { recursive: true })
      rounds.push(runners)
    }
    for (const [index, { contender, size }] of (rounds[0] ?? []).entries()) {
      const roundsMs = rounds.map((runners) => runners[index]?.samplesMs ?? [])
      measurements.push({ contender, size, roundsMs })
    }
  }
  return measurements
}

async function startAll(
  contenders: readonly Contender[],
  heat: readonly Size[],
  effort: Effort,
  place: string,
): Promise<Runner[]> {
  const runners: Runner[] = []
  for (const size of heat) {
    for (const contender of contenders) {
      const directory = join(place, `${runners.length}`)
      await mkdir(directory, { recursive: true })
      const subject = await contender.open(directory, size.create(effort.shrink))
      const folder = await open(directory, 'r')
      runners.push({ contender, size, subject, folder, samplesMs: [] })
    }
  }
  return runners
}

async function takeTurns(runners: readonly Runner[], effort: Effort, random: Random) {
  const { warmUp, operations } = effort
  for (let step = 0; step < warmUp + operations; step++) {
    for (const { contender, size, subject, folder, samplesMs } of shuffled(runners, random)) {
      if (contender.isHeavy === true && (step - warmUp) % size.heavyEvery !== 0) continue
      const beganMs = performance.now()
      await subject.commit(step)
      const tookMs = performance.now() - beganMs
      if (step >= warmUp) samplesMs.push(tookMs)
      // What this contender left unsynced would otherwise be paid for by the next one: on ext4 an
      // fsync writes out the whole running transaction of the file system.
      await folder.sync()
    }
  }
  for (const { subject, folder } of runners) {
    await subject.close()
    await folder.close()
  }
}
