import { fileEnvironment, nodeFileSystem, readWhole, stageFile } from '@holdfast/fs'
import { DocumentReader } from './document-reader.ts'
import { encodeHead } from './epoch-head.ts'
import { EpochReplay } from './epoch-replay.ts'

/** A flush of so much does not hold up those of the updates that are made meanwhile. */
const pieceBytes = 512 * 1024

/** What a snapshot is built from, and where it goes. Plain data: it is sent to another thread. */
export interface SnapshotOrder {
  readonly name: string
  /** The epoch to be replaced, and its file. */
  readonly epoch: number
  readonly source: string
  /** How much of it is used: whole lines. */
  readonly end: number
  /** The version that these lines lead to. */
  readonly version: number
  /** The file of the next epoch, and the name of the temporary beside it. */
  readonly target: string
  readonly temporaryName: string
  readonly mode: number
  readonly durability: 'process' | 'power'
}

/**
 * Writes the first line of the next epoch to a temporary, from the file alone, whole and synced;
 * resolves with its size. On failure nothing is left behind.
 */
export async function buildSnapshot(order: SnapshotOrder): Promise<number> {
  const { name, epoch, source, end, version, target, temporaryName, mode, durability } = order
  const reader = new DocumentReader()
  const replay = new EpochReplay({ name, epoch }, reader)
  const bytes = (await readWhole(nodeFileSystem, source))?.subarray(0, end) ?? new Uint8Array()
  replay.feed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  const { standing, head } = replay
  if (standing?.version !== version || head === null || reader.data === undefined) {
    throw new Error(`version ${version} was not found in ${source}: another epoch is there by now`)
  }
  const { schema, at, writer, owner } = standing
  const next = { epoch: epoch + 1, name, version, schema, at, writer, owner, life: head.life }
  const staged = await stageFile(
    nodeFileSystem,
    target,
    piecesOf(encodeHead(next, JSON.stringify(reader.data))),
    {
      mode,
      durability,
      isFlushedInPieces: durability === 'power',
      existing: null,
      environment: fileEnvironment({ temporaryName: () => temporaryName }),
    },
  )
  return staged.stat.size
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes)
  }
}
