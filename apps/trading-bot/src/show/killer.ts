import type { PlannedKill } from './crash-plan.ts'

/**
 * Something that happened to the bot, and may be the occasion of a kill. `over`: it was started again
 * after the last candle, since there are kills left: any of them is up.
 */
export type Happening =
  | { readonly kind: 'start' | 'over' }
  | { readonly kind: 'candle' | 'intent' | 'sent'; readonly index: number }

/**
 * Carries out a plan of kills, one after another: each waits for its occasion, and the next one
 * for the death of the bot.
 */
export class Killer {
  readonly #plan: readonly PlannedKill[]
  readonly #kill: () => void
  #next = 0
  #timer: NodeJS.Timeout | undefined
  #isStruck = false

  /** @param kill ends the bot that lives now, if one does. */
  constructor(plan: readonly PlannedKill[], kill: () => void) {
    this.#plan = plan
    this.#kill = kill
  }

  /** How many kills are still to come. */
  get left(): number {
    return this.#plan.length - this.#next
  }

  /** Takes note of what happened; kills, now or a little later, if that is what the plan says. */
  notice(happening: Happening): void {
    const planned = this.#plan[this.#next]
    if (planned === undefined || this.#timer !== undefined || this.#isStruck) return
    if (!isOccasion(planned, happening)) return
    if (planned.delayMs === 0) this.#strike()
    else this.#timer = setTimeout(() => this.#strike(), planned.delayMs)
  }

  /** The bot has ended. If the planned kill did it, the next one is up. */
  ended(wasKilled: boolean): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isStruck && wasKilled) this.#next += 1
    this.#isStruck = false
  }

  #strike(): void {
    this.#isStruck = true
    this.#kill()
  }
}

function isOccasion({ occasion, index }: PlannedKill, happening: Happening): boolean {
  if (happening.kind === 'over') return true
  if (happening.kind === 'start' || occasion === 'start') return happening.kind === occasion
  if (happening.kind === occasion) return happening.index >= index
  // There was no such order any more: the next candle will do.
  return happening.kind === 'candle' && happening.index > index
}
