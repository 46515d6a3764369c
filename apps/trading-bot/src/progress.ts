import { styleText } from 'node:util'

/** Where a run stands. */
export interface ProgressPoint {
  /** Candles done, of `total`. */
  readonly done: number
  readonly total: number
  /** What else there is to say. */
  readonly text: string
}

/** Shows a run going on. */
export interface Progress {
  /** Whether the next `show` would show anything; the caller need not gather the point otherwise. */
  isDue(done: number, total: number): boolean
  show(point: ProgressPoint): void
  /** Leaves the output at the start of a line. Idempotent. */
  end(): void
}

/** What progress is written to; `process.stdout` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const redrawMs = 100
const narrowestBar = 8
const widestBar = 40
/** Room for the text beside the bar, so that the bar keeps its width while the text grows. */
const defaultTextWidth = 51

/**
 * A bar on one line, drawn again at most ten times a second. The terminal's cursor stays visible: a
 * bot that is killed with SIGKILL could not bring it back.
 */
export function progressBar(
  stream: ProgressStream,
  now: () => number,
  textWidth: number = defaultTextWidth,
): Progress {
  let drawnAt = Number.NEGATIVE_INFINITY
  let isOpen = false
  return {
    isDue: (done, total) => done === total || now() - drawnAt >= redrawMs,
    show(point) {
      drawnAt = now()
      isOpen = true
      stream.write(`\r${barLine(point, (stream.columns ?? 80) - 1, textWidth)}\u001B[K`)
    },
    end() {
      if (isOpen) stream.write('\n')
      isOpen = false
    },
  }
}

/** A line for each tenth of the candles: for logs and pipes. */
export function progressLines(stream: ProgressStream): Progress {
  let shownTenth: number | undefined
  return {
    isDue(done, total) {
      const tenth = Math.floor((done * 10) / total)
      // A run that was resumed between two tenths says nothing before the next one.
      shownTenth ??= Math.floor(((done - 1) * 10) / total)
      return tenth > shownTenth
    },
    show(point) {
      shownTenth = Math.floor((point.done * 10) / point.total)
      stream.write(`${details(point)}\n`)
    },
    end() {},
  }
}

function barLine(point: ProgressPoint, columns: number, textWidth: number): string {
  const width = Math.min(widestBar, columns - textWidth)
  if (width < narrowestBar) return details(point).slice(0, columns)
  const filled = Math.floor((point.done * width) / point.total)
  const bar = styleText('cyan', '█'.repeat(filled)) + styleText('dim', '░'.repeat(width - filled))
  return `${bar} ${details(point).slice(0, columns - width - 1)}`
}

function details({ done, total, text }: ProgressPoint): string {
  return `${String(Math.floor((done * 100) / total)).padStart(3)} %  ${text}`
}
