// What changes an array in place, and enumerates it like an object, is what these recipes try.
/* oxlint-disable unicorn/no-array-sort, unicorn/no-array-reverse, typescript/no-for-in-array, typescript/require-array-sort-compare */
import { isContainer } from '../../src/container.ts'
import { Held, type PlainDocument } from './plain-document.ts'

/** A value that a recipe puts in. Slots are the variables of the recipe. */
export type Value =
  | { readonly from: 'json'; readonly json: unknown }
  | { readonly from: 'slot'; readonly slot: number }
  | { readonly from: 'wrap'; readonly slot: number; readonly json: unknown }
  | { readonly from: 'spread'; readonly slot: number; readonly json: unknown }

/** One step of a recipe. Numbers are fitted to what the recipe finds. */
export type Step =
  | { readonly do: 'hold'; readonly slot: number; readonly picks: readonly number[] }
  | {
      readonly do: 'set'
      readonly at: number
      readonly key: number | string
      readonly value: Value
    }
  | { readonly do: 'delete'; readonly at: number; readonly key: number }
  | { readonly do: 'assign'; readonly at: number; readonly value: Value }
  | { readonly do: 'push' | 'unshift'; readonly at: number; readonly values: readonly Value[] }
  | { readonly do: 'pop' | 'shift'; readonly at: number; readonly slot: number }
  | {
      readonly do: 'splice'
      readonly at: number
      readonly index: number
      readonly count: number
      readonly values: readonly Value[]
      readonly slot: number
    }
  | { readonly do: 'length'; readonly at: number; readonly length: number }
  | { readonly do: 'sort' | 'reverse' | 'swap'; readonly at: number }
  | { readonly do: 'fill'; readonly at: number; readonly value: Value; readonly from: number }
  | { readonly do: 'copyWithin'; readonly at: number; readonly to: number; readonly from: number }
  | { readonly do: 'filter'; readonly at: number; readonly key: number; readonly parity: number }
  | { readonly do: 'look'; readonly at: number }

export const slots = 4
const mostSize = 300
const sizeOf = (value: unknown): number => JSON.stringify(value).length

type Members = Record<string, unknown> | unknown[]

/** How steps are carried out: on drafts, or on a plain document. */
export interface Hands {
  /** What a variable may hold for `value`, which was read from `see(…)`. */
  hold(value: unknown): unknown
  /** What stands behind a variable, to read from; undefined for anything but an array or object. */
  see(variable: unknown): Members | undefined
  /** The same, all that is below included. */
  view(variable: unknown): Members
  set(variable: unknown, key: string | number, value: unknown): void
  delete(variable: unknown, key: string): void
  assign(variable: unknown, members: Record<string, unknown>): void
  splice(variable: unknown, how: Splice): unknown[]
  sort(variable: unknown): void
  reverse(variable: unknown): void
  fill(variable: unknown, value: unknown, from: number): void
  copyWithin(variable: unknown, to: number, from: number): void
}

/** The method to use, or `length`, and where. */
interface Splice {
  readonly by: 'push' | 'unshift' | 'pop' | 'shift' | 'splice' | 'length'
  readonly index: number
  readonly count: number
  readonly values: readonly unknown[]
}

/** Runs `steps` on `root`; returns what it saw. */
export function runRecipe(steps: readonly Step[], root: unknown, hands: Hands): unknown[] {
  const run = new Run(root, hands)
  for (const step of steps) run.take(step)
  return run.seen
}

class Run {
  readonly seen: unknown[] = []
  readonly #slots: unknown[]
  readonly #hands: Hands

  constructor(root: unknown, hands: Hands) {
    this.#slots = [root, root, null, null]
    this.#hands = hands
  }

