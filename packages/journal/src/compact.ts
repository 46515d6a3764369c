import { channel } from 'node:diagnostics_channel'
import { nodeFileSystem } from '@holdfast/fs'
import type { SnapshotOrder } from './build-snapshot.ts'
import type { EpochFile } from './epoch-file.ts'
import type { Journal } from './journal.ts'
import {
  snapshotByWorker,
  snapshotInline,
  snapshotOrder,
  type NextSnapshot,
} from './next-snapshot.ts'
import { replaceEpoch } from './replace-epoch.ts'

const told = channel('holdfast:compaction')

/** On `holdfast:compaction`: an epoch was replaced by a shorter one, or could not be. */
export interface CompactionEvent {
  readonly state: string
  readonly location: string
  /** The epoch that was to be replaced. */
  readonly epoch: number
  readonly durationMs: number
  /** Null where all went well. A compaction that fails costs room, and no update. */
  readonly error: unknown
}

/** Whether the changes of the open epoch outweigh what it began with, and it is up to this handle. */
export function isCompactionDue(journal: Journal): boolean {
  const { file, compactionFloorBytes, version } = journal
  if (file === null || file.replay.closed !== null || version === 0) return false
  const { compactAfterBytes, compactAfterRatio } = journal.place.options
  const { headBytes } = file.replay
  const limit = Math.max(compactAfterBytes, compactAfterRatio * headBytes, compactionFloorBytes)
  return file.size - headBytes > limit && (!file.hasCompany || isUpToThis(file, limit))
}

/**
 * Among several writers it is up to the one whose line has passed the limit, and, as long as nothing has
 * come of that, to whoever passes the next half of it: if all of them began, all but one would in vain.
 */
function isUpToThis({ lastAppended, replay }: EpochFile, limit: number): boolean {
  if (lastAppended === null) return false
  const halves = (offset: number): number => Math.ceil((offset - replay.headBytes) / (limit / 2))
  const [before, after] = [halves(lastAppended.start), halves(lastAppended.end)]
  return after > 2 && after > before
}

/**
 * Replaces the open epoch by one that begins with a newer document, if that is still due and this
 * writer may. Never rejects: what goes wrong is told on `holdfast:compaction`, and tried again when
 * the changes have grown by as much again.
 * @param inTurn Runs a step in the journal's turn.
 * @param signal Ends what is done out of turn, and says nothing about it.
 */
export async function compact(
  journal: Journal,
  inTurn: <R>(work: () => Promise<R>) => Promise<R>,
  signal: AbortSignal,
): Promise<void> {
  const { environment } = journal.place.context
  const startedMs = environment.monotonicMs()
  const epoch = journal.file?.number ?? 0
  const tell = (error: unknown): void => {
    const durationMs = environment.monotonicMs() - startedMs
    const { name: state, path: location } = journal.place
    told.publish({ state, location, epoch, durationMs, error } satisfies CompactionEvent)
  }
  const finish = async (snapshot: NextSnapshot): Promise<void> => {
    try {
      if (!(await replaceEpoch(journal, snapshot))) return
    } finally {
      await snapshot.discard()
    }
    journal.compactionFloorBytes = 0
    tell(null)
  }
  try {
    const order = await inTurn(async () => begin(journal, finish))
    if (order === null) return
    const snapshot = await snapshotByWorker(journal, order, signal)
    await inTurn(() => finish(snapshot))
  } catch (error) {
    if (signal.aborted) return
    backOff(journal)
    tell(error)
  }
}

/** Compacts a small epoch; tells what a worker has to do for a large one. */
async function begin(
  journal: Journal,
  finish: (snapshot: NextSnapshot) => Promise<void>,
): Promise<SnapshotOrder | null> {
  const file = await journal.advance()
  if (file === null || !isCompactionDue(journal)) return null
  const owner = file.replay.standing?.owner ?? null
  if (owner !== null && owner !== journal.writer) return null
  const { context, options } = journal.place
  // A file system that was put in the place of the real one is on this thread alone.
  const canDefer = context.fileSystem === nodeFileSystem
  if (canDefer && file.size > options.inlineSnapshotBytes) return snapshotOrder(journal, file)
  await finish(await snapshotInline(journal, file))
  return null
}

function backOff(journal: Journal): void {
  const { file, place } = journal
  const changesBytes = file === null ? 0 : file.size - file.replay.headBytes
  journal.compactionFloorBytes =
    changesBytes + Math.max(place.options.compactAfterBytes, changesBytes)
}
