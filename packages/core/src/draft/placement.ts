import { type Container, emptyLike, isArray, isContainer, setOwn } from '../container.ts'
import { copyKept } from '../schema/kept-keys.ts'
import type { HandedOutLeaves } from './handed-out-leaves.ts'
import type { Node } from './node.ts'
import type { NodeTree } from './node-tree.ts'

/**
 * Finds out what has to stand where a container is put in: the container itself, if it stands nowhere
 * in the document, or a copy, so that nothing stands in the document twice. A container that was taken
 * out of the document stays itself when it is put in elsewhere: drafts of it go on to work.
 */
export class Placement {
  readonly #tree: NodeTree
  readonly #leaves: HandedOutLeaves

  constructor(tree: NodeTree, leaves: HandedOutLeaves) {
    this.#tree = tree
    this.#leaves = leaves
  }

  /** What to put at `key` of `parent` for `value`, which was taken in; its nodes know of it then. */
  place(value: unknown, parent: Node, key: string | number): unknown {
    if (!isContainer(value)) return value
    const node = this.#tree.nodeOf(value)
    if (node === undefined) {
      this.#tree.own(value, parent, key)
      return value
    }
    if (this.#reaches(node, parent, new Set())) {
      const copy = this.copyOf(value)
      this.#tree.own(copy, parent, key)
      return copy
    }
    return this.#move(node, parent, key, new Set())
  }

  /** A copy of `container` and all below it, as the recipe sees them. */
  copyOf(container: Container): Container {
    const copy = emptyLike(container)
    copyKept(container, copy)
    const keys = this.#tree.nodeOf(container)?.keys() ?? Object.keys(container)
    for (const key of keys) {
      const member = container[key]
      setOwn(copy, key, isContainer(member) ? this.copyOf(member) : this.#leaves.copyOf(member))
    }
    return copy
  }

  #placeCopy(node: Node, parent: Node, key: string | number): Container {
    const copy = emptyLike(node.container)
    copyKept(node.container, copy)
    node.copy = this.#tree.own(copy, parent, key)
    for (const below of node.keys()) {
      const member = node.container[below]
      const placed = isContainer(member)
        ? this.#placeCopy(this.#tree.child(node, below, member), node.copy, below)
        : this.#leaves.copyOf(member)
      setOwn(copy, below, placed)
    }
    return copy
  }

  /** Moves `node`, or a copy of it where it, or another way to it in the same move, stands already. */
  #move(node: Node, parent: Node, key: string | number, moved: Set<Node>): Container {
    if (moved.has(node) || this.#tree.isAttached(node)) return this.#placeCopy(node, parent, key)
    moved.add(node)
    for (const [below, child] of this.#children(node)) {
      const placed = this.#move(child, node, below, moved)
      if (placed !== child.container) this.#tree.set(node, below, placed)
    }
    // Only now: what is below must not seem to stand in the document because of this very move.
    node.parent = parent
    node.key = key
    return node.container
  }

  /** Whether `target` is `node`, or somewhere below it. */
  #reaches(node: Node, target: Node, seen: Set<Node>): boolean {
    if (node === target) return true
    if (seen.has(node)) return false
    seen.add(node)
    return this.#children(node).some(([, child]) => this.#reaches(child, target, seen))
  }

  #children(node: Node): (readonly [string | number, Node])[] {
    const { container } = node
    const children: (readonly [string | number, Node])[] = []
    for (const key of isArray(container) ? container.keys() : node.keys()) {
      const member = container[key]
      const child = isContainer(member) ? this.#tree.nodeOf(member) : undefined
      if (child) children.push([key, child])
    }
    return children
  }
}
