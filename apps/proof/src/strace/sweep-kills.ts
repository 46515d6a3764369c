import { rehearse, type Rehearsal } from './rehearsal.ts'
import { Session, type Step } from './session.ts'
import { Strace } from './strace.ts'
import type { SweepPlace } from './sweep-place.ts'
import { parseTrace, type PlannedCall } from './trace.ts'
import type { TracedBackend } from './traced-backend.ts'
import { TracedProcess } from './traced-process.ts'
import { judgeState, litterIn } from './verdict.ts'

/** A kill at one call, and what came of it. */
export interface KillOutcome {
  readonly call: PlannedCall
  /** How many ids had been acknowledged. */
  readonly acknowledged: number
  /** How long the next process took to load the state. */
  readonly recoveryMs: number
  /** What should not be. */
  readonly problems: readonly string[]
}

/** Which of the calls are tried: every one from `first` on, `step` apart. */
export interface KillSample {
  readonly first: number
  readonly step: number
}

/** Kills a process at calls of opening, loading and two saves; then another one goes on. */
export async function sweepKills(
  kind: TracedBackend,
  place: SweepPlace,
  { first, step }: KillSample = { first: 0, step: 1 },
): Promise<{ calls: number; outcomes: KillOutcome[] }> {
  const outcomes: KillOutcome[] = []
  let victim = await TracedProcess.start()
  try {
    const rehearsal = await rehearse(kind, victim, place)
    const { calls } = rehearsal
    for (let index = first; index < calls.length; index += step) {
      const call = calls[index]
      if (call === undefined) break
      const next = TracedProcess.start()
      outcomes.push(await killAt(kind, place, rehearsal, victim, call))
      await victim.stop()
      victim = await next
    }
    return { calls: calls.length, outcomes }
  } finally {
    await victim.stop()
  }
}

/** Kills at the last call of this name, and makes what is left of it what every run finds. */
export async function leaveBehind(
  kind: TracedBackend,
  place: SweepPlace,
  name: string,
): Promise<void> {
  const victim = await TracedProcess.start()
  try {
    const rehearsal = await rehearse(kind, victim, place)
    const call = rehearsal.calls.findLast((each) => each.name === name)
    if (call === undefined) throw new Error(`no ${name} is ever called`)
    const { steps } = await runAndKill(kind, place, rehearsal, victim, call, ['left 1', 'left 2'])
    if (steps === null) throw new Error(`the kill at ${name} ${call.target} did not land`)
    place.keepAsLeftover()
  } finally {
    await victim.stop()
  }
}

async function killAt(
  kind: TracedBackend,
  place: SweepPlace,
  rehearsal: Rehearsal,
  victim: TracedProcess,
  call: PlannedCall,
): Promise<KillOutcome> {
  const { steps, problem } = await runAndKill(kind, place, rehearsal, victim, call)
  if (steps === null) return { call, acknowledged: 0, recoveryMs: 0, problems: [problem] }
  const acknowledged = steps.filter(
    ({ step, failure }) => step === 'commit' && failure === null,
  ).length
  const after: Step[] = []
  const session = new Session(kind, place.directory, (told) => after.push(told), true)
  const started = performance.now()
  await session.load()
  const recoveryMs = performance.now() - started
  await session.save('next')
  await session.close()
  const problems = [
    ...[...steps, ...after].flatMap(({ step, failure }) =>
      failure === null ? [] : [`the ${step} failed: ${failure.message}`],
    ),
    ...(await judgeState(kind, place.directory, [...steps, ...after])),
    ...litterIn(place.directory, false),
  ]
  return { call, acknowledged, recoveryMs, problems }
}

/** The steps of a run up to the kill; null where it was not killed at this call. */
async function runAndKill(
  kind: TracedBackend,
  place: SweepPlace,
  rehearsal: Rehearsal,
  victim: TracedProcess,
  call: PlannedCall,
  ids?: readonly [string, string],
): Promise<{ steps: readonly Step[] | null; problem: string }> {
  place.reset()
  const strace = await Strace.attach({
    threads: [victim.thread(call.role)],
    paths: rehearsal.pathsOf(victim),
    inject: `${call.name}:signal=SIGKILL:when=${call.occurrence}`,
    output: place.trace,
  })
  const { descriptors, steps } = await victim.run(kind, place.directory, ids)
  const trace = parseTrace(await strace.detach())
  if (descriptors === null) await victim.ended()
  const last = trace.at(-1)
  if (descriptors !== null) return { steps: null, problem: 'it was not killed' }
  if (last?.name === call.name) return { steps, problem: '' }
  return { steps: null, problem: `it was killed at ${last?.name} ${last?.text}` }
}