  take(step: Step): void {
    if (step.do === 'hold') return this.#hold(step.slot, step.picks)
    const variable = this.#slots[step.at]
    const seen = this.#hands.see(variable)
    if (seen === undefined) return undefined
    if (step.do === 'look') return void this.seen.push(look(this.#hands.view(variable)))
    if (step.do === 'set') return this.#set(variable, seen, step.key, this.#value(step.value))
    return Array.isArray(seen)
      ? this.#takeOnArray(step, variable, seen)
      : this.#takeOnObject(step, variable, seen)
  }

  #takeOnObject(step: Step, variable: unknown, seen: Record<string, unknown>): void {
    switch (step.do) {
      case 'delete': {
        const key = fitted(Object.keys(seen), step.key)
        if (key !== undefined) this.#hands.delete(variable, key)
        return
      }
      case 'assign': {
        const value = this.#value(step.value)
        const members = step.value.from === 'slot' ? this.#members(value) : value
        if (isContainer(members)) this.#hands.assign(variable, members)
        return
      }
      case 'filter': {
        const key = fitted(Object.keys(seen), step.key)
        const list = key === undefined ? undefined : this.#hands.see(this.#hands.hold(seen[key]))
        if (key === undefined || !Array.isArray(list)) return
        const kept = list.filter((_, index) => index % 2 === step.parity)
        this.#hands.set(
          variable,
          key,
          kept.map((element) => this.#hands.hold(element)),
        )
        return
      }
      default:
    }
  }

  #takeOnArray(step: Step, variable: unknown, seen: unknown[]): void {
    const { length } = seen
    const splice = (
      by: Splice['by'],
      index: number,
      count: number,
      values: readonly Value[] = [],
    ): unknown =>
      this.#hands.splice(variable, {
        by,
        index,
        count,
        values: values.map((value) => this.#value(value)),
      })[0] ?? null
    switch (step.do) {
      case 'push':
        return void splice('push', length, 0, step.values)
      case 'unshift':
        return void splice('unshift', 0, 0, step.values)
      case 'pop':
        this.#slots[step.slot] = splice('pop', Math.max(length - 1, 0), 1)
        return
      case 'shift':
        this.#slots[step.slot] = splice('shift', 0, 1)
        return
      case 'splice':
        this.#slots[step.slot] = splice(
          'splice',
          step.index % (length + 1),
          step.count,
          step.values,
        )
        return
      case 'length':
        return void splice('length', step.length % (length + 1), length)
      case 'sort':
        return this.#hands.sort(variable)
      case 'reverse':
        return this.#hands.reverse(variable)
      case 'swap':
        return this.#swap(variable, seen)
      case 'fill':
        return this.#hands.fill(variable, this.#value(step.value), step.from)
      case 'copyWithin':
        return this.#hands.copyWithin(variable, step.to, step.from)
      default:
    }
  }

  #hold(slot: number, picks: readonly number[]): void {
    let variable = this.#slots[0]
    for (const pick of picks) {
      const seen = this.#hands.see(variable)
      if (seen === undefined) break
      const below = Object.keys(seen).filter((key) => isContainer(Reflect.get(seen, key)))
      const key = fitted(below, pick)
      if (key === undefined) break
      variable = this.#hands.hold(Reflect.get(seen, key))
    }
    this.#slots[slot] = variable
  }

  #set(variable: unknown, seen: object, key: number | string, value: unknown): void {
    if (Array.isArray(seen)) this.#hands.set(variable, Number(key) % (seen.length + 1) || 0, value)
    else if (typeof key === 'string') this.#hands.set(variable, key, value)
    else this.#hands.set(variable, fitted(Object.keys(seen), key) ?? 'a', value)
  }

  #swap(variable: unknown, seen: unknown[]): void {
    const last = seen.length - 1
    if (last < 1) return
    const [one, other] = [this.#hands.hold(seen[0]), this.#hands.hold(seen[last])]
    this.#hands.set(variable, 0, other)
    this.#hands.set(variable, last, one)
  }

  #value(value: Value): unknown {
    if (value.from === 'json') return structuredClone(value.json)
    const variable = this.#slots[value.slot]
    const json: unknown = 'json' in value ? structuredClone(value.json) : null
    // A document that is put into itself grows with each step: by powers.
    if (this.#hands.see(variable) && sizeOf(this.#hands.view(variable)) > mostSize) return json
    if (value.from === 'slot') return variable
    if (value.from === 'wrap') return { in: variable, more: [variable, json] }
    const members = this.#members(variable)
    return Array.isArray(members) ? [...members, json] : { ...members, extra: json }
  }

  /** A shallow copy. */
  #members(variable: unknown): Record<string, unknown> | unknown[] | undefined {
    const seen = this.#hands.see(variable)
    if (Array.isArray(seen)) return [...seen].map((element) => this.#hands.hold(element))
    const members = Object.entries({ ...seen }).map(([key, member]) => [
      key,
      this.#hands.hold(member),
    ])
    return Object.fromEntries(members) as Record<string, unknown>
  }
}

