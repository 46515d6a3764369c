/** A plain object or array of the document, as the draft machinery handles it: by own keys. */
export type Container = Record<string | number, unknown>

/** A container that is an array. */
export type ArrayContainer = Container & unknown[]

/**
 * Whether `value` is an array or a plain object, of this or another realm (a `node:vm` context, as in
 * Jest): what a document is built of, besides its leaves.
 */
export function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Every realm's Array.prototype is an array itself; the prototype of a class never is.
  if (Array.isArray(value)) return Array.isArray(prototype)
  return prototype === Object.prototype || prototype === null || isObjectPrototype(prototype)
}

function isObjectPrototype(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  )
}

/** Whether `container` is an array. */
export function isArray(container: Container): container is ArrayContainer {
  return Array.isArray(container)
}

/** An empty container of the kind of `container`. */
export function emptyLike(container: Container): Container {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an array is indexed by text as well, which its type does not say
  return Array.isArray(container) ? ([] as unknown[] as ArrayContainer) : {}
}

/** Whether `key` is an own member of `container`. */
export function hasOwn(container: object, key: PropertyKey): boolean {
  return Object.hasOwn(container, key)
}

/**
 * Sets an own member, also one named `__proto__`, which plain assignment would not.
 * @throws TypeError where `container` is frozen: a change must not get lost in silence.
 */
export function setOwn(container: Container, key: string | number, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(container, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  } else {
    try {
      container[key] = value
    } catch (error) {
      throw frozen(key, { cause: error })
    }
  }
}

/**
 * Removes an own member.
 * @throws TypeError where `container` is frozen.
 */
export function deleteOwn(container: object, key: PropertyKey): void {
  if (!Reflect.deleteProperty(container, key)) throw frozen(key)
}

function frozen(key: PropertyKey, options?: ErrorOptions): TypeError {
  return new TypeError(
    `${String(key)} cannot be changed: the document in memory was frozen by the program`,
    options,
  )
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
