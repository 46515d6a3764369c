import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { CounterKind } from './counter.ts'

const contents = z.object({ value: z.int() })

/** What most programs do: lock, read, change, write, unlock; with as many of proper-lockfile's own retries as it takes. */
export const naiveCounter: CounterKind = {
  name: 'proper-lockfile + write-file-atomic',
  async open(directory) {
    const path = join(directory, 'counter.json')
    const read = async (): Promise<number> =>
      contents.parse(JSON.parse(await readFile(path, 'utf8'))).value
    await writeFile(path, '{"value":0}', { flag: 'wx' }).catch(() => {}) // another process was first
    return {
      async increment() {
        const release = await lock(path, { retries: 10 })
        await writeFileAtomic(path, JSON.stringify({ value: (await read()) + 1 }))
        await release()
      },
      read,
      close: async () => {},
    }
  },
}
