import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import type { Contender, Subject } from './contender.ts'
import { shuffled, type Random } from './random.ts'
import { createLedger } from './workload.ts'

/** How much is measured. */
export interface Effort {
  readonly rounds: number
  /** Measured commits of each contender in a round. */
  readonly operations: number
  /** Commits of each contender before a round's first measured one. */
  readonly warmUp: number
}

/** What one contender took at one size: a list of durations in milliseconds for each round. */
export interface Measurement {
  readonly contender: Contender
  readonly sizeBytes: number
  readonly roundsMs: readonly (readonly number[])[]
}

interface Runner {
  readonly contender: Contender
  readonly subject: Subject
  readonly folder: FileHandle
  readonly samplesMs: number[]
}

/**
 * Runs every contender of `benchmark` at every size, in new folders under `directory`. Within a
 * round the contenders take turns, operation by operation and in random order, so that a busy
 * moment of the machine falls on all of them alike.
 */
export async function measure(
  benchmark: Benchmark,
  effort: Effort,
  directory: string,
  random: Random,
): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const sizeBytes of benchmark.sizesBytes) {
    const rounds: number[][][] = []
    for (let round = 0; round < effort.rounds; round++) {
      const place = join(directory, `${sizeBytes}-${round}`)
      rounds.push(await measureRound(benchmark.contenders, sizeBytes, effort, place, random))
    }
    benchmark.contenders.forEach((contender, index) =>
      measurements.push({
        contender,
        sizeBytes,
        roundsMs: rounds.map((round) => round[index] ?? []),
      }),
    )
  }
  return measurements
}

async function measureRound(
  contenders: readonly Contender[],
  sizeBytes: number,
  effort: Effort,
  place: string,
  random: Random,
): Promise<number[][]> {
  const runners: Runner[] = []
  for (const contender of contenders) runners.push(await start(contender, sizeBytes, place))
  for (let step = 0; step < effort.warmUp + effort.operations; step++) {
    for (const { subject, folder, samplesMs } of shuffled(runners, random)) {
      const beganMs = performance.now()
      await subject.commit(step)
      const tookMs = performance.now() - beganMs
      if (step >= effort.warmUp) samplesMs.push(tookMs)
      // What this contender left unsynced would otherwise be paid for by the next one: on ext4 an
      // fsync writes out the whole running transaction of the file system.
      await folder.sync()
    }
  }
  for (const { subject, folder } of runners) {
    await subject.close()
    await folder.close()
  }
  await rm(place, { recursive: true })
  return runners.map(({ samplesMs }) => samplesMs)
}

async function start(contender: Contender, sizeBytes: number, place: string): Promise<Runner> {
  const directory = join(place, contender.name.replaceAll(' ', '-'))
  await mkdir(directory, { recursive: true })
  const subject = await contender.open(directory, createLedger(sizeBytes))
  return { contender, subject, folder: await open(directory, 'r'), samplesMs: [] }
}
