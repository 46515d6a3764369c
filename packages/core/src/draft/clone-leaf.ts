import { isContainer, setOwn } from '../container.ts'

/**
 * A copy of a leaf that has contents to change: a Date, a Map, a Set, bytes. Any other leaf is itself,
 * also within a Map or a Set: a primitive, or an instance of a class, which only its schema can copy
 * (structuredClone would leave its class behind).
 */
export function cloneLeaf(leaf: unknown): unknown {
  if (typeof leaf !== 'object' || leaf === null) return leaf
  if (leaf instanceof Date) return new Date(leaf)
  if (leaf instanceof Map) {
    return new Map([...leaf].map(([key, value]) => [cloneLeaf(key), cloneLeaf(value)]))
  }
  if (leaf instanceof Set) return new Set([...leaf].map((member) => cloneLeaf(member)))
  if (leaf instanceof ArrayBuffer || ArrayBuffer.isView(leaf)) return structuredClone(leaf)
  return isContainer(leaf) ? cloneContainer(leaf) : leaf
}

function cloneContainer(container: object): object {
  const copy = Array.isArray(container) ? [] : {}
  for (const [key, member] of Object.entries(container)) setOwn(copy, key, cloneLeaf(member))
  return copy
}
