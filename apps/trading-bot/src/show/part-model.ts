import type { RunEvent } from './crash-run.ts'

/** The runs of a show. */
export type Part = 'uninterrupted' | 'holdfast' | 'naive'

/** One line of a log: when, by the candles, and what. */
export interface LogLine {
  readonly timeMs: number
  readonly text: string
}

/** One kill: the candle that was done last. */
export interface CrashMark {
  readonly index: number
  readonly timeMs: number
}

/** Upper bounds of the latency histogram, in milliseconds; the last column is what is above. */
export const latencyBoundsMs: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64]

const longestLog = 200
/** So many of the latest commits count for the percentiles. */
const latestCommits = 1000
const secondMs = 1000

/** What is known of one run, as its events tell it. */
export class PartModel {
  readonly part: Part
  /** By the index of the candle. */
  readonly equity: string[] = []
  readonly crashes: CrashMark[] = []
  readonly openIntents = new Set<string>()
  readonly recoveries: LogLine[] = []
  readonly orders: LogLine[] = []
  readonly histogram: number[] = latencyBoundsMs.map(() => 0).concat(0)
  readonly manners = new Map<string, number>()
  lives = 0
  torn = 0
  recoveredOrders = 0
  version = 0
  pid: number | null = null
  location = ''
  survives = ''
  readonly startsMs: number[] = []
  /** How long the latest commits took. */
  readonly latestMs: number[] = []
  position: { readonly quantity: string; readonly entryPrice: string } | null = null
  /** The index of the candle that was done last. */
  index = -1
  isDone = false
  readonly #timeAt: (index: number) => number
  readonly #now: () => number
  #commitTimes: number[] = []

  constructor(part: Part, timeAt: (index: number) => number, now = () => performance.now()) {
    this.part = part
    this.#timeAt = timeAt
    this.#now = now
  }

  /** How many candles were committed in the last second. */
  commitsPerSecond(): number {
    const since = this.#now() - secondMs
    this.#commitTimes = this.#commitTimes.filter((time) => time > since)
    return this.#commitTimes.length
  }

  /** Takes in what happened. */
  take(event: RunEvent): void {
    switch (event.kind) {
      case 'started':
        this.lives += 1
        this.pid = event.pid
        return
      case 'opened':
        this.#opened(event)
        return
      case 'candle':
        this.#candle(event)
        return
      case 'ordering':
        this.openIntents.add(event.order)
        return
      case 'unanswered':
        this.#log(this.orders, `${event.order}: no answer, asking again`)
        return
      case 'ordered':
        this.openIntents.delete(event.order)
        this.#log(this.orders, `${event.order}: ${event.status}`)
        return
      case 'recovered':
        if (event.outcome !== 'open') {
          this.openIntents.delete(event.order)
          this.recoveredOrders += 1
        }
        this.#log(this.recoveries, recoveryText(event.order, event.outcome))
        return
      case 'killed':
        this.pid = null
        this.crashes.push({ index: event.index, timeMs: this.#timeAt(event.index) })
        return
      case 'request':
        this.manners.set(event.manner, (this.manners.get(event.manner) ?? 0) + 1)
        return
      case 'done':
        this.isDone = true
        this.pid = null
        return
      case 'listening':
    }
  }

  #opened(event: Extract<RunEvent, { kind: 'opened' }>): void {
    this.index = event.candles - 1
    this.equity.length = event.candles
    this.version = event.version
    this.location = event.location
    this.survives = event.survives
    this.startsMs.push(event.startMs)
    this.openIntents.clear()
    for (const order of event.openIntents) this.openIntents.add(order)
    if (event.isTorn) {
      this.torn += 1
      this.#log(this.recoveries, 'the state was torn: everything is gone, starting over')
    } else if (this.crashes.length > 0) {
      const open = event.openIntents.map((order) => `; ${order} was left open`).join('')
      this.#log(this.recoveries, `went on at candle ${event.candles + 1}${open}`)
    }
  }

  #candle(event: Extract<RunEvent, { kind: 'candle' }>): void {
    this.index = event.index
    this.equity[event.index] = event.equity
    this.version = event.version
    this.position = event.position
    this.#commitTimes.push(this.#now())
    this.latestMs.push(event.commitMs)
    if (this.latestMs.length > latestCommits) this.latestMs.shift()
    const column = latencyBoundsMs.findIndex((bound) => event.commitMs <= bound)
    const at = column === -1 ? latencyBoundsMs.length : column
    this.histogram[at] = (this.histogram[at] ?? 0) + 1
  }

  #log(lines: LogLine[], text: string): void {
    lines.push({ timeMs: this.#timeAt(this.index), text })
    if (lines.length > longestLog) lines.shift()
  }
}

const recoveryTexts: Readonly<Record<string, string>> = {
  found: 'had been taken by the exchange; its fill is recorded now',
  repeated: 'had not arrived; it was sent again under the same id',
  settled: 'was settled meanwhile',
  open: 'is still without an answer',
}

function recoveryText(order: string, outcome: string): string {
  return `${order} ${recoveryTexts[outcome] ?? outcome}`
}
