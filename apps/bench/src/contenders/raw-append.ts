import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { createArrivals, createFills, type Ledger, type Workload } from '../workload.ts'

const appending = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND
const writeAndSync = async (file: FileHandle, text: string) => {
  await file.write(text)
  await file.datasync()
}
const writeThrough = async (file: FileHandle, text: string) => {
  await file.write(text)
}

/** The line that the journal would write, by hand: a write and an fdatasync. */
export const rawAppend: Contender = rawOf('raw write + fdatasync', createFills, 0, writeAndSync)

/** The line that the journal would write, by hand: one write that waits for the disk. */
export const rawWriteThrough: Contender = rawOf(
  'raw O_DSYNC write',
  createFills,
  constants.O_DSYNC,
  writeThrough,
)

/** {@link rawAppend} of orders that come and go. */
export const rawAppendArrivals: Contender = rawOf(rawAppend.name, createArrivals, 0, writeAndSync)

/** {@link rawWriteThrough} of orders that come and go. */
export const rawWriteThroughArrivals: Contender = rawOf(
  rawWriteThrough.name,
  createArrivals,
  constants.O_DSYNC,
  writeThrough,
)

function rawOf(
  name: string,
  createWorkload: (ledger: Ledger) => Workload,
  flags: number,
  append: (file: FileHandle, text: string) => Promise<void>,
): Contender {
  return {
    name,
    survives: 'power cut',
    async open(directory, ledger) {
      const workload = createWorkload(ledger)
      const file = await open(join(directory, 'ledger.jsonl'), appending | flags, 0o600)
      return {
        commit: (step) => append(file, journalLine(workload.patches(step))),
        close: () => file.close(),
      }
    },
  }
}

/** A line as long as the one that the journal writes for `patches`; a test compares them. */
export function journalLine(patches: ReturnType<Workload['patches']>): string {
  return `${JSON.stringify({ ...record, patches })}\n`
}

const record = {
  base: 1000,
  version: 1001,
  at: '2026-01-01T00:00:00.000Z',
  writer: `${hostname()}/${process.pid}/${randomUUID()}`,
  id: randomUUID(),
  crc: '00000000',
}
