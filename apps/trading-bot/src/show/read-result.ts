import { readFile } from 'node:fs/promises'
import { openStore } from 'holdfast'
import { Book, type BookedOrder } from '../exchange/booked-order.ts'
import { Trading } from '../trading-state.ts'
import { tradingOptions } from '../trading-options.ts'
import type { Settings } from '../settings.ts'

/** The bot's state, as it lies in its store. */
export async function readTrading(url: string, name: string, settings: Settings): Promise<Trading> {
  await using store = await openStore(url)
  await using state = await store.open(name, tradingOptions(settings))
  return Trading.parse(structuredClone(state.value))
}

/** The state of a bot without Holdfast. */
export async function readNaive(file: string): Promise<Trading> {
  return Trading.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** The orders in an exchange's book, in the order in which they came. */
export async function readBook(url: string): Promise<BookedOrder[]> {
  await using store = await openStore(url)
  const schema = Book
  await using state = await store.open('exchange', { schema, initial: () => ({ orders: {} }) })
  const { orders } = Book.parse(structuredClone(state.value))
  return Object.values(orders).toSorted((one, other) => one.number - other.number)
}
