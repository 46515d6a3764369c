import { styleText } from 'node:util'
import { Big } from 'big.js'
import { formatCount } from '../format-count.ts'
import { formatMoney } from '../format-money.ts'
import { percentile } from '../percentile.ts'
import { isRight, type Audit } from './audit.ts'
import type { LabelledLine } from '../labelled-lines.ts'
import type { TableColumn } from './closing-table.ts'
import type { PartModel } from './part-model.ts'
import type { ShowModel } from './show-model.ts'

/** What the table means, in words, and what happened on the way to it. */
export function conclusion(
  model: ShowModel,
  reference: Audit,
  columns: readonly TableColumn[],
  elapsedMs: number,
): LabelledLine[] {
  return [
    ...columns.map(({ title, audit }): LabelledLine => [title, verdict(audit, reference)]),
    ...columns.flatMap(({ title }) => (title === 'holdfast' ? details(model.part(title)) : [])),
    ['Took', `${(elapsedMs / 1000).toFixed(1)} s`],
  ]
}

function verdict(audit: Audit, reference: Audit): string {
  if (isRight(audit, reference)) {
    return styleText('green', 'as if it had never been killed: to the order, and to the cent')
  }
  const off = new Big(audit.exchangeEquity).minus(audit.equity)
  const money = off.eq(0)
    ? ''
    : `; at the exchange there is ${formatMoney(off.toFixed(), 'always')}`
  const { doubled, lost, torn } = audit
  return styleText('red', `${doubled} doubled, ${lost} lost, torn ${torn} times${money}`)
}

function details({ manners, recoveredOrders, startsMs, survives }: PartModel): LabelledLine[] {
  const [silent = 0, dropped = 0, twice = 0, down = 0] = (
    ['silently', 'dropped', 'twice', 'down'] as const
  ).map((manner) => manners.get(manner))
  const start = percentile(startsMs, 0.5)?.toFixed(0) ?? '0'
  return [
    [
      'Exchange',
      `${silent} × no answer, ${dropped} × dropped, ${twice} × answered twice, ${down} × down`,
    ],
    ['Recovered', `${formatCount(recoveredOrders)} orders that a crash had left open`],
    ['Start', `p50 ${start} ms from the start of the process to trading`],
    ['Survives', survives],
  ]
}
