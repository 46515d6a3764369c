import { isContainer } from '../../src/container.ts'

/** Something in a plain document that is held on to, as a recipe holds a draft in a variable. */
export class Held {
  readonly target: object

  constructor(target: object) {
    this.target = target
  }
}

/**
 * A plain document that behaves as a draft should, for comparison: plain JavaScript on a copy, with the
 * one rule that nothing stands in the document twice. What is put in while it stands there already is
 * copied; what was held on to stands for that copy once the original is gone.
 *
 * What the recorder knows by pointers is found out here by looking at the whole document each time.
 */
export class PlainDocument {
  readonly holder: { root: unknown }
  readonly #copies = new Map<object, object>()
  #change: (Place & { readonly placed: unknown[] }) | undefined

  constructor(root: unknown) {
    this.holder = { root: structuredClone(root) }
  }

  /** What `held` stands for now. */
  current(held: Held): object {
    let { target } = held
    for (;;) {
      const copy = this.#copies.get(target)
      if (copy === undefined || this.#stands(target)) return target
      target = copy
    }
  }

  /** A copy of what one sees of `value` when one looks at it, and from there at what is below. */
  view(value: unknown): unknown {
    if (!isContainer(value)) return value
    const target = this.current(new Held(value))
    const members = Object.entries(target).map(([key, member]) => [key, this.view(member)] as const)
    return Array.isArray(target) ? members.map(([, member]) => member) : Object.fromEntries(members)
  }

  put(container: object, key: string | number, value: unknown): void {
    const taken = this.#take(value)
    if (Object.hasOwn(container, key) && Object.is(Reflect.get(container, key), taken)) return
    const [placed] = this.#place([taken], { container, isCut: (each) => each === String(key) })
    Reflect.set(container, key, placed)
  }

  splice(array: unknown[], index: number, count: number, values: readonly unknown[]): unknown[] {
    const taken = values.map((value) => this.#take(value))
    const isCut = (key: string): boolean => Number(key) >= index && Number(key) < index + count
    return array.splice(index, count, ...this.#place(taken, { container: array, isCut }))
  }

  #take(value: unknown): unknown {
    if (value instanceof Held) return this.current(value)
    if (Array.isArray(value)) return value.map((element) => this.#take(element))
    if (!isContainer(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#take(member)]),
    )
  }

  /** What to put in for `values`. What is to be replaced by them is no part of the document any more. */
  #place(values: readonly unknown[], { container, isCut }: Place): unknown[] {
    const placed: unknown[] = []
    this.#change = { container, isCut, placed }
    for (const value of values) {
      if (!isContainer(value)) placed.push(value)
      else if (this.#below(value).has(container)) placed.push(JSON.parse(JSON.stringify(value)))
      else placed.push(this.#move(value, new Set()))
    }
    this.#change = undefined
    return placed
  }

  #move(value: unknown, moved: Set<object>): unknown {
    if (!isContainer(value)) return value
    if (moved.has(value) || this.#stands(value)) return this.#copy(value)
    moved.add(value)
    for (const key of Object.keys(value)) value[key] = this.#move(value[key], moved)
    return value
  }

  #copy(value: unknown): unknown {
    if (!isContainer(value)) return value
    const members = Object.entries(value).map(([key, member]) => [key, this.#copy(member)] as const)
    const copy = Array.isArray(value)
      ? members.map(([, member]) => member)
      : Object.fromEntries(members)
    this.#copies.set(value, copy)
    return copy
  }

  #stands(container: object): boolean {
    return this.#below(this.holder).has(container)
  }

  /** `container` and all containers below it, the change under way taken into account. */
  #below(container: object): Set<object> {
    const found = new Set([container])
    for (const each of found) {
      const change = this.#change?.container === each ? this.#change : undefined
      const members = Object.entries(each).filter(([key]) => !change?.isCut(key))
      for (const member of [...members.map(([, value]) => value), ...(change?.placed ?? [])]) {
        if (isContainer(member)) found.add(member)
      }
    }
    return found
  }
}

interface Place {
  readonly container: object
  readonly isCut: (key: string) => boolean
}
