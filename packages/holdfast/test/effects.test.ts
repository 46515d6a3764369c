import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openStore } from '../src/index.ts'

const program = join(import.meta.dirname, 'support/ordering-program.ts')
const schema = z.object({ fills: z.array(z.string()) })

interface Place {
  readonly url: string
  readonly exchange: string
}

async function freshPlace(backend: string): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const exchange = await mkdtemp(join(folder, 'exchange-'))
  return { url: `${backend}:${folder}/state`, exchange }
}

async function runBot({ url, exchange }: Place, stop = 'never'): Promise<void> {
  const args = ['--conditions=@holdfast/source', program, url, exchange, stop]
  await promisify(execFile)(process.execPath, args)
}

/** The orders that the exchange has, how many it was sent, and what the state holds. */
async function outcome({ url, exchange }: Place) {
  const keys = (await readdir(exchange)).filter((name) => name !== 'sent')
  const sent = (await readFile(join(exchange, 'sent'), 'utf8')).trim().split('\n')
  await using store = await openStore(url)
  await using state = await store.open('desk', { schema, initial: () => ({ fills: [] }) })
  return { orders: keys.length, sent: sent.length, ...state.value, open: state.pending().length }
}

const crashes = ['file', 'journal', 'lockfile'].flatMap((backend) =>
  ['recorded', 'sent', 'applied'].map((stop) => ({ backend, stop })),
)

test.for(crashes)(
  'on $backend: a bot that was killed when its order was $stop goes on, each order being there once',
  async ({ backend, stop }) => {
    const place = await freshPlace(backend)
    await expect(runBot(place, stop)).rejects.toMatchObject({ signal: 'SIGKILL' })
    expect(await outcome(place)).toMatchObject({ fills: ['a'], open: 1 })
    await runBot(place)
    expect(await outcome(place)).toEqual({ orders: 3, sent: 3, fills: ['a', 'b', 'c'], open: 0 })
  },
)

test.each(['journal', 'lockfile'])(
  'on %s: several processes that place the same orders at once place and record each once',
  async (backend) => {
    const place = await freshPlace(backend)
    await Promise.all([runBot(place), runBot(place), runBot(place)])
    const { orders, fills, open } = await outcome(place)
    expect({ orders, fills: fills.toSorted(), open }).toEqual({
      orders: 3,
      fills: ['a', 'b', 'c'],
      open: 0,
    })
  },
)
