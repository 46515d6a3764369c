/** What ends a run early, and the exit code that it ends with then. */
export interface Stop {
  readonly signal: AbortSignal
  /** 0 while nothing stopped the run. */
  readonly exitCode: number
}

/** 128 and the number of the signal, as shells have it. */
const exitCodes = { SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 } as const

/**
 * Turns what may end this process from outside into a signal: SIGINT, SIGTERM, an output that takes no
 * more, and the end of the process that started this one with a channel for reports. A second signal
 * ends the process at once, which the state survives as well.
 */
export function listenForStop(): Stop {
  const controller = new AbortController()
  const stop = { signal: controller.signal, exitCode: 0 }
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.exitCode = exitCodes[name]
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  process.once('disconnect', () => {
    stop.exitCode = exitCodes.SIGTERM
    controller.abort(new Error('stopped: the process that had started this one is gone'))
  })
  process.channel?.unref()
  let isOutputLost = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isOutputLost) return
    isOutputLost = true
    // EPIPE is how `| head` ends a program that, as Node does, ignores SIGPIPE.
    stop.exitCode = error.code === 'EPIPE' ? exitCodes.SIGPIPE : 1
    if (error.code !== 'EPIPE') {
      process.stderr.write(`error: the output cannot be written: ${error.message}\n`)
    }
    // It may come when the run is over already, its report lost.
    process.exitCode = stop.exitCode
    controller.abort(error)
  })
  return stop
}
