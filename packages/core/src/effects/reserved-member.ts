import { type Container, deleteOwn, hasOwn, isArray, isContainer } from '../container.ts'
import { invalidAt } from '../copy-json.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Patch } from '../patch.ts'
import { formatPointer } from '../pointer.ts'

/**
 * The member of the stored document that is Holdfast's own. It stands beside the members that the
 * schema speaks of, so that it is kept, copied, compared and committed with them by every backend;
 * no schema, recipe or migration gets to see it.
 */
export const reservedMember = '$holdfast'

/** The pointer to `reservedMember`. */
const reservedPointer = formatPointer([reservedMember])

/** Takes the reserved member out of `stored`, in place; undefined when there is none. */
export function takeReserved(stored: unknown): unknown {
  if (!isObject(stored) || !hasOwn(stored, reservedMember)) return undefined
  const section = stored[reservedMember]
  deleteOwn(stored, reservedMember)
  return section
}

/**
 * `stored` with `section` as its reserved member; `stored` itself where there is no section. Shares
 * with both.
 * @throws HoldfastError `INVALID` when `stored` is not an object, or has that member already.
 */
export function withReserved(stored: unknown, section: unknown): unknown {
  assertUnreserved(stored)
  if (section === undefined) return stored
  assertCanHold(stored)
  return { ...stored, [reservedMember]: section }
}

/**
 * Asserts that the stored form of a document can have a reserved member.
 * @throws HoldfastError `INVALID`.
 */
export function assertCanHold(stored: unknown): asserts stored is Container {
  if (isObject(stored)) return
  throw invalidAt('', 'the state keeps effects, so its document has to be an object')
}

/**
 * Asserts that a stored document, as a schema or a migration made it, leaves the reserved member alone.
 * @throws HoldfastError `INVALID`.
 */
export function assertUnreserved(stored: unknown): void {
  if (isObject(stored) && hasOwn(stored, reservedMember)) throw reserved(reservedPointer)
}

/**
 * The patches of an update with what is reserved kept: a replacement of the whole document gets
 * `section`.
 * @throws HoldfastError `INVALID` where a patch touches what is reserved.
 */
export function patchesWithReserved(
  patches: readonly Patch[],
  section: () => JsonObject | undefined,
): readonly Patch[] {
  let isTouched = false
  for (const { path } of patches) {
    if (path === '') isTouched = true
    else if (isReserved(path)) throw reserved(path)
  }
  if (!isTouched) return patches
  return patches.map((patch) => {
    if (patch.path !== '' || patch.op === 'remove') return patch
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON with JSON added to it
    return { ...patch, value: withReserved(patch.value, section()) as Json }
  })
}

function isReserved(path: string): boolean {
  return path.startsWith(reservedPointer) && (path[reservedPointer.length] ?? '/') === '/'
}

function isObject(value: unknown): value is Container {
  return isContainer(value) && !isArray(value)
}

function reserved(path: string): Error {
  return invalidAt(path, `the member ${reservedMember} of a document is Holdfast's own`)
}