/** One of `keys`, in an order that does not depend on that of the object. */
function fitted(keys: readonly string[], pick: number): string | undefined {
  return keys.toSorted()[pick % Math.max(keys.length, 1)]
}

/** What there is to see of an array or object, in all the ways that there are to look. */
function look(seen: Record<string, unknown> | unknown[]): unknown {
  const inKeys: string[] = []
  for (const key in seen) inKeys.push(key)
  return {
    text: canonicalText(seen),
    size: sizeOf(seen),
    keys: Object.keys(seen).toSorted(),
    values: Object.values(seen).length,
    inKeys: inKeys.toSorted(),
    entries: Object.entries(seen)
      .map(([key, member]) => [key, typeof member])
      .toSorted(),
    isArray: Array.isArray(seen),
    has: ['a', 'length', 'toString', '0', 'nothing'].map((key) => [
      key in seen,
      Object.hasOwn(seen, key),
    ]),
    own: Reflect.ownKeys(seen).length,
    elements: Array.isArray(seen) ? lookAtElements(seen) : undefined,
  }
}

function lookAtElements(seen: unknown[]): unknown {
  return {
    iterated: [...seen].length,
    isFound: seen.includes(seen.at(-1)) && seen.indexOf(seen[0]) === 0,
    joined: canonicalText(seen.concat([1]).slice(1)),
    mapped: seen.map((element) => typeof element),
  }
}

/** JSON text that does not depend on the order of keys. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isContainer(member) && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

const byText = (a: unknown, b: unknown): number => {
  const [one, other] = [canonicalText(a), canonicalText(b)]
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** Carries steps out on drafts, as a recipe is written. */
export const draftHands: Hands = {
  hold: (value) => value,
  see: (variable) => (isContainer(variable) ? variable : undefined),
  view: (variable) => variable as Members,
  set: (variable, key, value) => {
    ;(variable as Record<string, unknown>)[key] = value
  },
  delete: (variable, key) => {
    delete (variable as Record<string, unknown>)[key]
  },
  assign: (variable, members) => void Object.assign(variable as object, members),
  splice: (variable, { by, index, count, values }) => {
    const array = variable as unknown[]
    if (by === 'push') array.push(...values)
    else if (by === 'unshift') array.unshift(...values)
    else if (by === 'pop') return [array.pop()]
    else if (by === 'shift') return [array.shift()]
    else if (by === 'splice') return array.splice(index, count, ...values)
    else array.length = index
    return []
  },
  sort: (variable) => void (variable as unknown[]).sort(byText),
  reverse: (variable) => void (variable as unknown[]).reverse(),
  fill: (variable, value, from) => void (variable as unknown[]).fill(value, from),
  copyWithin: (variable, to, from) => void (variable as unknown[]).copyWithin(to, from),
}

/** Carries steps out on a plain document. */
export function plainHands(document: PlainDocument): Hands {
  const target = (variable: unknown): Record<string, unknown> =>
    document.current(variable as Held) as Record<string, unknown>
  const array = (variable: unknown): unknown[] => document.current(variable as Held) as unknown[]
  const hold = (value: unknown): unknown => (isContainer(value) ? new Held(value) : value)
  return {
    hold,
    see: (variable) => (variable instanceof Held ? target(variable) : undefined),
    view: (variable) => document.view(target(variable)) as Members,
    set: (variable, key, value) => document.put(target(variable), key, value),
    delete: (variable, key) => {
      delete target(variable)[key]
    },
    assign: (variable, members) => {
      for (const [key, member] of Object.entries(members))
        document.put(target(variable), key, member)
    },
    splice: (variable, { index, count, values }) =>
      document.splice(array(variable), index, count, values).map(hold),
    sort: (variable) =>
      void array(variable).sort((a, b) => byText(document.view(a), document.view(b))),
    reverse: (variable) => void array(variable).reverse(),
    fill: (variable, value, from) => {
      const { length } = array(variable)
      for (let index = Math.min(from, length); index < length; index++)
        document.put(array(variable), index, value)
    },
    copyWithin: (variable, to, from) => {
      const elements = array(variable).map(hold)
      const count = Math.min(elements.length - from, elements.length - to)
      for (const [offset, element] of elements.slice(from, from + Math.max(count, 0)).entries()) {
        document.put(array(variable), to + offset, element)
      }
    },
  }
}
