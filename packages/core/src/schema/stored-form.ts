import { type Container, hasOwn, isContainer, setOwn } from '../container.ts'
import { applyPatches } from '../apply-patches.ts'
import { copyJson, invalidAt, isJsonLeaf } from '../copy-json.ts'
import type { Json } from '../json.ts'
import type { Patch } from '../patch.ts'
import { formatPointer, type Path } from '../pointer.ts'
import { carryKept, noteKept, restoreKept } from './kept-keys.ts'
import type { SchemaNode } from './schema-node.ts'
import { runBackward, runForward } from './zod-run.ts'

/** One value in its two forms, sharing nothing with each other or with what it was made from. */
export interface TwoForms {
  readonly stored: Json
  readonly live: unknown
}

/**
 * Validates `value`, a value in memory at `path`, and gives it in both forms. The live one is what
 * reading the stored one back gives: unknown keys are gone, leaves are the schema's own instances.
 * Where that is `value` itself, `live` is `value`.
 * @throws HoldfastError `INVALID` with the path of everything that is wrong.
 */
export function toStored(node: SchemaNode, value: unknown, path: Path): TwoForms {
  if (node.traits.hasTransform) return throughTransform(node, value, path)
  if (node.isPlain && isJsonLeaf(value)) {
    const parsed = runForward(node.schema, value, path)
    if (Object.is(parsed, value)) return { stored: value, live: value }
  }
  const stored = copyJson(encode(node, value, path), [...path])
  carryKept(node, value, stored)
  if (node.isPlain && isSame(value, stored, path)) return { stored, live: value }
  const filledIn: Patch[] = []
  const live = fromStored(node, copyJson(stored), path, filledIn)
  const isKept = isSame(value, live, path) && !node.traits.hasCodec
  return { stored: withFilledIn(stored, filledIn, path), live: isKept ? value : live }
}

/** The stored form of `value`, which may share with it; checked as far as encoding checks. */
function encode(node: SchemaNode, value: unknown, path: Path): unknown {
  // Where both directions are one, parsing is the faster and the surer: in zod 4.6.7 the encoding of a
  // union loses what a check on it tells, and that of a recursive schema skips checks.
  if (node.isPlain) return runForward(node.schema, melted(node, value), path)
  return runBackward(node.schema, value, path)
}

/** `value`, or a copy where parsing it would freeze what it shares. */
function melted(node: SchemaNode, value: unknown): unknown {
  return node.traits.isFreezing ? thaw(value) : value
}

/** A one-way transform cannot be undone: what it gives is stored, and must come back unchanged. */
function throughTransform(node: SchemaNode, value: unknown, path: Path): TwoForms {
  const stored = copyJson(runForward(node.schema, melted(node, value), path), [...path])
  const again = runForward(node.schema, copyJson(stored), path)
  if (!isSame(stored, again, path)) {
    const message = 'the schema transforms the value each time it is read: make it a codec'
    throw invalidAt(formatPointer(path), message)
  }
  carryKept(node, value, stored)
  const isKept = isSame(value, stored, path)
  return { stored, live: isKept ? value : fromStored(node, copyJson(stored), path) }
}

/** `stored`, at `path`, with what reading it adds: the document would get it at the next load. */
function withFilledIn(stored: Json, filledIn: readonly Patch[], path: Path): Json {
  const above = formatPointer(path).length
  return applyPatches(
    stored,
    filledIn.map((patch) => ({ ...patch, path: patch.path.slice(above) })),
  )
}

/**
 * Validates `stored`, which is taken over and changed in place, and gives its form in memory: leaves
 * decoded, defaults filled in. Keys that the schema does not know stay: what this program does not
 * know it does not lose.
 * @param filledIn Receives a patch, in stored form, for each place where the document in memory now
 * has what the stored one lacks.
 * @throws HoldfastError `INVALID` with the path of everything that is wrong.
 */
export function fromStored(
  node: SchemaNode,
  stored: Json,
  path: Path,
  filledIn: Patch[] = [],
): unknown {
  const parsed = runForward(node.schema, stored, path)
  // What was read as it is needs no second look: this keeps opening a large document cheap.
  if (node.isVerbatim) return stored
  return new Merge(filledIn).merge(node, stored, parsed, [...path])
}

/** The whole of `value` in stored form, without validation; shares with `value` what has no codec. */
export function storedView(node: SchemaNode, value: unknown): unknown {
  if (!node.traits.hasCodec) return value
  const place = node.place(value)
  if (place === undefined || !isContainer(value)) return runBackward(node.schema, value, [])
  const view = Array.isArray(value) ? [] : {}
  for (const key of Object.keys(value)) {
    const child = place.child(key)
    setOwn(view, key, typeof child === 'string' ? value[key] : storedView(child, value[key]))
  }
  return view
}

