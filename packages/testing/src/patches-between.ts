import type { Json, JsonObject, Patch } from '@holdfast/core'

/**
 * Patches that turn `previous` into `next`: one for each differing key of two objects; for anything
 * else, or where that would not give the order of keys that `next` has, one that replaces all.
 */
export function patchesBetween(previous: Json, next: Json): Patch[] {
  if (!isObject(previous) || !isObject(next)) return [{ op: 'replace', path: '', value: next }]
  const kept = Object.keys(previous).filter((key) => Object.hasOwn(next, key))
  const added = Object.keys(next).filter((key) => !Object.hasOwn(previous, key))
  if (JSON.stringify([...kept, ...added]) !== JSON.stringify(Object.keys(next))) {
    return [{ op: 'replace', path: '', value: next }]
  }
  const patches: Patch[] = []
  for (const key of Object.keys(previous)) {
    if (!Object.hasOwn(next, key)) patches.push({ op: 'remove', path: pointer(key) })
  }
  for (const [key, value] of Object.entries(next)) {
    const path = pointer(key)
    if (!Object.hasOwn(previous, key)) patches.push({ op: 'add', path, value })
    else if (JSON.stringify(previous[key]) !== JSON.stringify(value)) {
      patches.push({ op: 'replace', path, value })
    }
  }
  return patches
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 6901, section 3: `~` and `/` are escaped, in this order. */
function pointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
