import { hasOwn, isContainer, setOwn } from '../container.ts'
import { copyJson } from '../copy-json.ts'
import type { SchemaNode } from './schema-node.ts'

/**
 * The keys of objects in memory that their schema does not know and yet does not forbid, as another
 * version of the program may have written them. They are noted when they are read, so that writing
 * their objects anew does not drop them, as zod does with unknown keys that a recipe puts in.
 */
const keptKeys = new WeakMap<object, Set<string>>()

/** Notes that `key` of `container`, an object in memory, was read and is not known. */
export function noteKept(container: object, key: string): void {
  const keys = keptKeys.get(container)
  if (keys) keys.add(key)
  else keptKeys.set(container, new Set([key]))
}

/** Notes for `copy` what was noted for `container`, but not for what is below it. */
export function copyKept(container: object, copy: object): void {
  const keys = keptKeys.get(container)
  if (keys) keptKeys.set(copy, new Set(keys))
}

/** Puts what `value`, in memory, has kept into `stored`, which was made of it. */
export function carryKept(node: SchemaNode, value: unknown, stored: unknown): void {
  if (!isContainer(value) || !isContainer(stored)) return
  const place = node.place(stored)
  // What a codec made need not have the shape of what it was made of.
  if (place === undefined && node.traits.hasCodec) return
  for (const key of keptKeys.get(value) ?? []) {
    const isUnknown = place === undefined || place.child(key) === 'unknown'
    if (isUnknown && hasOwn(value, key) && !hasOwn(stored, key)) {
      setOwn(stored, key, copyJson(value[key]))
    }
  }
  for (const key of Object.keys(stored)) {
    const child = place === undefined ? node : place.child(key)
    if (typeof child !== 'string' && hasOwn(value, key)) carryKept(child, value[key], stored[key])
  }
}

/**
 * Puts what `stored` has more than `live`, which was read from it by a schema that gives only the
 * whole, into `live`.
 */
export function restoreKept(stored: unknown, live: unknown): void {
  if (!isContainer(stored) || !isContainer(live)) return
  if (Array.isArray(stored) !== Array.isArray(live)) return
  for (const key of Object.keys(stored)) {
    if (hasOwn(live, key)) restoreKept(stored[key], live[key])
    else if (!Array.isArray(live)) {
      setOwn(live, key, stored[key])
      noteKept(live, key)
    }
  }
}
