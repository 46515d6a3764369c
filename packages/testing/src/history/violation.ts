import type { Json } from '@holdfast/core'
import type { Linearization, Order } from './linearize.ts'
import type { CompletedOperation, Operation } from './operation.ts'

/** Where a history stops to be linearizable. */
export interface Violation<State = Json> {
  readonly key: string
  /** What all operations that ended before this one can be ordered without, and none with. */
  readonly operation: CompletedOperation
  /** What the state can have been when it had to come at the latest. */
  readonly states: readonly State[]
  /** What could not be ordered any more: this operation, and what was under way beside it. */
  readonly window: readonly Operation[]
  /** The last operations of an order that explains all before: where a state comes from. */
  readonly before: readonly Operation[]
  /** All of this, for a person. */
  readonly explanation: string
}

/** How much of the past an explanation tells, and how many operations that never returned. */
const mostBefore = 5
const mostUnknown = 5

/** Reads a violation out of what a search came to. */
export function violationOf<State extends Json>(
  operations: readonly Operation[],
  { blocked, furthest }: Linearization<State>,
): Violation<State> {
  if (blocked === null) throw new TypeError('the search was not blocked')
  const ordered: Operation[] = []
  for (let order: Order<State> | null = furthest[0] ?? null; order !== null; order = order.before) {
    if (order.last !== null) ordered.push(order.last)
  }
  const isOrdered = new Set(ordered)
  const window = operations
    .filter((operation) => operation.begin <= blocked.end && !isOrdered.has(operation))
    .toSorted((a, b) => Number(a.begin - b.begin))
  const before = ordered.slice(0, mostBefore).toReversed()
  const states = furthest.map(({ state }) => state)
  const found = { key: blocked.key, operation: blocked, states, window, before }
  return { ...found, explanation: explain(found) }
}

function explain({
  key,
  operation,
  states,
  window,
  before,
}: Omit<Violation, 'explanation'>): string {
  const start = [...before, ...window.filter(({ end }) => end !== null)].reduce(
    (least, { begin }) => (begin < least ? begin : least),
    operation.begin,
  )
  const unknown = window.filter(({ end }) => end === null)
  const left = new Set(unknown.slice(0, -mostUnknown))
  const table = [
    ['', 'process', 'begin', 'end', 'operation', 'returned'],
    ...before.map((other) => ['', ...row(other, start)]),
    ...window
      .filter((other) => !left.has(other))
      .map((other) => [other === operation ? '>' : '|', ...row(other, start)]),
  ]
  const shown = states.slice(0, 5).map((state) => shortened(JSON.stringify(state)))
  const rest =
    states.length > shown.length ? `, or one of ${states.length - shown.length} more` : ''
  return [
    `The history of key ${JSON.stringify(key)} is not linearizable: no order of its operations explains that`,
    `${call(operation)} by ${operation.process} returned ${returned(operation)}.`,
    `All that had to come before it can be ordered; the state was then ${shown.join(' or ')}${rest}.`,
    'It is marked by >, what was under way and could not be ordered either by |; before these come the',
    'last that could. Times are in microseconds; ? is an operation of unknown outcome.',
    ...aligned(table),
    ...(left.size > 0 ? [`and ${left.size} of unknown outcome that began earlier`] : []),
  ].join('\n')
}

function row(operation: Operation, start: bigint): string[] {
  const time = (at: bigint): string => (Number(at - start) / 1000).toFixed(1)
  const { process, begin, end } = operation
  return [
    process,
    time(begin),
    end === null ? '?' : time(end),
    call(operation),
    returned(operation),
  ]
}

function call({ input }: Operation): string {
  return shortened(JSON.stringify(input))
}

function returned(operation: Operation): string {
  return operation.end === null ? '?' : shortened(JSON.stringify(operation.output))
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function aligned(table: readonly string[][]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  )
  return table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
