import type { PlannedCall } from './trace.ts'

/** A fault, and what should not have come of it. */
interface Outcome {
  readonly call?: PlannedCall
  readonly limit?: number
  readonly errno?: string
  readonly isForever?: boolean
  readonly problems: readonly string[]
}

/** Every problem with the fault that it came of, a line each; none where all is well. */
export function problemsIn(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap((outcome) => {
    const { call, limit, errno, isForever, problems } = outcome
    const how = errno === undefined ? '' : ` ${errno} ${isForever === true ? 'for ever' : 'once'}`
    const where =
      call === undefined
        ? `limit ${limit}`
        : `${call.role} ${call.name} #${call.occurrence} ${call.target}${how}`
    return problems.map((problem) => `${where}: ${problem}`)
  })
}
