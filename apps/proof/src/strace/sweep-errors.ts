import { constants } from 'node:os'
import { rehearse, targetOf, type Rehearsal } from './rehearsal.ts'
import { Strace } from './strace.ts'
import type { SweepPlace } from './sweep-place.ts'
import { faultsOf } from './system-calls.ts'
import { descriptorOf, parseTrace, type PlannedCall, type TracedCall } from './trace.ts'
import type { TracedBackend } from './traced-backend.ts'
import { TracedProcess, type Answer, type Descriptors } from './traced-process.ts'
import { judgeState, litterIn } from './verdict.ts'

/** One fault, and what came of it. */
export interface FaultOutcome {
  readonly call: PlannedCall
  readonly errno: string
  /** Whether all later calls of this name on this thread failed as well. */
  readonly isForever: boolean
  /** Whether no step failed: the call is one whose failure costs nothing. */
  readonly isAbsorbed: boolean
  /** What should not be. */
  readonly problems: readonly string[]
}

/** What a sweep found. */
export interface ErrorSweep {
  /** How many calls a run makes. */
  readonly calls: number
  readonly outcomes: readonly FaultOutcome[]
}

/**
 * Makes every call of opening, loading and two saves fail, with every errno, once; for ever, too, with
 * every errno, or, unless `isThorough`, with the first one of each call.
 */
export async function sweepErrors(
  kind: TracedBackend,
  place: SweepPlace,
  isThorough: boolean,
): Promise<ErrorSweep> {
  const process = await TracedProcess.start()
  try {
    const rehearsal = await rehearse(kind, process, place)
    const { descriptors } = await process.goOn()
    const sweep = { kind, process, place, rehearsal, descriptors: descriptors ?? {} }
    const outcomes: FaultOutcome[] = []
    for (const call of rehearsal.calls) {
      for (const [index, errno] of (faultsOf[call.name] ?? []).entries()) {
        outcomes.push(await tryFault(sweep, { call, errno, isForever: false }))
        if (index > 0 && !isThorough) continue
        outcomes.push(await tryFault(sweep, { call, errno, isForever: true }))
      }
    }
    return { calls: rehearsal.calls.length, outcomes }
  } finally {
    await process.stop()
  }
}

interface Sweep {
  readonly kind: TracedBackend
  readonly process: TracedProcess
  readonly place: SweepPlace
  readonly rehearsal: Rehearsal
  /** The descriptors that are open when nothing is. */
  descriptors: Descriptors
}

type Fault = Pick<FaultOutcome, 'call' | 'errno' | 'isForever'>

async function tryFault(sweep: Sweep, fault: Fault): Promise<FaultOutcome> {
  const { kind, process, place } = sweep
  const { errno } = fault
  place.reset()
  const { trace, answer } = await runWith(sweep, fault)
  const after = await process.goOn()
  const injected = trace.filter(({ isInjected }) => isInjected)
  const descriptors = after.descriptors ?? {}
  const leaked = openedSince(sweep, descriptors)
  sweep.descriptors = descriptors
  const failures = answer.steps.flatMap(({ failure }) => failure ?? [])
  const problems = [
    ...missed(sweep, fault, injected),
    ...failures.flatMap(({ code, errnos, message }) =>
      code !== null && errnos.includes(numberOf(errno))
        ? []
        : [`not told as ${errno}: ${code} ${message}`],
    ),
    ...retriedSyncs(trace),
    ...after.steps.flatMap(({ step, failure }) =>
      failure === null ? [] : [`the ${step} after it failed: ${failure.message}`],
    ),
    ...(leaked.length > injectedCloses(injected) ? [`leaked: ${leaked.join(', ')}`] : []),
    ...(await judgeState(kind, place.directory, [...answer.steps, ...after.steps])),
    ...litterIn(place.directory, true),
  ]
  return { ...fault, isAbsorbed: failures.length === 0, problems }
}

/** The calls of a run with the fault; where it hits a sync, those of the other thread as well. */
async function runWith(
  sweep: Sweep,
  { call, errno, isForever }: Fault,
): Promise<{ trace: TracedCall[]; answer: Answer }> {
  const { kind, process, place, rehearsal } = sweep
  const paths = rehearsal.pathsOf(process)
  const isSync = call.name === 'fsync' || call.name === 'fdatasync'
  const straces = [
    await Strace.attach({
      threads: [process.thread(call.role)],
      paths,
      inject: `${call.name}:error=${errno}:when=${call.occurrence}${isForever ? '+' : ''}`,
      output: place.trace,
    }),
  ]
  if (isSync) {
    const other = process.thread(call.role === 'main' ? 'pool' : 'main')
    const output = `${place.trace}.other`
    straces.push(await Strace.attach({ threads: [other], paths, inject: null, output }))
  }
  const answer = await process.run(kind, place.directory)
  const traces = await Promise.all(straces.map((strace) => strace.detach()))
  const trace = parseTrace(traces.flat()).toSorted((a, b) => a.time - b.time)
  return { trace, answer }
}

function numberOf(errno: string): number {
  const { [errno]: number = Number.NaN }: Readonly<Record<string, number>> = constants.errno
  return number
}

/**
 * What `descriptors` has beyond those that were open before, in the folder of the sweep: threads of the
 * runtime open files of the system for a moment whenever they first need them.
 */
function openedSince({ descriptors: before, place }: Sweep, descriptors: Descriptors): string[] {
  return Object.entries(descriptors)
    .filter(([number, target]) => !(number in before) && target.startsWith(place.folder))
    .map(([, target]) => target)
}

/** strace does not make a call that it lets fail: a descriptor that was to be closed stays open. */
function injectedCloses(injected: readonly TracedCall[]): number {
  return injected.filter(({ name }) => name === 'close').length
}

/**
 * A fault that hit nothing, or something else, proves nothing. Where two things go on at once the
 * calls come in more than one order: then it may hit another one of the same name.
 */
function missed(sweep: Sweep, fault: Fault, injected: readonly TracedCall[]): string[] {
  const { process, place, rehearsal } = sweep
  const [first] = injected
  if (first === undefined) return ['the fault was not injected']
  const target = targetOf(first, process, place)
  const { name, role } = fault.call
  const targets = rehearsal.calls.filter((call) => call.name === name && call.role === role)
  if (!targets.some((call) => call.target === target)) return [`the fault hit ${target}`]
  if (!fault.isForever && injected.length > 1) return [`the fault hit ${injected.length} calls`]
  return []
}

/** A sync that failed is final for its descriptor: a second one would tell that all is well. */
function retriedSyncs(trace: readonly TracedCall[]): string[] {
  const failed = new Set<number>()
  return trace.flatMap((call) => {
    const descriptor = descriptorOf(call)
    if (descriptor === null) return []
    if (call.name === 'close') failed.delete(descriptor)
    if (call.name !== 'fsync' && call.name !== 'fdatasync') return []
    const isRetried = failed.has(descriptor)
    if (call.isInjected) failed.add(descriptor)
    return isRetried ? [`a sync of ${call.text} was tried again`] : []
  })
}