/** Brings what zod made of a stored document back into that document, which keeps all it had. */
class Merge {
  readonly #filledIn: Patch[]

  constructor(filledIn: Patch[]) {
    this.#filledIn = filledIn
  }

  merge(node: SchemaNode, stored: unknown, parsed: unknown, path: (string | number)[]): unknown {
    if (node.isVerbatim) return stored
    // z.readonly() freezes what another schema lets through as it is.
    if (stored === parsed) return Object.isFrozen(stored) ? thaw(stored) : stored
    const place = node.place(stored)
    if (!place || !isContainer(stored) || !isContainer(parsed)) {
      return this.#takeWhole(node, stored, parsed, path)
    }
    const { memberKeys } = place
    const added = this.#mergeMembers(place, memberKeys ?? Object.keys(parsed), stored, parsed, path)
    if (place.isStripping) noteUnknown(place, stored, Object.keys(parsed).length - added)
    return stored
  }

  /** Tells how many of `keys` only `parsed` has. */
  #mergeMembers(
    place: SchemaNode,
    keys: readonly string[],
    stored: Container,
    parsed: Container,
    path: (string | number)[],
  ): number {
    const isArray = Array.isArray(stored)
    let added = 0
    for (const key of keys) {
      const member = hasOwn(parsed, key) ? parsed[key] : undefined
      const child = place.child(key)
      if (typeof child === 'string' || member === undefined) continue
      path.push(isArray ? Number(key) : key)
      if (hasOwn(stored, key)) {
        const before = stored[key]
        const merged = this.merge(child, before, member, path)
        if (merged !== before) setOwn(stored, key, merged)
      } else {
        added++
        setOwn(stored, key, thaw(member))
        this.#fillIn('add', child, member, path)
      }
      path.pop()
    }
    return added
  }

  #takeWhole(node: SchemaNode, stored: unknown, parsed: unknown, path: Path): unknown {
    const { hasCodec, hasTransform, mayFillIn } = node.traits
    const live = thaw(parsed)
    if (!hasCodec && !hasTransform) restoreKept(stored, live)
    if (hasCodec && !mayFillIn) return live
    if (!isSame(stored, encoded(node, live, path), path)) this.#fillIn('replace', node, live, path)
    return live
  }

  #fillIn(op: 'add' | 'replace', node: SchemaNode, value: unknown, path: Path): void {
    const patch = { op, path: formatPointer(path), value: encoded(node, value, path) }
    this.#filledIn.push(patch)
  }
}

/** Notes the keys that the schema does not know; it has made a value of `knownCount` of them. */
function noteUnknown(place: SchemaNode, container: Container, knownCount: number): void {
  const keys = Object.keys(container)
  if (keys.length === knownCount) return
  for (const key of keys) {
    if (place.child(key) === 'unknown') noteKept(container, key)
  }
}

function encoded(node: SchemaNode, value: unknown, path: Path): Json {
  return copyJson(node.traits.hasCodec ? runBackward(node.schema, value, path) : value, [...path])
}

/** A copy of the containers of `value`, which z.readonly() may have frozen; leaves stay. */
function thaw(value: unknown): unknown {
  if (!isContainer(value)) return value
  const copy = Array.isArray(value) ? [] : {}
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) setOwn(copy, key, thaw(value[key]))
  }
  return copy
}

/**
 * Whether two values have the same contents, in any order of keys.
 * @throws HoldfastError `INVALID` where `value` holds an instance of a class and `other` plain data:
 * the schema would let it pass, and what makes it an instance would be lost.
 */
function isSame(value: unknown, other: unknown, path: Path): boolean {
  if (Object.is(value, other)) return true
  if (typeof value !== 'object' || value === null) return false
  if (!isContainer(value)) {
    if (!isContainer(other)) return false
    throw invalidAt(
      formatPointer(path),
      'an instance of a class has no JSON form: use a plain object',
    )
  }
  const keys = Object.keys(value)
  const isAlike = isContainer(other) && Array.isArray(value) === Array.isArray(other)
  const members: Container = isAlike ? other : {}
  let isEqual = isAlike && Object.keys(members).length === keys.length
  // Every member is looked at, also once a difference is known: for the instances among them.
  for (const key of keys) {
    const isKnown = hasOwn(members, key)
    if (!isKnown) isEqual = false
    else if (!isSame(value[key], members[key], [...path, key])) isEqual = false
  }
  return isEqual
}
