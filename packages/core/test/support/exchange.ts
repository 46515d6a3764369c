import type { Finding } from '../../src/index.ts'

/** What happens to one order on its way; see `Exchange.script`. */
export type Mishap =
  | 'accepts'
  | 'never arrives'
  | 'answer is lost'
  | 'hangs before it arrives'
  | 'hangs after it arrived'
  | 'refuses'

export interface Fill {
  readonly status: 'filled' | 'refused'
  readonly price: number
}

/** An exchange that knows each key once, and does to the orders that come next what it was told to. */
export class Exchange {
  /** What it did, by key. */
  readonly fills: Map<string, Fill> = new Map()
  /** The key of each order that was sent, whether or not it arrived. */
  readonly sent: string[] = []
  /** The key of each question. */
  readonly asked: string[] = []
  readonly script: Mishap[] = []
  /** Called when an order is sent; by then it has arrived, where it does. */
  onSend: () => void = () => {}
  /** Whether it can be asked. */
  isUp = true

  async place(key: string, price: number): Promise<Fill> {
    this.sent.push(key)
    const mishap = this.script.shift() ?? 'accepts'
    const isArriving = mishap !== 'never arrives' && mishap !== 'hangs before it arrives'
    const status = mishap === 'refuses' ? 'refused' : 'filled'
    const fill = this.fills.get(key) ?? { status, price }
    if (isArriving) this.fills.set(key, fill)
    this.onSend()
    if (mishap === 'never arrives') throw new Error('connect ECONNREFUSED')
    if (mishap === 'hangs before it arrives') return new Promise(() => {})
    if (mishap === 'hangs after it arrived') return new Promise(() => {})
    if (mishap === 'answer is lost') throw new Error('socket hang up')
    return fill
  }

  async find(key: string): Promise<Finding<Fill>> {
    this.asked.push(key)
    if (!this.isUp) throw new Error('503')
    const found = this.fills.get(key)
    return found ? { found } : 'absent'
  }
}
