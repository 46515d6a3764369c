import { styleText } from 'node:util'
import { formatCount } from '../format-count.ts'
import { formatMoney } from '../format-money.ts'
import type { PageTable } from '../page/page-message.ts'
import type { Audit } from './audit.ts'

/** One run of the table. */
export interface TableColumn {
  readonly title: string
  readonly audit: Audit
}

interface Row {
  readonly label: string
  readonly cell: (audit: Audit) => string
}

const count =
  (key: 'kills' | 'ordersAtExchange' | 'ordersInState' | 'doubled' | 'lost' | 'torn') =>
  (audit: Audit): string =>
    formatCount(audit[key])

const rows: readonly Row[] = [
  { label: 'Final equity, by the state', cell: ({ equity }) => formatMoney(equity) },
  { label: 'Final equity, by the exchange', cell: (audit) => formatMoney(audit.exchangeEquity) },
  { label: 'Orders at the exchange', cell: count('ordersAtExchange') },
  { label: 'Orders in the state', cell: count('ordersInState') },
  { label: 'Orders doubled', cell: count('doubled') },
  { label: 'Orders lost', cell: count('lost') },
  { label: 'Torn states', cell: count('torn') },
  { label: 'State as uninterrupted', cell: ({ isSameState }) => (isSameState ? 'yes' : 'no') },
]

/** The runs side by side, the uninterrupted one first; each cell knows whether it is right. */
export function closingTable(reference: Audit, columns: readonly TableColumn[]): PageTable {
  const all = [{ title: 'uninterrupted', audit: reference }, ...columns]
  const kills = {
    label: 'kill -9',
    cells: all.map(({ audit }) => rightCell(count('kills')(audit))),
  }
  const compared = rows.map(({ label, cell }) => ({
    label,
    cells: all.map(({ audit }) => ({
      text: cell(audit),
      isRight: cell(audit) === cell(reference),
    })),
  }))
  return { titles: all.map(({ title }) => title), rows: [kills, ...compared] }
}

function rightCell(text: string): PageTable['rows'][number]['cells'][number] {
  return { text, isRight: true }
}

const labelWidth = 30
const cellWidth = 16

/** The table as text: at most 78 columns with three runs; what is wrong is marked. */
export function tableText({ titles, rows: lines }: PageTable): string {
  const head = titles.map((title) => title.padStart(cellWidth)).join('')
  const body = lines.map(({ label, cells }) => {
    const texts = cells.map(({ text, isRight }) => {
      const cell = `${isRight ? '' : '✗ '}${text}`.padStart(cellWidth)
      return isRight ? cell : styleText('red', cell)
    })
    return `${label.padEnd(labelWidth)}${texts.join('')}\n`
  })
  return `${styleText('bold', `${''.padEnd(labelWidth)}${head}`)}\n${body.join('')}`
}
