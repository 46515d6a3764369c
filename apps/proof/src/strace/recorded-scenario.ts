import { isDeepStrictEqual } from 'node:util'
import type { Backend } from '@holdfast/core'
import type { FileHandle } from '@holdfast/fs'
import { possibleOutcomes, type CrashScenario, type SimulatedProcess } from '@holdfast/testing'
import type { DiskCall } from './recorded-run.ts'
import { changeOf, idsIn } from './session.ts'

/** What was found after a crash, and after one more save. */
interface Recovered {
  readonly found: readonly string[]
  readonly again: readonly string[]
}

/**
 * The calls that the real binary made, made once more on a simulated disk, as a scenario for
 * `exploreCrashes`: so the power fails between the calls that were really made, in their real order.
 */
export function recordedScenario(
  calls: readonly DiskCall[],
  open: (process: SimulatedProcess) => Promise<Backend>,
): CrashScenario<Recovered> {
  return {
    workload: (process) => replay(calls, process),
    async recover(process) {
      const found = await load(open, process)
      const id = `after ${process.instance.bootId}`
      process.begin(id)
      await using backend = await open(process)
      const sequence = await backend.open('trading')
      for (let isSaved = false; !isSaved;) {
        const snapshot = await sequence.load()
        const known = { version: snapshot?.version ?? 0, ids: idsIn(snapshot?.data ?? null) }
        isSaved = (await sequence.commit(changeOf(sequence, known, [...known.ids, id]))).committed
      }
      process.acknowledge(id)
      return { found, again: await load(open, process) }
    },
    check({ found, again }, { begun, acknowledged }) {
      requirePossible(found, { begun, acknowledged }, acknowledged.at(-1))
      requirePossible(again, { begun, acknowledged }, undefined)
    },
  }
}

/** @param latest What was acknowledged only after `ids` was read. */
function requirePossible(
  ids: readonly string[],
  { begun, acknowledged }: { begun: readonly string[]; acknowledged: readonly string[] },
  latest: string | undefined,
): void {
  const before = (all: readonly string[]) => all.filter((id) => id !== latest)
  const operations = { begun: before(begun), acknowledged: before(acknowledged) }
  const possible = possibleOutcomes<readonly string[]>(operations, [], (state, id) => [
    ...state,
    id,
  ])
  if (possible.some((one) => isDeepStrictEqual(one, ids))) return
  const all = possible.map((one) => one.join()).join(' or ')
  throw new Error(`wrong: the ids are ${ids.join()}, and not ${all}`)
}

async function load(
  open: (process: SimulatedProcess) => Promise<Backend>,
  process: SimulatedProcess,
): Promise<string[]> {
  await using backend = await open(process)
  const sequence = await backend.open('trading')
  return idsIn((await sequence.load())?.data ?? null)
}

/** Every id that is acknowledged was begun when the one before it had been. */
async function replay(calls: readonly DiskCall[], process: SimulatedProcess): Promise<void> {
  const ids = calls.flatMap((call) => (call.call === 'acknowledged' ? [call.id] : []))
  const handles = new Map<number, FileHandle>()
  const [first] = ids
  if (first !== undefined) process.begin(first)
  for (const call of calls) {
    if (call.call === 'acknowledged') {
      process.acknowledge(call.id)
      const next = ids[ids.indexOf(call.id) + 1]
      if (next !== undefined) process.begin(next)
    } else if ('handle' in call) await onHandle(call, process, handles)
    else await onPath(call, process)
  }
}

async function onHandle(
  call: Extract<DiskCall, { handle: number }>,
  { fileSystem }: SimulatedProcess,
  handles: Map<number, FileHandle>,
): Promise<void> {
  if (call.call === 'open') {
    handles.set(call.handle, await fileSystem.open(call.path, call.flags))
    return
  }
  if (call.call === 'openDirectory') {
    handles.set(call.handle, await fileSystem.openDirectory(call.path))
    return
  }
  const handle = handles.get(call.handle)
  if (handle === undefined) throw new Error(`handle ${call.handle} was never opened`)
  if (call.call === 'write') await handle.write(call.data, call.at)
  else if (call.call === 'fsync') await handle.sync()
  else if (call.call === 'fdatasync') await handle.dataSync()
  else if (call.call === 'ftruncate') await handle.truncate(call.size)
  else await handle.close()
}

async function onPath(
  call: Exclude<DiskCall, { handle: number } | { call: 'acknowledged' }>,
  { fileSystem }: SimulatedProcess,
): Promise<void> {
  if (call.call === 'rename') await fileSystem.rename(call.path, call.to)
  else if (call.call === 'link') await fileSystem.link(call.path, call.to)
  else if (call.call === 'symlink') await fileSystem.symlink(call.target, call.path)
  else if (call.call === 'unlink') await fileSystem.unlink(call.path)
  else if (call.call === 'rmdir') await fileSystem.rmdir(call.path)
  else await fileSystem.mkdir(call.path, 0o700)
}
