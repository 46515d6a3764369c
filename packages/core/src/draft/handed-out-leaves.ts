import { isDeepStrictEqual } from 'node:util'
import { isArray } from '../container.ts'
import { cloneLeaf } from './clone-leaf.ts'
import type { Node } from './node.ts'

interface HandedOut {
  readonly node: Node
  readonly key: string | number
  readonly original: object
  readonly copy: unknown
}

/**
 * The leaves with contents (a Date, a Map, …) that a recipe has read. It gets copies, so that it does
 * not change them behind the recorder's back; what it did to the copies is taken back at its end.
 */
export class HandedOutLeaves {
  /** Made with the first leaf: most recipes read none. */
  #byOriginal: Map<object, HandedOut> | undefined
  #byCopy: Map<unknown, HandedOut> | undefined

  /** What a recipe gets for the leaf `original` at `key` of `node`: the same at each reading. */
  handOut(node: Node, key: string | number, original: object): unknown {
    const known = this.#byOriginal?.get(original)
    if (known) return known.copy
    const copy = cloneLeaf(original)
    if (copy === original) return original
    const handedOut = { node, key, original, copy }
    this.#byOriginal ??= new Map()
    this.#byCopy ??= new Map()
    this.#byOriginal.set(original, handedOut)
    this.#byCopy.set(copy, handedOut)
    return copy
  }

  /** The leaf that `copy` was handed out for, if it was. */
  originalOf(copy: unknown): object | undefined {
    return this.#byCopy?.get(copy)?.original
  }

  /** A copy of a leaf of the document as the recipe sees it. */
  copyOf(leaf: unknown): unknown {
    const handedOut =
      typeof leaf === 'object' && leaf !== null ? this.#byOriginal?.get(leaf) : undefined
    return cloneLeaf(handedOut?.copy ?? leaf)
  }

  /** Calls `put` for each leaf that still stands where it was read and whose copy was changed. */
  takeBack(put: (node: Node, key: string | number, copy: unknown) => void): void {
    for (const { node, key, original, copy } of this.#byOriginal?.values() ?? []) {
      if (isDeepStrictEqual(original, copy)) continue
      const { container } = node
      const place = isArray(container) ? container.indexOf(original) : key
      if (node.has(place) && container[place] === original) put(node, place, copy)
    }
  }
}
