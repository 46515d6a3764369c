import { createRequire } from 'node:module'
import type * as ProperLockfile from 'proper-lockfile'

type Module = Pick<typeof ProperLockfile, 'lock'>

const require = createRequire(import.meta.url)
const ofProperLockfile = createRequire(require.resolve('proper-lockfile'))
let loaded: Module | undefined

/**
 * proper-lockfile, loaded when a lock is first wanted. It takes the signals and the exit of the
 * process by signal-exit, so that SIGTERM waits for the event loop from then on, and removes locks at the
 * end. A library must not do that, and this one has no use for it: the lock of a process that is
 * gone is passed over at once. So signal-exit is told to let go again, by its own `unload`, unless
 * another part of the program has had it loaded before; then it is that one's.
 */
export function loadProperLockfile(): Module {
  if (loaded !== undefined) return loaded
  const wasInUse = signalExitUsers() > 0
  const signals: unknown = ofProperLockfile('signal-exit/signals.js')
  // Node.js ignores SIGXFSZ, so that a write beyond a limit is an error (EFBIG). Once a handler has been
  // there and was removed, it ends the process.
  if (Array.isArray(signals)) removeFrom(signals, 'SIGXFSZ')
  // In one piece, unlike import(): nothing else is loaded in between, whose signals these would be.
  const properLockfile: Module = require('proper-lockfile')
  if (!wasInUse) {
    const signalExit: unknown = ofProperLockfile('signal-exit')
    if (typeof signalExit === 'function' && 'unload' in signalExit) {
      const { unload } = signalExit
      if (typeof unload === 'function') unload()
    }
  }
  loaded = properLockfile
  return properLockfile
}

/** How many copies of signal-exit hold the signals of this process: its own count, kept on `process`. */
function signalExitUsers(): number {
  const emitter: unknown = Reflect.get(process, '__signal_exit_emitter__')
  if (typeof emitter !== 'object' || emitter === null || !('count' in emitter)) return 0
  return Number(emitter.count)
}

function removeFrom(list: unknown[], element: string): void {
  const index = list.indexOf(element)
  if (index !== -1) list.splice(index, 1)
}
