import { basename, join } from 'node:path'
import type { SnapshotOrder } from './build-snapshot.ts'
import type { EpochFile } from './epoch-file.ts'
import type { Journal } from './journal.ts'
import { stageEpoch } from './next-epoch.ts'
import { runSnapshotWorker } from './run-snapshot-worker.ts'
import { documentAt } from './successor.ts'

/** The first line of the next epoch, in a temporary: the document at one version of `epoch`. */
export interface NextSnapshot {
  /** The epoch to be replaced, and how much of it the snapshot covers. */
  readonly epoch: number
  readonly end: number
  readonly path: string
  readonly bytes: number
  /** Removes the temporary; what is gone, or cannot be removed, does no harm. */
  discard(): Promise<void>
}

/** Builds the snapshot here and now; has to run in the journal's turn. */
export async function snapshotInline(journal: Journal, file: EpochFile): Promise<NextSnapshot> {
  const { place, version, life } = journal
  const { end } = file.replay
  const { standing, data } = await documentAt(place, file, version)
  const { schema, at, writer, owner } = standing
  const head = {
    epoch: file.number + 1,
    name: place.name,
    version,
    schema,
    at,
    writer,
    owner,
    life,
  }
  const staged = await stageEpoch(place, { head, data })
  const { path, stat } = staged
  return { epoch: file.number, end, path, bytes: stat.size, discard: () => staged.discard() }
}

/** What a worker has to build: the snapshot of the document as it is now. */
export function snapshotOrder({ place, version }: Journal, file: EpochFile): SnapshotOrder {
  const { durability, mode = 0o600 } = place.options
  const target = place.epochPath(file.number + 1)
  return {
    name: place.name,
    epoch: file.number,
    source: file.path,
    end: file.replay.end,
    version,
    target,
    temporaryName: place.context.files.temporaryName(basename(target)),
    mode,
    durability,
  }
}

/** Lets a worker build the snapshot; the journal goes on meanwhile. */
export async function snapshotByWorker(
  { place }: Journal,
  order: SnapshotOrder,
  signal: AbortSignal,
): Promise<NextSnapshot> {
  const { epoch, end, temporaryName } = order
  const path = join(place.path, temporaryName)
  const discard = async (): Promise<void> => {
    try {
      await place.context.fileSystem.unlink(path)
    } catch {
      // It was never made, or stays for a later process to sweep; what went wrong before is told.
    }
  }
  try {
    return { epoch, end, path, bytes: await runSnapshotWorker(order, signal), discard }
  } catch (error) {
    await discard()
    throw error
  }
}
