import { formatPointer, type Path, pointerBelow } from '../pointer.ts'
import type { SchemaNode } from './schema-node.ts'

/** A place of the document and what its schema says of it. */
export interface Place {
  readonly path: Path
  readonly node: SchemaNode
}

/** Some places of one document, each once. */
export class Places {
  /** By pointer; at one place there may be several nodes: a union, and the option that a value is of. */
  static readonly #none = new Places(new Map())
  readonly #places: ReadonlyMap<string, Map<SchemaNode, Place>>

  private constructor(places: Map<string, Map<SchemaNode, Place>>) {
    this.#places = places
  }

  /** Most changes lie in none: that costs nothing. */
  static of(places: readonly Place[]): Places {
    if (places.length === 0) return Places.#none
    const byPointer = new Map<string, Map<SchemaNode, Place>>()
    for (const place of places) {
      const pointer = formatPointer(place.path)
      const here = byPointer.get(pointer) ?? new Map<SchemaNode, Place>()
      byPointer.set(pointer, here.set(place.node, place))
    }
    return new Places(byPointer)
  }

  /** Those that lie in none of the others. */
  get outermost(): readonly Place[] {
    if (this.#places.size === 0) return []
    return this.#all.filter(({ path }) => path.length === 0 || !this.reach(path.slice(0, -1)))
  }

  /** All of them; what lies within another comes before it. */
  get innermostFirst(): readonly Place[] {
    if (this.#places.size === 0) return []
    return this.#all.toSorted((a, b) => b.path.length - a.path.length)
  }

  /** Whether `path` leads to one of the places, or to something within one. */
  reach(path: Path | null): boolean {
    if (path === null || this.#places.size === 0) return false
    let pointer = ''
    if (this.#places.has(pointer)) return true
    return path.some((step) => {
      pointer = pointerBelow(pointer, step)
      return this.#places.has(pointer)
    })
  }

  get #all(): readonly Place[] {
    return [...this.#places.values()].flatMap((here) => [...here.values()])
  }
}
