import type { StormReport } from './run-storm.ts'

/** The verdict; of a storm that was not stood the explanation, which is what a person wants to see. */
export function outcomeOf({ result }: StormReport): string {
  return result.verdict === 'violated' ? result.violation.explanation : result.verdict
}
