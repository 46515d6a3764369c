import type { ThreadRole } from './traced-process.ts'

/** One system call of a trace. */
export interface TracedCall {
  /** The thread; null where only one was traced. */
  readonly thread: number | null
  readonly name: string
  /** The rest of the line, from the first argument on. */
  readonly text: string
  /** When it was made, in seconds. */
  readonly time: number
  readonly isInjected: boolean
}

/** Reads the lines of strace; those that only continue an earlier one say nothing new here. */
export function parseTrace(lines: readonly string[]): TracedCall[] {
  return lines.flatMap((line) => {
    const match = /^(?:(\d+)\s+)?(\d+\.\d+) ([a-z]\w*)\((.*)$/.exec(line)
    if (match === null) return []
    const [, thread, time, name = '', text = ''] = match
    const isInjected = text.endsWith('(INJECTED)')
    const by = thread === undefined ? null : Number(thread)
    return [{ thread: by, time: Number(time), name, text, isInjected }]
  })
}

/** The absolute paths in the arguments of a call, and where its descriptors lead. */
export function pathsIn({ text: line }: TracedCall): string[] {
  const text = line.replace(/\) += .*$/, '')
  return [...text.matchAll(/["<](\/[^">]*)[">]/g)].map(([, path = '']) => path)
}

/** The file descriptor that is a call's first argument, or null. */
export function descriptorOf({ text }: TracedCall): number | null {
  const match = /^(\d+)/.exec(text)
  return match === null ? null : Number(match[1])
}

/** One call of a run, so that it can be found again in another one: strace counts by thread and name. */
export interface PlannedCall {
  readonly role: ThreadRole
  readonly name: string
  /** The how-many-eth call of this name on this thread, from 1. */
  readonly occurrence: number
  /** What it works on: the last parts of its paths, the same in each run. */
  readonly target: string
}
