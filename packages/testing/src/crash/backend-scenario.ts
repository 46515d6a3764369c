import { isDeepStrictEqual } from 'node:util'
import type { Backend } from '@holdfast/core'
import { BackendSession, filesIn, type BackendStep, type Entries } from './backend-session.ts'
import type { CrashScenario } from './crash-scenario.ts'
import type { Operations } from './operation-log.ts'
import { possibleOutcomes } from './possible-outcomes.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** Which backend is crashed, in what. */
export interface BackendScenarioOptions {
  /** Opens the backend for `process`, always on the same place. */
  readonly open: (process: SimulatedProcess) => Promise<Backend>
  /** What is there before. */
  readonly prepared?: readonly BackendStep[]
  readonly steps: readonly BackendStep[]
  /** The states that are recovered; those that the steps name when left out. */
  readonly states?: readonly string[]
  /** Whether a file may be there after the recovery has made a commit; left out, any may. */
  readonly isExpected?: (path: string) => boolean
}

/** What the states held after the power cut, and after one more commit, in each of them. */
export interface RecoveredBackend {
  readonly found: Entries
  readonly again: Entries
  /** The operations of the recovery itself. */
  readonly own: readonly string[]
  /** What is there and should not be. */
  readonly litter: readonly string[]
}

/**
 * A backend as a scenario for `exploreCrashes`: after every power cut each state has to hold what was
 * acknowledged, whole and in order, with or without the operation that was under way; the next commit
 * has to succeed, and to be there when the backend is opened once more.
 */
export function backendScenario(options: BackendScenarioOptions): CrashScenario<RecoveredBackend> {
  const { open, prepared = [], steps, isExpected = () => true } = options
  const names = statesOf(options)
  return {
    async prepare(process) {
      await new BackendSession(open, process, names).run(prepared, 'before')
    },
    async workload(process) {
      await new BackendSession(open, process, names).run(steps, 'work')
    },
    async recover(process) {
      const session = new BackendSession(open, process, names)
      const found = await session.load()
      const own = await session.run(
        names.map((state) => ({ kind: 'commit', state, bytes: 0 })),
        `after ${process.instance.bootId}`,
      )
      const reader = new BackendSession(open, process, names)
      const again = await reader.load()
      await reader.close()
      const litter = (await filesIn(process, '/')).filter((path) => !isExpected(path))
      return { found, again, own, litter }
    },
    check: ({ found, again, own, litter }, operations) => {
      const before = (all: readonly string[]) => all.filter((one) => !own.includes(one))
      const { begun, acknowledged } = operations
      requirePossible(found, { begun: before(begun), acknowledged: before(acknowledged) })
      requirePossible(again, operations)
      if (litter.length > 0) throw new Error(`litter: ${litter.join(', ')} is left`)
    },
  }
}

/** The names of the states that are worked on. */
export function statesOf({
  states,
  prepared = [],
  steps,
}: BackendScenarioOptions): readonly string[] {
  const named = [...prepared, ...steps].flatMap((step) => ('state' in step ? [step.state] : []))
  return states ?? [...new Set(named)]
}

/** @throws Error that begins with `missing`, `lost` or `wrong`. */
function requirePossible(found: Entries, { begun, acknowledged }: Operations): void {
  for (const [state, entries] of Object.entries(found)) {
    const of = (all: readonly string[]) => all.filter((one) => one.split(' ')[1] === state)
    const own = { begun: of(begun), acknowledged: of(acknowledged) }
    const possible = possibleOutcomes<readonly string[]>(own, [], applied)
    if (possible.some((one) => isDeepStrictEqual(one, entries))) continue
    const isOlder = entries.every((entry) => begun.includes(entry))
    const kind = entries.length === 0 ? 'missing' : isOlder ? 'lost' : 'wrong'
    const expected = possible.map((one) => JSON.stringify(one)).join(' or ')
    throw new Error(`${kind}: ${state} holds ${JSON.stringify(entries)} and not ${expected}`)
  }
}

function applied(entries: readonly string[], operation: string): readonly string[] {
  return operation.startsWith('remove') ? [] : [...entries, operation]
}
