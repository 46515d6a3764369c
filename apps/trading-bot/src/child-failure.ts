/** A process that this one had started ended by itself, with an error. */
export class ChildFailure extends Error {
  /** Its own, or 1 where it had none. */
  readonly exitCode: number

  /** @param stderr is what it said. */
  constructor(who: string, exitCode: number | null, stderr: string) {
    const how =
      stderr.trim().replace(/^error: /, '') || `it ended with ${exitCode} and said nothing`
    super(`the ${who}: ${how}`)
    this.name = 'ChildFailure'
    this.exitCode = exitCode ?? 1
  }
}
