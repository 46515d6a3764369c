import { onTestFinished } from 'vitest'
import { ShowPage } from '../src/page/show-page.ts'
import { closingTable } from '../src/show/closing-table.ts'
import { ShowModel } from '../src/show/show-model.ts'
import { candleSeries } from './candle-series.ts'
import type { Audit } from '../src/show/audit.ts'

/** A show of which nothing is real but its page. */
export interface MadeUpShow {
  readonly model: ShowModel
  readonly page: ShowPage
  /** The process ids that were killed. */
  readonly kills: readonly number[]
  /** Has the bot do the candle `index`. */
  readonly trade: (index: number) => void
}

const right: Audit = {
  kills: 0,
  equity: '1200',
  exchangeEquity: '1200',
  ordersAtExchange: 2,
  ordersInState: 2,
  doubled: 0,
  lost: 0,
  torn: 0,
  isSameState: true,
}

/** A closing table in which the bot without Holdfast has lost something. */
export const madeUpTable = closingTable(right, [
  { title: 'holdfast', audit: { ...right, kills: 5 } },
  {
    title: 'naive',
    audit: { ...right, kills: 5, exchangeEquity: '-17', doubled: 3, isSameState: false },
  },
])

/** A show of 200 candles, of which a bot has done 120, with a crash, a recovery and some orders. */
export async function madeUpShow(): Promise<MadeUpShow> {
  const prices = Array.from({ length: 200 }, (_, index) => 100 + 10 * Math.sin(index / 9))
  const candles = candleSeries(prices.map((price) => [price, price]))
  const model = new ShowModel({
    candles,
    symbol: 'ACME',
    backend: 'journal',
    plannedCrashes: 5,
    shown: 'holdfast',
  })
  const page = await ShowPage.open(model, 0)
  onTestFinished(() => page[Symbol.asyncDispose]())
  const kills: number[] = []
  model.onKill('holdfast', () => kills.push(model.part('holdfast').pid ?? 0))

  function start(pid: number, done: number, openIntents: string[]): void {
    model.take('holdfast', { kind: 'started', pid })
    model.take('holdfast', {
      kind: 'opened',
      location: '/home/you/state/journal/crash-show.journal',
      survives: 'kill -9 of the bot, and a power cut',
      version: done,
      candles: done,
      startMs: 250,
      isTorn: false,
      openIntents,
    })
  }
  function trade(index: number): void {
    model.take('holdfast', {
      kind: 'candle',
      index,
      timeMs: candles[index]?.timeMs ?? 0,
      price: '100',
      equity: String(1000 + index),
      position: { quantity: '9.5', entryPrice: '101.25' },
      version: index + 1,
      commitMs: (index % 7) / 2,
    })
  }

  start(4711, 0, [])
  for (let index = 0; index < 60; index += 1) trade(index)
  model.take('holdfast', { kind: 'ordering', order: 'ACME-000059-buy' })
  model.take('holdfast', { kind: 'killed', index: 59 })
  start(4712, 60, ['ACME-000059-buy'])
  model.take('holdfast', { kind: 'recovered', order: 'ACME-000059-buy', outcome: 'found' })
  for (let index = 60; index < 120; index += 1) trade(index)
  model.take('holdfast', { kind: 'ordering', order: 'ACME-000119-sell' })
  model.take('holdfast', { kind: 'ordered', order: 'ACME-000119-sell', status: 'filled' })
  return { model, page, kills, trade }
}
