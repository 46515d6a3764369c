import type { Change, Snapshot, Version } from '@holdfast/core'
import { DocumentReader } from './document-reader.ts'
import type { EpochFile } from './epoch-file.ts'
import { changeOf } from './journal-record.ts'
import type { Journal } from './journal.ts'
import type { JournalPlace } from './journal-place.ts'
import { EpochReplay } from './epoch-replay.ts'
import { openEpoch } from './open-epoch.ts'

/** What one epoch keeps. */
interface EpochItems {
  readonly number: number
  /** The version that it begins with. */
  readonly first: Version
  readonly life: number
  /** What it begins with; null where the state was not there. */
  readonly snapshot: Snapshot | null
  /** What follows, oldest first. */
  readonly changes: readonly Change[]
}

/**
 * What epoch `number` keeps, or null where it is gone or never had an end.
 * @throws HoldfastError `CORRUPT`, `NEWER_SCHEMA`.
 */
async function readEpochItems(place: JournalPlace, number: number): Promise<EpochItems | null> {
  const opened = await openEpoch(place, number, {})
  if (opened === null) return null
  await using file = opened
  await file.look()
  file.requireSound()
  return await itemsOf(place, file, true)
}

async function itemsOf(
  place: JournalPlace,
  file: EpochFile,
  isWhole: boolean,
): Promise<EpochItems | null> {
  const reader = new DocumentReader()
  const changes: Change[] = []
  const replay = new EpochReplay(
    { name: place.name, epoch: file.number },
    {
      head: (head, line) => (isWhole ? reader.head(head, line) : undefined),
      record: (record, schema) => void changes.push(changeOf(record, schema)),
    },
  )
  replay.feed(await file.bytes())
  const { head } = replay
  if (head === null) return null
  const { version, schema, at, writer, life } = head
  const { data } = reader
  const snapshot = data === undefined ? null : { version, schema, at, writer, data }
  return { number: file.number, first: version, life, snapshot, changes }
}

/**
 * The changes that follow `since`, read back from the files; null where they are not all kept. An epoch
 * below the current one may be a stray, put in place again by a process that was stalled: it does not
 * lead up to the one above it.
 */
export async function readChanges(
  journal: Journal,
  file: EpochFile,
  since: Version,
): Promise<Change[] | null> {
  if (since > journal.version) return null
  let items = await itemsOf(journal.place, file, false)
  const newestFirst: Change[] = []
  while (items !== null) {
    const { first, number, life } = items
    for (const change of items.changes.toReversed()) {
      const known = newestFirst.at(-1)?.version ?? journal.version + 1
      if (change.version <= since || change.version >= known) continue
      if (change.version !== known - 1) return null
      newestFirst.push(change)
    }
    if (first <= since) return newestFirst.at(-1)?.base === since ? newestFirst.toReversed() : null
    items = number > 1 ? await readEpochItems(journal.place, number - 1) : null
    if (items?.life !== life) return null
  }
  return null
}

/**
 * What is kept of the past, newest first, one epoch after the other: each one's changes, and then what
 * it began with.
 * @param inTurn Runs one step of it in the journal's turn.
 */
export async function* readHistory(
  journal: Journal,
  inTurn: <R>(work: () => Promise<R>) => Promise<R>,
): AsyncGenerator<Change | Snapshot, void, void> {
  const file = await inTurn(async () => {
    const current = await journal.look()
    current?.requireSound()
    return current
  })
  if (file === null || file.replay.closed?.kind === 'reset') return
  const { life } = journal
  let below = Number.POSITIVE_INFINITY
  for (let { number } = file; number >= Math.max(1, life); number--) {
    const items = await inTurn(() => readEpochItems(journal.place, number))
    if (items === null || items.life !== life) return
    // A stray does not lead up to what was told already.
    const last = items.changes.at(-1)?.version ?? items.first
    if (below !== Number.POSITIVE_INFINITY && last < below) return
    for (const change of items.changes.toReversed()) {
      if (change.version < below) yield change
    }
    if (items.snapshot !== null && items.first < below) yield items.snapshot
    below = Math.min(below, items.first)
  }
}
