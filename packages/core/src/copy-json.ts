import { isContainer, setOwn } from './container.ts'
import { HoldfastError } from './error.ts'
import type { Json } from './json.ts'
import { formatPointer } from './pointer.ts'

/** `INVALID` at one place of a document. */
export function invalidAt(path: string, message: string): HoldfastError {
  return new HoldfastError('INVALID', `${path === '' ? 'the document' : path}: ${message}`, {
    issues: [{ path, message }],
  })
}

/** Whether `value` is a leaf of a document, and would be read back from JSON text as it is. */
export function isJsonLeaf(value: unknown): value is string | number | boolean | null {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

/** Why `value`, which is neither a container nor a leaf, cannot be kept as JSON, in words. */
function whyNotJson(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'undefined has no JSON form: delete the key, or use null'
    case 'number':
      return value === 0 ? '-0 would be read back as 0' : `${value} has no JSON form`
    case 'bigint':
      return 'a bigint has no JSON form: give its schema a codec'
    case 'function':
    case 'symbol':
      return `a ${typeof value} has no JSON form`
    default:
      return `${nameOf(Object(value))} has no JSON form: give its schema a codec`
  }
}

function nameOf(value: object): string {
  const maker: unknown = Reflect.get(value, 'constructor')
  return typeof maker === 'function' && maker.name !== ''
    ? `an instance of ${maker.name}`
    : 'this object'
}

/** What is wrong with the keys of a container, in words; undefined when nothing is. */
export function whyNotKeys(container: object): string | undefined {
  const keys = Reflect.ownKeys(container)
  if (keys.some((key) => typeof key === 'symbol')) return 'a symbol key has no JSON form'
  if (!Array.isArray(container)) {
    return keys.includes('__proto__') ? 'a key named __proto__ is refused' : undefined
  }
  // `length` is an own key too: a dense array without further members has one key more than elements.
  return keys.length === container.length + 1
    ? undefined
    : 'an array with holes or named members has no JSON form'
}

/**
 * A deep copy of `value` that shares nothing with it and is JSON in the strict sense: what it holds
 * would be read back from a file exactly as it is.
 * @param path Where `value` stands, for messages.
 * @throws HoldfastError `INVALID` with the path of the first thing that is not JSON.
 */
export function copyJson(value: unknown, path?: (string | number)[]): Json {
  return isJsonLeaf(value) ? value : copyBelow(value, path ?? [], [])
}

function copyBelow(value: unknown, path: (string | number)[], above: object[]): Json {
  if (isJsonLeaf(value)) return value
  if (!isContainer(value)) throw invalidAt(formatPointer(path), whyNotJson(value))
  if (above.includes(value)) throw invalidAt(formatPointer(path), 'a cycle has no JSON form')
  const wrongKeys = whyNotKeys(value)
  if (wrongKeys !== undefined) throw invalidAt(formatPointer(path), wrongKeys)
  above.push(value)
  const copy = Array.isArray(value)
    ? Array.from(value, (element, index) => copyMember(element, index, path, above))
    : copyMembers(value, path, above)
  above.pop()
  return copy
}

function copyMembers(value: object, path: (string | number)[], above: object[]): Json {
  const copy = {}
  for (const [key, member] of Object.entries(value)) {
    setOwn(copy, key, copyMember(member, key, path, above))
  }
  return copy
}

function copyMember(
  value: unknown,
  key: string | number,
  path: (string | number)[],
  above: object[],
): Json {
  path.push(key)
  const copy = copyBelow(value, path, above)
  path.pop()
  return copy
}
