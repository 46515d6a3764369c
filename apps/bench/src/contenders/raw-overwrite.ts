import { constants } from 'node:fs'
import { open, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { createFills } from '../workload.ts'
import { journalLine } from './raw-append.ts'

/** So much is there to be written over; at its end it begins anew. */
const roomBytes = 1024 * 1024

/**
 * The line that the journal would write, by hand, over bytes that are there already: no new size and no
 * new block has to become durable with it. It is the least that a durable write costs here, and no log that
 * several processes write to: two of them would write to one place.
 */
export const rawOverwrite: Contender = {
  name: 'raw O_DSYNC overwrite',
  survives: 'power cut',
  async open(directory, ledger) {
    const workload = createFills(ledger)
    const file = await openRoom(join(directory, 'ledger.room'))
    let position = 0
    return {
      async commit(step) {
        const line = Buffer.from(journalLine(workload.patches(step)))
        if (position + line.length > roomBytes) position = 0
        await file.write(line, 0, line.length, position)
        position += line.length
      },
      close: () => file.close(),
    }
  },
}

async function openRoom(path: string): Promise<FileHandle> {
  await writeFile(path, Buffer.alloc(roomBytes, ' '), { flush: true })
  return open(path, constants.O_RDWR | constants.O_DSYNC)
}
