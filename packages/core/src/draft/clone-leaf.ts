/**
 * A copy of a leaf that has contents to change: a Date, a Map, … Any other leaf is itself: a primitive,
 * or an instance of a class, which only its schema can copy.
 * @throws DOMException `DataCloneError` where the contents cannot be copied.
 */
export function cloneLeaf(leaf: unknown): unknown {
  return isCloneable(leaf) ? structuredClone(leaf) : leaf
}

function isCloneable(leaf: unknown): boolean {
  if (typeof leaf !== 'object' || leaf === null) return false
  return (
    leaf instanceof Date ||
    leaf instanceof Map ||
    leaf instanceof Set ||
    leaf instanceof ArrayBuffer ||
    ArrayBuffer.isView(leaf)
  )
}
