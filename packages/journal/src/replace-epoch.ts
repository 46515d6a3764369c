import type { FileHandle } from '@holdfast/fs'
import { encodedClosing, type EncodedRecord, type EpochFile } from './epoch-file.ts'
import { encodeLine } from './line.ts'
import type { Journal } from './journal.ts'
import { publishEpoch } from './next-epoch.ts'
import type { NextSnapshot } from './next-snapshot.ts'

/** How often other writers may come between the copy of their last changes and the seal. */
const mostAttempts = 100

/**
 * Closes the current epoch and puts the next one in its place: `snapshot`, behind it a copy of the
 * lines that came since, and for the version that the seal takes a change of nothing. All of it is
 * written before the seal, so that a disk that is full leaves no closed epoch that nothing can
 * follow; it is flushed after it, since a flush takes long enough for others to come between, every
 * time. Has to run in the journal's turn. False where the epoch is closed already.
 * @throws Error where other writers came first again and again; the system's error.
 */
export async function replaceEpoch(journal: Journal, snapshot: NextSnapshot): Promise<boolean> {
  const { fileSystem } = journal.place.context
  const handle = await fileSystem.open(snapshot.path, { access: 'readwrite', noFollow: true })
  try {
    let [copied, position] = [snapshot.end, snapshot.bytes]
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const file = await journal.advance()
      if (file?.number !== snapshot.epoch) return false
      // Else a power cut could keep the seal, and lose a record of another process before it.
      await journal.makeDurable()
      const seal = sealOf(journal, file)
      const { end } = file.replay
      const tail = await file.bytes(copied, end)
      await handle.truncate(position)
      position = await writeAt(handle, tail, position)
      copied = end
      await writeAt(handle, stepOf(seal), position)
      if (!(await appendSeal(journal, file, seal))) continue
      if (journal.place.isPower) await handle.sync()
      await publishEpoch(journal, snapshot, snapshot.epoch + 1)
      return true
    }
  } finally {
    await handle.close()
  }
  throw new Error(`other writers came first ${mostAttempts} times`)
}

/** The record that closes `file` after the newest version. */
function sealOf({ version, writer, place }: Journal, file: EpochFile): EncodedRecord {
  const { environment } = place.context
  return encodedClosing({
    kind: 'seal',
    base: version,
    version: version + 1,
    at: new Date(environment.now()).toISOString(),
    writer,
    id: environment.token(),
    seal: file.number + 1,
  })
}

/** Closes `file`, or not: another writer came first. One whose flush fails leaves it in doubt. */
async function appendSeal(
  journal: Journal,
  file: EpochFile,
  seal: EncodedRecord,
): Promise<boolean> {
  try {
    return await journal.append(file, seal)
  } catch (error) {
    if (await file.hasCounted()) journal.isPoisoned = journal.place.isPower
    throw error
  }
}

/** The version that the seal takes, as a line of the next epoch: a change of nothing. */
function stepOf({ record }: EncodedRecord): Buffer {
  const { base, version, at, writer, id } = record
  return encodeLine(JSON.stringify({ base, version, at, writer, id, patches: [] }))
}

/** Writes all of `data`, and gives the position after it. */
async function writeAt(handle: FileHandle, data: Uint8Array, position: number): Promise<number> {
  let written = 0
  while (written < data.length) {
    const count = await handle.write(data.subarray(written), position + written)
    if (count === 0) throw new Error('the system took nothing')
    written += count
  }
  return position + written
}
