import { isContainer, setOwn } from '../container.ts'
import type { NodeTree } from './node-tree.ts'
import type { Placement } from './placement.ts'

/**
 * `value` with a plain copy in the place of each draft, for the outside; `value` itself when there is
 * none in it. Looks into arrays and plain objects; a draft elsewhere throws when it is used.
 */
export function withoutDrafts(value: unknown, tree: NodeTree, placement: Placement): unknown {
  if (typeof value !== 'object' || value === null) return value
  return hasDraft(value, tree, new Set()) ? copyOut(value, tree, placement, new Map()) : value
}

function hasDraft(value: unknown, tree: NodeTree, seen: Set<unknown>): boolean {
  if (tree.nodeBehind(value)) return true
  if (!isContainer(value) || seen.has(value)) return false
  seen.add(value)
  return Object.values(value).some((member) => hasDraft(member, tree, seen))
}

function copyOut(
  value: unknown,
  tree: NodeTree,
  placement: Placement,
  copies: Map<unknown, unknown>,
): unknown {
  const node = tree.nodeBehind(value)
  if (!node && !isContainer(value)) return value
  if (copies.has(value)) return copies.get(value)
  if (node) {
    const copy = placement.copyOf(node.container)
    copies.set(value, copy)
    return copy
  }
  const copy = Array.isArray(value) ? [] : {}
  copies.set(value, copy)
  for (const [key, member] of Object.entries(value ?? {})) {
    setOwn(copy, key, copyOut(member, tree, placement, copies))
  }
  return copy
}
