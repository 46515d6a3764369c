/*
 * The process that is traced. For each request it does what a bot does. Every step is told by a line to
 * the pipe that is its descriptor 4, which a limit on the size of files does not stop, and which
 * outlives it; the last line of each answer tells where its open descriptors lead.
 */
import { readdirSync, readlinkSync, watch, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { currentInstance, formatInstance } from '@holdfast/fs'
import { Session, type Step } from './session.ts'
import { resetNames, tracedBackends } from './traced-backend.ts'
import type { Descriptors } from './traced-process.ts'

const tell = (line: Step | { descriptors: Descriptors } | { instance: string }): void => {
  writeSync(4, `${JSON.stringify(line)}\n`)
}
let session: Session | null = null

async function perform(request: unknown): Promise<void> {
  const { kind, directory, ids } = Object(request)
  const backend = tracedBackends.find((each) => each === kind)
  if (backend !== undefined) {
    resetNames()
    session = new Session(backend, String(directory), tell)
    await session.load()
    for (const id of Array.isArray(ids) ? ids : []) await session.save(String(id))
    await session.load()
    return
  }
  // What comes after the fault: the same handles go on.
  await session?.load()
  await session?.save('next')
  await session?.close()
  session = null
}

function openDescriptors(): Descriptors {
  const targets: Record<string, string> = {}
  for (const descriptor of readdirSync('/proc/self/fd')) {
    try {
      targets[descriptor] = readlinkSync(`/proc/self/fd/${descriptor}`)
    } catch {
      // the one by which the directory was listed
    }
  }
  return targets
}

async function answer(request: unknown): Promise<void> {
  await perform(request)
  tell({ descriptors: openDescriptors() })
}

process.on('message', (request) => void answer(request))
process.on('disconnect', () => process.exit())
// The thread of the pool, and the descriptor that all watching shares, are made when first needed.
await stat('/')
watch('/').close()
tell({ instance: formatInstance(currentInstance()) })
