import { applyPatches, type Backend, type Json, type Sequence } from '@holdfast/core'
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
  /**
   * Whether what was read once has to be there for ever; true when left out. Not so where one process
   * should write, and another one looks on while it does.
   */
  readonly isReadLasting?: boolean
  /** Turns an error of a commit into "again": for backends that throw where others tell of a conflict. */
  readonly isConflict?: (error: unknown) => boolean
}

const state = 'a'

/**
 * A backend as a scenario for `exploreSchedules`: every process adds entries of its own to one state. Each
 * entry that was acknowledged has to be there, once, in an order that fits: what was acknowledged before
 * another one was begun stands before it. Whoever reads finds all that was acknowledged by then, and
 * what was read once is there for ever.
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
  options: BackendScheduleOptions,
): Promise<void> {
  const { isConflict = () => false } = options
  const operation = `${process.instance.bootId}/${process.instance.pid}.${nth}`
  let seen = await look(process, sequence, options)
  process.begin(operation)
  for (;;) {
    const { version: base, data } = seen
    // A commit that failed in doubt may have happened.
    if (data.includes(operation)) break
    const { environment } = process
    const change = pendingChange({
      base,
      data: [...data, operation],
      id: environment.token(),
      writer: sequence.writer ?? `${environment.process}/a`,
      at: new Date(environment.now()).toISOString(),
      ...(base === 0 ? {} : { previous: [...data] }),
    })
    try {
      if ((await sequence.commit(change)).committed) break
    } catch (error) {
      if (!isConflict(error)) throw error
      await process.files.sleep(5)
    }
    seen = peeked(seen, sequence) ?? (await look(process, sequence, options))
  }
  process.acknowledge(operation)
}

/** A state as a process knows it. */
interface Seen {
  readonly version: number
  readonly data: readonly string[]
}

/** Reads the state; what is shown counts as told. */
async function look(
  process: SimulatedProcess,
  sequence: Sequence,
  { isReadLasting = true }: BackendScheduleOptions,
): Promise<Seen> {
  const owed = [...process.operations.acknowledged]
  const snapshot = await sequence.load()
  const data = entries(snapshot?.data ?? [])
  const stale = owed.find((one) => !data.includes(one))
  if (stale !== undefined)
    throw new Error(`stale: ${stale} was acknowledged before the load that misses it`)
  const news = isReadLasting ? data.filter((entry) => !owed.includes(entry)) : []
  for (const entry of news) process.acknowledge(entry)
  return { version: snapshot?.version ?? 0, data }
}

/** What came first, as far as it is at hand: that may be built on, and is no telling. */
function peeked({ version, data }: Seen, sequence: Sequence): Seen | null {
  const changes = sequence.peek?.(version) ?? []
  const newest = changes.at(-1)
  if (newest === undefined) return null
  let next: Json = [...data]
  for (const { patches } of changes) next = applyPatches(next, patches)
  return { version: newest.version, data: entries(next) }
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
