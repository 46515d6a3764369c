/** A plain object or array of the document, as the draft machinery handles it: by own keys. */
export type Container = Record<string | number, unknown>

/** Whether `value` is an array or a plain object: what a document is built of, besides its leaves. */
export function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether `key` is an own member of `container`. */
export function hasOwn(container: object, key: PropertyKey): boolean {
  return Object.hasOwn(container, key)
}

/** Sets an own member, also one named `__proto__`, which plain assignment would not. */
export function setOwn(container: object, key: PropertyKey, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(container, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  } else {
    Reflect.set(container, key, value)
  }
}

/** Whether `key`, a step of a JSON Pointer, is an array index: digits without a leading zero. */
export function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(key)
}

/**
 * `Array.prototype.splice` with the new elements in an array: spreading them into arguments would
 * overflow the stack at some hundred thousand.
 */
export function spliceArray(
  array: unknown[],
  index: number,
  deleteCount: number,
  inserted: readonly unknown[],
): unknown[] {
  if (inserted.length < 1000) return array.splice(index, deleteCount, ...inserted)
  const tail = array.splice(index)
  const removed = tail.splice(0, deleteCount)
  for (const element of inserted) array.push(element)
  for (const element of tail) array.push(element)
  return removed
}
