import { constants } from 'node:os'
import { interceptFileSystem, nodeFileSystem } from '../src/index.ts'
import type { FileCall, FileSystem } from '../src/index.ts'

/** A system error as Node throws it. */
export function fault(code: keyof typeof constants.errno, call: FileCall): NodeJS.ErrnoException {
  const message = `${code}: injected, ${call.method} '${call.path}'`
  return Object.assign(new Error(message), {
    code,
    errno: -constants.errno[code],
    syscall: call.method,
    path: call.path,
  })
}

export interface Recording {
  readonly fs: FileSystem
  readonly calls: FileCall[]
  /** Those whose answer came later, as a promise. */
  readonly pooled: FileCall[]
}

/** The real file system, with every call kept. `decide` may throw for a call. */
export function recordCalls(
  decide: (call: FileCall, index: number) => void = () => undefined,
  platform?: NodeJS.Platform,
): Recording {
  const calls: FileCall[] = []
  const pooled: FileCall[] = []
  const fs = interceptFileSystem(
    nodeFileSystem,
    (call, proceed) => {
      calls.push(call)
      decide(call, calls.length - 1)
      const result = proceed()
      if (result instanceof Promise) pooled.push(call)
      return result
    },
    platform,
  )
  return { fs, calls, pooled }
}

/** A call as a word: syncs, stats and closes of a directory are told from those of a file. */
export function nameOf(call: FileCall): string {
  return 'directory' in call && call.directory ? `${call.method} directory` : call.method
}
