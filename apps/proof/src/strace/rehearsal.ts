import { dirname, relative } from 'node:path'
import { Strace } from './strace.ts'
import type { SweepPlace } from './sweep-place.ts'
import { parseTrace, pathsIn, type PlannedCall, type TracedCall } from './trace.ts'
import type { TracedBackend } from './traced-backend.ts'
import type { ThreadRole, TracedProcess } from './traced-process.ts'

/** What the calls of a run are, without a fault. */
export interface Rehearsal {
  readonly calls: readonly PlannedCall[]
  /** The paths that `process` uses in such a run. */
  pathsOf(process: TracedProcess): string[]
}

const roles: readonly ThreadRole[] = ['main', 'pool']
const instanceMark = '{instance}'

/** Runs twice without a fault: once to see which files are used, then to see which calls are made on them. */
export async function rehearse(
  kind: TracedBackend,
  process: TracedProcess,
  place: SweepPlace,
): Promise<Rehearsal> {
  const all = await traceRun(kind, process, place, [])
  const paths = new Set(
    all.flatMap(({ call }) => pathsIn(call)).filter((path) => isInside(place, path)),
  )
  const templates = [...paths].map((path) => path.replaceAll(process.instance, instanceMark))
  const pathsOf = (other: TracedProcess): string[] =>
    templates.map((path) => path.replaceAll(instanceMark, other.instance))
  const counts = new Map<string, number>()
  const calls = (await traceRun(kind, process, place, pathsOf(process))).map(({ call, role }) => {
    const key = `${role} ${call.name}`
    const occurrence = (counts.get(key) ?? 0) + 1
    counts.set(key, occurrence)
    return { role, name: call.name, occurrence, target: targetOf(call, process, place) }
  })
  return { calls, pathsOf }
}

/** What `call` works on, as it is called in every run. */
export function targetOf(call: TracedCall, process: TracedProcess, place: SweepPlace): string {
  return pathsIn(call)
    .filter((path) => isInside(place, path))
    .map((path) => relative(dirname(place.directory), path) || 'the folder')
    .map((path) => path.replaceAll(process.instance, instanceMark))
    .join(' ')
}

function isInside({ directory }: SweepPlace, path: string): boolean {
  return path === dirname(directory) || path === directory || path.startsWith(`${directory}/`)
}

async function traceRun(
  kind: TracedBackend,
  process: TracedProcess,
  place: SweepPlace,
  paths: readonly string[],
): Promise<{ call: TracedCall; role: ThreadRole }[]> {
  place.reset()
  const threads = roles.map((role) => process.thread(role))
  const strace = await Strace.attach({ threads, paths, inject: null, output: place.trace })
  await process.run(kind, place.directory)
  const calls = parseTrace(await strace.detach())
  await process.goOn()
  return calls.flatMap((call) => {
    const role = roles[threads.indexOf(call.thread ?? -1)]
    return role === undefined ? [] : [{ call, role }]
  })
}
