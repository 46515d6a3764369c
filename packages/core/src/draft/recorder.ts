import { type Container, isArray, isContainer } from '../container.ts'
import type { Path } from '../pointer.ts'
import { HandedOutLeaves } from './handed-out-leaves.ts'
import type { Node } from './node.ts'
import { NodeTree } from './node-tree.ts'
import { Placement } from './placement.ts'
import { Recording } from './recording.ts'
import { takeIn } from './take-in.ts'
import { withoutDrafts } from './without-drafts.ts'

/**
 * Runs one recipe's drafts over a live document: changes it in place and remembers, by reference,
 * how to undo and how to tell each change.
 *
 * What a recipe puts in is copied once; from there on the copy is the recipe's own, and changed
 * without a record. Containers that were there before are changed with one, also where the recipe has
 * taken them out or put them in elsewhere: `undo` brings each back to what it held, by reference, and
 * thereby the document.
 */
export class Recorder {
  readonly #tree: NodeTree
  readonly #leaves = new HandedOutLeaves()
  readonly #placement: Placement
  #isOver = false

  /** @param holder An object whose member `root` is the document. */
  constructor(holder: Container) {
    this.#tree = new NodeTree(holder, this)
    this.#placement = new Placement(this.#tree, this.#leaves)
  }

  /** What the recipe gets: a draft of the root, or the root itself where that is a leaf. */
  get root(): unknown {
    return this.read(this.#tree.holder, 'root')
  }

  /** Puts a copy of `value` in the place of the whole document. */
  replaceRoot(value: unknown): void {
    this.write(this.#tree.holder, 'root', value)
  }

  /**
   * Takes what a recipe gives back, after the last that it did: puts in what it did to leaves such as
   * Dates, and gives `result` without drafts.
   */
  release(result: unknown): unknown {
    this.#leaves.takeBack((node, key, copy) => this.#put(node, key, copy))
    return withoutDrafts(result, this.#tree, this.#placement)
  }

  /** Ends the recording: drafts refuse to work from here on. */
  finish(): Recording {
    this.#isOver = true
    return new Recording(this.#tree)
  }

  /** Ends the recording and puts the document back to what it was. */
  undo(): void {
    this.#isOver = true
    for (const node of this.#tree.edited) node.edit?.undo()
  }

  /** For drafts: the draft of `node`. */
  draftOf(node: Node): object {
    return this.#tree.draftOf(node)
  }

  /** For drafts: what stands at `key`, which exists. */
  read(node: Node, key: string | number): unknown {
    const value = node.container[key]
    if (isContainer(value)) return this.#tree.draftOf(this.#tree.child(node, key, value))
    if (typeof value !== 'object' || value === null) return value
    return this.#leaves.handOut(node, key, value)
  }

  /** For drafts: puts `value` at `key`; for arrays, an index that exists. */
  write(node: Node, key: string | number, value: unknown): void {
    const original = this.#leaves.originalOf(value)
    const isUnchanged = original !== undefined && original === node.container[key]
    if (!isUnchanged) this.#put(node, key, value)
  }

  /** For drafts: removes an object's member. */
  remove(node: Node, key: string): void {
    if (!node.has(key)) return
    this.#tree.cut(node, node.container[key])
    this.#tree.delete(node, key)
  }

  /** For drafts: `Array.prototype.splice`, with indices that exist. */
  splice(node: Node, index: number, deleteCount: number, values: readonly unknown[]): void {
    const { container } = node
    if (!isArray(container)) throw new TypeError('only an array can be spliced')
    const taken = values.map((value, offset) => takeIn(this.#tree, value, node, index + offset))
    for (const element of container.slice(index, index + deleteCount)) this.#tree.cut(node, element)
    const placed = taken.map((value, offset) => this.#placement.place(value, node, index + offset))
    this.#tree.splice(node, index, deleteCount, placed)
  }

  /** For drafts: brings the elements of an array into the order that `order` lists their indices in. */
  rearrange(node: Node, order: readonly number[]): void {
    const elements = order.map((index) => node.container[index])
    for (const [index, element] of elements.entries()) {
      if (!Object.is(node.container[index], element)) this.#tree.set(node, index, element)
    }
  }

  /** For drafts: the path of `key` in `node`, for messages. */
  pathTo(node: Node, ...keys: (string | number)[]): Path {
    return this.#tree.pathTo(node, ...keys)
  }

  /**
   * For drafts: the node that the draft of `node` stands for.
   * @throws TypeError once the recipe is over: a draft that was kept must not work on behind its back.
   */
  current(node: Node): Node {
    if (this.#isOver) throw new TypeError('a draft was used after its recipe had ended')
    return this.#tree.current(node)
  }

  #put(node: Node, key: string | number, value: unknown): void {
    const taken = takeIn(this.#tree, value, node, key)
    const existing = node.has(key) ? node.container[key] : undefined
    if (existing !== undefined && Object.is(existing, taken)) return
    this.#tree.cut(node, existing)
    this.#tree.set(node, key, this.#placement.place(taken, node, key))
  }
}
