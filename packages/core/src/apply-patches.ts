import { type Container, deleteOwn, hasOwn, isContainer, isIndex, setOwn } from './container.ts'
import type { Json } from './json.ts'
import type { Patch } from './patch.ts'
import { parsePointer } from './pointer.ts'

/**
 * Applies RFC 6902 `add`, `replace` and `remove` operations to `document` in place and returns the
 * document: the same object, unless a patch replaces the whole. Values become part of the document
 * as they are.
 * @throws TypeError for a pointer that leads nowhere, an index out of range or another operation;
 * the patches before it have been applied then.
 */
export function applyPatches(document: Json, patches: readonly Patch[]): Json {
  const holder: { root: Json } = { root: document }
  for (const patch of patches) applyPatch(holder, patch)
  return holder.root
}

/** Where a patch strikes: a container and the key in it. */
export interface PatchPlace {
  readonly container: Container
  readonly key: string | number
}

/**
 * The place of `patch` below `holder.root`, checked: the key exists for `replace` and `remove`, the
 * index is in range.
 * @param steps The steps of its pointer, where they are known.
 * @throws TypeError where the pointer leads nowhere.
 */
export function locatePatch(
  holder: Container,
  patch: Patch,
  steps: readonly string[] = parsePointer(patch.path),
): PatchPlace {
  const last = steps.at(-1)
  if (last === undefined) return { container: holder, key: 'root' }
  let container: unknown = holder['root']
  for (const step of steps.slice(0, -1)) container = member(container, step, patch)
  if (!isContainer(container)) throw missing(patch)
  if (!Array.isArray(container)) {
    if (patch.op !== 'add' && !hasOwn(container, last)) throw missing(patch)
    return { container, key: last }
  }
  if (patch.op === 'add' && last === '-') return { container, key: container.length }
  const index = isIndex(last) ? Number(last) : Number.POSITIVE_INFINITY
  if (index >= container.length + (patch.op === 'add' ? 1 : 0)) throw missing(patch)
  return { container, key: index }
}

/**
 * Carries out `patch` below `holder.root`, with `value` in the place of its own.
 * @param steps The steps of its pointer, where they are known.
 */
export function applyPatch(
  holder: Container,
  patch: Patch,
  value: unknown = patch.op === 'remove' ? undefined : patch.value,
  steps?: readonly string[],
): void {
  assertOperation(patch)
  const { container, key } = locatePatch(holder, patch, steps)
  const isArray = Array.isArray(container)
  switch (patch.op) {
    case 'add':
      if (value === undefined) throw new TypeError(`an add at ${patch.path} has no value`)
      if (isArray) container.splice(Number(key), 0, value)
      else setOwn(container, key, value)
      return
    case 'replace':
      if (value === undefined) throw new TypeError(`a replace at ${patch.path} has no value`)
      setOwn(container, key, value)
      return
    case 'remove':
      if (container === holder) throw new TypeError('the whole document cannot be removed')
      if (isArray) container.splice(Number(key), 1)
      else deleteOwn(container, key)
  }
}

/** A patch may come from a file: `test`, `move` and `copy` are RFC 6902's too, but not of a change. */
function assertOperation({ op }: { readonly op: string }): void {
  if (op === 'add' || op === 'replace' || op === 'remove') return
  throw new TypeError(
    `operation ${JSON.stringify(op)} is not known: a patch adds, replaces or removes`,
  )
}

function member(container: unknown, step: string, patch: Patch): unknown {
  if (!isContainer(container) || !hasOwn(container, step)) throw missing(patch)
  return container[step]
}

function missing(patch: Patch): TypeError {
  return new TypeError(
    `${patch.op} ${patch.path || 'of the whole document'}: there is no such place`,
  )
}
