import {
  type Container,
  deleteOwn,
  isArray,
  isContainer,
  setOwn,
  spliceArray,
} from '../container.ts'
import type { Path } from '../pointer.ts'
import { createArrayDraft } from './array-draft.ts'
import { ArrayEdit } from './array-edit.ts'
import { Node } from './node.ts'
import { createObjectDraft } from './object-draft.ts'
import { ObjectEdit } from './object-edit.ts'
import type { Recorder } from './recorder.ts'

/**
 * The nodes of one recipe: what it has got hold of, how that hangs together, and what it changed.
 *
 * Invariants:
 *  1. a node whose parents lead to the holder is part of the document, stands at exactly one place of
 *     it, and its parent is the node of that place;
 *  2. a container with a node stands only in containers with nodes; one without stands in one place;
 *  3. no container stands within itself.
 */
export class NodeTree {
  /** The node of the object whose member `root` is the document. */
  readonly holder: Node
  /** By container. */
  readonly #nodes = new Map<Container, Node>()
  /** Made when one is looked for: most recipes put in and give back nothing that could be a draft. */
  #byDraft: Map<object, Node> | undefined
  readonly #recorder: Recorder
  /**
   * Not a literal: of those V8 keeps count by place, and once some outlive two collections, as in a
   * burst of updates, it makes all of that place in the old generation (allocation-site pretenuring).
   * There each would keep its whole recipe alive until the next full collection.
   */
  readonly #edited: Node[] = Array.of()

  /** @param recorder What is told of what is done to the drafts. */
  constructor(holder: Container, recorder: Recorder) {
    this.#recorder = recorder
    // It stands in nothing, and nobody gets hold of it: it is not looked for.
    this.holder = new Node({ container: holder, parent: null, key: '', isOwned: false })
  }

  /** The nodes that were changed and have a record of it, in the order of their first change. */
  get edited(): readonly Node[] {
    return this.#edited
  }

  /** The node behind a draft of this recipe; undefined for any other value. */
  nodeBehind(draft: unknown): Node | undefined {
    if (typeof draft !== 'object' || draft === null) return undefined
    this.#byDraft ??= this.#indexDrafts()
    const node = this.#byDraft.get(draft)
    return node && this.current(node)
  }

  /**
   * What the draft of `node` stands for: `node`, or the copy that has outlived it in the document. So
   * it is in plain JavaScript, where what was put in twice, and then taken out once, is still there.
   */
  current(node: Node): Node {
    let current = node
    while (current.copy !== undefined && !this.isAttached(current)) current = current.copy
    return current
  }

  /** The draft that shows the container of `node`: always the same. */
  draftOf(node: Node): object {
    if (node.draft === undefined) {
      node.draft = isArray(node.container)
        ? createArrayDraft(this.#recorder, node, node.container)
        : createObjectDraft(this.#recorder, node)
      this.#byDraft?.set(node.draft, node)
    }
    return node.draft
  }

  /** The node of a container, if the recipe has got hold of it. */
  nodeOf(container: Container): Node | undefined {
    return this.#nodes.get(container)
  }

  /** The node of `container`, which stands at `key` of `parent`. */
  child(parent: Node, key: string | number, container: Container): Node {
    const known = this.#nodes.get(container)
    if (known === undefined) return this.#add(container, parent, key, parent.isOwned)
    if (known.parent === parent) known.key = key
    return known
  }

  /** The node of a container that the recipe has made. */
  own(container: Container, parent: Node | null, key: string | number): Node {
    return this.#nodes.get(container) ?? this.#add(container, parent, key, true)
  }

  /** Whether `node` is part of the document. */
  isAttached(node: Node): boolean {
    let current: Node = node
    while (current.parent !== null) current = current.parent
    return current === this.holder
  }

  /** Tells the node of `member` that it no longer stands in `parent`. */
  cut(parent: Node, member: unknown): void {
    const node = isContainer(member) ? this.#nodes.get(member) : undefined
    if (node?.parent === parent) node.parent = null
  }

  /**
   * Where `keys` of `node` lead now; from the outermost container above it when it is cut off. The
   * member `root` of the holder is the document itself: it is no step of a path.
   */
  pathTo(node: Node, ...keys: (string | number)[]): Path {
    if (node === this.holder) return []
    const path = keys.toReversed()
    let current = node
    while (current.parent !== null && current.parent !== this.holder) {
      const above: Container = current.parent.container
      path.push(isArray(above) ? above.indexOf(current.container) : current.key)
      current = current.parent
    }
    return path.toReversed()
  }

  /** Puts `value`, which may stand there, at `key`. */
  set(node: Node, key: string | number, value: unknown): void {
    const edit = this.#editOf(node)
    if (edit instanceof ArrayEdit) edit.splice(Number(key), 1, [value])
    else if (edit) edit.set(String(key), value)
    else setOwn(node.container, key, value)
  }

  /** Removes a member of an object. */
  delete(node: Node, key: string): void {
    const edit = this.#editOf(node)
    if (edit instanceof ObjectEdit) edit.delete(key)
    else deleteOwn(node.container, key)
  }

  /** `Array.prototype.splice`, with values that may stand there. */
  splice(node: Node, index: number, deleteCount: number, values: readonly unknown[]): void {
    const edit = this.#editOf(node)
    if (edit instanceof ArrayEdit) edit.splice(index, deleteCount, values)
    else if (isArray(node.container)) spliceArray(node.container, index, deleteCount, values)
  }

  /** The edit to record a change of `node` in, or undefined where the recipe owns the container. */
  #editOf(node: Node): ObjectEdit | ArrayEdit | undefined {
    if (node.isOwned) return undefined
    if (node.edit === undefined) {
      const { container } = node
      node.edit = isArray(container) ? new ArrayEdit(container) : new ObjectEdit(container)
      this.#edited.push(node)
    }
    return node.edit
  }

  #indexDrafts(): Map<object, Node> {
    const byDraft = new Map<object, Node>()
    for (const node of this.#nodes.values()) {
      if (node.draft !== undefined) byDraft.set(node.draft, node)
    }
    return byDraft
  }

  #add(container: Container, parent: Node | null, key: string | number, isOwned: boolean): Node {
    const node = new Node({ container, parent, key, isOwned })
    this.#nodes.set(container, node)
    return node
  }
}
