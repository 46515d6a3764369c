import type { Backend, Json, Sequence } from '@holdfast/core'
import type { OperationLog } from '../crash/operation-log.ts'
import type { SimulatedProcess } from '../crash/simulated-process.ts'
import { pendingChange } from '../pending-change.ts'
import type { ScheduleScenario } from './schedule-scenario.ts'

/** Which backend several processes write to at once. */
export interface BackendScheduleOptions {
  /** Opens the backend for `process`, always on the same place. */
  readonly open: (process: SimulatedProcess) => Promise<Backend>
  /** How many processes; 3 when left out. */
  readonly processes?: number
  /** How many commits each of them makes; 2 when left out. */
  readonly commits?: number
  /** How many commits are there before; 0 when left out. */
  readonly prepared?: number

  /** Turns an error of a commit into "again": for backends that throw where others tell of a conflict. */
  readonly isConflict?: (error: unknown) => boolean
}

const state = 'a'

/**
 * A backend as a scenario for `exploreSchedules`: every process adds entries of its own to one state. Each
 * entry that was acknowledged has to be there, once, in an order that fits: what was acknowledged before
 * another one was begun stands before it. Whoever reads finds all that was acknowledged by then.
 */
export function backendSchedule(options: BackendScheduleOptions): ScheduleScenario<string[]> {
  const { open, processes = 3, commits = 2, prepared = 0 } = options
  const work = async (process: SimulatedProcess, count: number): Promise<void> => {
    const backend = await open(process)
    const sequence = await backend.open(state)
    for (let nth = 1; nth <= count; nth++) await add(process, sequence, nth, options)
    await backend.close()
  }
  return {
    ...(prepared > 0 ? { prepare: (process: SimulatedProcess) => work(process, prepared) } : {}),
    processes: Array.from(
      { length: processes },
      () => (process: SimulatedProcess) => work(process, commits),
    ),
    async recover(process) {
      const backend = await open(process)
      const sequence = await backend.open(state)
      const found = await entriesOf(sequence)
      await add(process, sequence, 1, options)
      await backend.close()
      return found
    },
    check: requireLinear,
  }
}

/** Adds one entry, however often others come first. */
async function add(
  process: SimulatedProcess,
  sequence: Sequence,
  nth: number,
  { isConflict = () => false }: BackendScheduleOptions,
): Promise<void> {
  const operation = `${process.instance.bootId}/${process.instance.pid}.${nth}`
  for (let attempt = 0; ; attempt++) {
    const owed = [...process.operations.acknowledged]
    const snapshot = await sequence.load()
    const data: string[] = entries(snapshot?.data ?? [])
    const stale = owed.find((one) => !data.includes(one))
    if (stale !== undefined)
      throw new Error(`stale: ${stale} was acknowledged before the load that misses it`)
    if (attempt === 0) process.begin(operation)
    // A commit that failed in doubt may have happened.
    if (data.includes(operation)) break
    const { environment } = process
    const change = pendingChange({
      base: snapshot?.version ?? 0,
      data: [...data, operation],
      id: environment.token(),
      writer: `${environment.process}/a`,
      at: new Date(environment.now()).toISOString(),
      ...(snapshot === null ? {} : { previous: data }),
    })
    try {
      if ((await sequence.commit(change)).committed) break
    } catch (error) {
      if (!isConflict(error)) throw error
      await process.files.sleep(5)
    }
  }
  process.acknowledge(operation)
}

async function entriesOf(sequence: Sequence): Promise<string[]> {
  return entries((await sequence.load())?.data ?? [])
}

function entries(data: Json): string[] {
  if (!Array.isArray(data))
    throw new Error(`wrong: a document that nobody has written: ${JSON.stringify(data)}`)
  return data.map(String)
}

/** @throws Error that begins with `lost`, `doubled`, `wrong` or `order`. */
function requireLinear(found: readonly string[], log: OperationLog): void {
  const last = log.acknowledged.at(-1) // the recovery's own, made after `found` was read
  const places = new Map(found.map((entry, place) => [entry, place]))
  const text = JSON.stringify(found)
  if (places.size !== found.length) throw new Error(`doubled: an entry stands twice in ${text}`)
  const stranger = found.find(
    (entry) => !log.begun.includes(entry) && !entry.startsWith('boot0000'),
  )
  if (stranger !== undefined) throw new Error(`wrong: nobody has begun ${stranger}`)
  let newest = -1
  for (const { kind, operation } of log.events) {
    const place = places.get(operation)
    if (kind === 'begun') {
      if (place !== undefined && place <= newest) {
        throw new Error(`order: ${operation} was begun later than what stands behind it in ${text}`)
      }
    } else if (operation !== last) {
      if (place === undefined)
        throw new Error(`lost: ${operation} was acknowledged and is not in ${text}`)
      newest = Math.max(newest, place)
    }
  }
}
