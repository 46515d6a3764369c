/** One command of this program: gives the exit code, or null when it was stopped by `signal`. */
export type Command = (argv: readonly string[], signal: AbortSignal) => Promise<number | null>
