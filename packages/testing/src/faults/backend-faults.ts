import { HoldfastError } from '@holdfast/core'
import {
  backendScenario,
  statesOf,
  type BackendScenarioOptions,
  type RecoveredBackend,
} from '../crash/backend-scenario.ts'
import { BackendSession, operationOf, type BackendStep } from '../crash/backend-session.ts'
import type { SimulatedProcess } from '../crash/simulated-process.ts'
import type { FaultScenario, PlannedFault } from './fault-scenario.ts'

/**
 * A backend as a scenario for `enumerateFaults`: every fault has to come out as a HoldfastError that is
 * not about damage; what failed with `committed: false` must not be found afterwards, what was
 * acknowledged has to be; and where the fault came once, all that follows has to succeed.
 */
export function backendFaults(options: BackendScenarioOptions): FaultScenario<RecoveredBackend> {
  const { prepare, recover, check } = backendScenario(options)
  const { open, steps } = options
  const names = statesOf(options)
  return {
    ...(prepare === undefined ? {} : { prepare }),
    recover,
    check,
    async workload(process, fault) {
      const session = new BackendSession(open, process, names)
      const failed: unknown[] = []
      const attempt = async (
        operation: string | null,
        work: () => Promise<void>,
      ): Promise<void> => {
        try {
          await work()
        } catch (error) {
          session.forget()
          failed.push(bear(process, operation, error))
        }
        requireGoingOn(fault, failed)
      }
      for (const [index, step] of steps.entries()) {
        const operation = operationOf(step, `work, step ${index + 1}`)
        await attempt(operation, () => session.step(step, operation))
      }
      const last: BackendStep = { kind: 'commit', state: names[0] ?? 'a', bytes: 0 }
      const operation = operationOf(last, 'work, last')
      await attempt(operation, () => session.step(last, operation))
      await attempt(null, () => session.close())
    },
  }
}

/** Takes an error as a program would. @throws Error that begins with `untyped` or `damage`. */
function bear(process: SimulatedProcess, operation: string | null, error: unknown): unknown {
  if (!HoldfastError.is(error)) throw new Error(`untyped: ${String(error)}`, { cause: error })
  if (error.code === 'CORRUPT' || error.code === 'NEWER_SCHEMA') {
    throw new Error(`damage: a fault was taken for it: ${error.message}`, { cause: error })
  }
  const isBegun = operation !== null && process.operations.begun.includes(operation)
  if (isBegun && error.committed === false) process.refuse(operation)
  return error
}

/** @throws Error that begins with `stuck`. */
function requireGoingOn(fault: PlannedFault | null, failed: readonly unknown[]): void {
  const most = fault === null ? 0 : fault.mode === 'once' ? 1 : Number.POSITIVE_INFINITY
  if (failed.length <= most) return
  const cause = failed.at(-1)
  throw new Error(`stuck: what followed the fault failed too: ${String(cause)}`, { cause })
}
