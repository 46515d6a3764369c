import { isDeepStrictEqual } from 'node:util'
import { type Container, hasOwn, isContainer, setOwn, spliceArray } from '../container.ts'
import { invalidAt, whyNotKeys } from '../copy-json.ts'
import type { HoldfastError } from '../error.ts'
import { formatPointer, type Path } from '../pointer.ts'
import { createArrayDraft } from './array-draft.ts'
import { ArrayEdit, type Edit, ObjectEdit } from './edit.ts'
import { Node } from './node.ts'
import { createObjectDraft } from './object-draft.ts'

/** One edited container of the document, and where it stands after the recipe. */
export interface EditedContainer {
  /** From the document's root; null for the holder of the root itself. */
  readonly path: Path | null
  readonly edit: Edit
}

/** What a recipe did, told once it is over. */
export interface Recording {
  /** The containers that are still part of the document, outermost first. */
  readonly edited: readonly EditedContainer[]
  /** Adds an edit that was made besides the recipe's: the last to be made, the first to be undone. */
  add(edit: Undoable): void
  undo(): void
  redo(): void
}

/** Something that was done and can be taken back, and done again. */
export type Undoable = Pick<Edit, 'undo' | 'redo'>

interface HandedOut {
  readonly node: Node
  readonly key: string | number
  readonly original: unknown
  readonly copy: unknown
}

/**
 * Runs one recipe's drafts over a live document: changes it in place and remembers, by reference,
 * how to undo and how to tell each change.
 *
 * Every container that a recipe can reach is in one of three conditions:
 *  1. live: it was part of the document before the recipe, and still is. Changes are made in place
 *     and recorded in its edit.
 *  2. owned: made by this recipe, as a copy of what was put in. Changes are made in place and not
 *     recorded: whoever tells the place where it was put in tells its final content.
 *  3. cut off: it was live, and the recipe has removed it. It must not change, since `undo` puts it
 *     back: a draft of it moves to an owned copy before the first change.
 */
export class Recorder {
  readonly #holder: Node
  readonly #nodes = new Map<object, Node>()
  readonly #drafts = new WeakMap<object, Node>()
  readonly #owned = new WeakSet<object>()
  /** The copies that stand in the document for containers whose drafts were put in. */
  readonly #successors = new Map<object, Container>()
  readonly #edits: Edit[] = []
  readonly #handedOut: HandedOut[] = []
  #isOver = false

  /** @param holder An object whose member `root` is the document. */
  constructor(holder: Container) {
    this.#holder = this.#nodeFor(holder, null, '')
  }

  /** What the recipe gets: a draft of the root, or the root itself where that is a leaf. */
  get root(): unknown {
    return this.read(this.#holder, 'root')
  }

  /** Puts `value` in the place of the whole document. */
  replaceRoot(value: unknown): void {
    this.write(this.#holder, 'root', value)
  }

  /** Ends the recording: drafts refuse to work from here on. */
  finish(): Recording {
    this.#takeBackHandedOut()
    this.#isOver = true
    const edited = this.#edits
      .map((edit) => ({ edit, path: this.#pathOf(edit.container) }))
      .filter((entry): entry is EditedContainer => entry.path !== undefined)
    edited.sort((a, b) => (a.path?.length ?? -1) - (b.path?.length ?? -1))
    const done: Undoable[] = [...this.#edits]
    return {
      edited,
      add: (edit) => void done.push(edit),
      undo() {
        for (const edit of done.toReversed()) edit.undo()
      },
      redo() {
        for (const edit of done) edit.redo()
      },
    }
  }

  /** Ends the recording and puts the document back to what it was. */
  undo(): void {
    this.#isOver = true
    for (const edit of this.#edits.toReversed()) edit.undo()
  }

  /** `value` without drafts: what a recipe may hand to the outside. */
  release(value: unknown, above: object[] = []): unknown {
    const node = this.#nodeOf(value)
    if (node) return this.#copyContainer(node.container)
    if (!isContainer(value) || above.includes(value)) return value
    const members = Object.entries(value)
    const inner = [...above, value]
    const released = members.map(([key, item]) => [key, this.release(item, inner)] as const)
    if (released.every(([, item], index) => item === members[index]?.[1])) return value
    return Array.isArray(value) ? released.map(([, item]) => item) : Object.fromEntries(released)
  }

  /** For drafts: what stands at `key`. */
  read(node: Node, key: string | number): unknown {
    this.assertRunning()
    const value = node.container[key]
    if (isContainer(value)) return this.#nodeFor(value, node, key).draft
    if (typeof value !== 'object' || value === null) return value
    return this.#handOut(node, key, value)
  }

  /** For drafts: puts a copy of `value` at `key`. */
  write(node: Node, key: string | number, value: unknown): void {
    this.assertRunning()
    const existing = hasOwn(node.container, key) ? node.container[key] : undefined
    const isGone = node.edit instanceof ObjectEdit && node.edit.isRemoved(String(key))
    if (this.#nodeOf(value)?.container === existing && existing !== undefined && !isGone) return
    if (!isGone && !isContainer(value) && existing !== undefined && Object.is(existing, value)) return
    const copy = this.adopt(value, node, key)
    const edit = this.#editOf(node)
    this.#cutOff(existing)
    if (edit instanceof ArrayEdit) edit.splice(Number(key), 1, [copy])
    else if (edit) edit.set(String(key), copy)
    else setOwn(node.container, key, copy)
  }

  /** For drafts: removes an object's member. */
  remove(node: Node, key: string): void {
    this.assertRunning()
    const edit = this.#editOf(node)
    this.#cutOff(node.container[key])
    if (edit instanceof ObjectEdit) edit.delete(key)
    else Reflect.deleteProperty(node.container, key)
  }

  /** For drafts: `Array.prototype.splice` by copies; returns what was removed, as drafts. */
  splice(node: Node, index: number, deleteCount: number, values: readonly unknown[]): unknown[] {
    this.assertRunning()
    const copies = values.map((value, offset) => this.adopt(value, node, index + offset))
    const edit = this.#editOf(node)
    const removed = Array.from({ length: deleteCount }, (_, offset) => this.read(node, index + offset))
    const elements = node.container as Container & unknown[]
    const cut = edit instanceof ArrayEdit
      ? edit.splice(index, deleteCount, copies)
      : spliceArray(elements, index, deleteCount, copies)
    for (const element of cut) this.#cutOff(element)
    return removed
  }

  /** For drafts: puts the elements, given as drafts or leaves, into another order. */
  rearrange(node: Node, elements: readonly unknown[]): void {
    this.assertRunning()
    const edit = this.#editOf(node)
    const containers = elements.map((element) => this.#nodeOf(element)?.container ?? element)
    if (edit instanceof ArrayEdit) edit.rearrange(containers)
    else for (const [index, element] of containers.entries()) node.container[index] = element
  }

  /** A copy of `value`, owned by this recipe, that may become part of the document at `key`. */
  adopt(value: unknown, parent: Node, key: string | number): unknown {
    return this.#copy(value, { parent, steps: [key], above: [] })
  }

  /** Throws once the recipe is over: a draft that was kept must not work on behind its back. */
  assertRunning(): void {
    if (this.#isOver) throw new TypeError('a draft was used after its recipe had ended')
  }

  #nodeFor(container: Container, parent: Node | null, key: string | number): Node {
    const known = this.#nodes.get(container)
    if (known) {
      known.parent = parent
      known.key = key
      return known
    }
    const node = new Node(container, parent, key, (created) =>
      Array.isArray(container) ? createArrayDraft(this, created) : createObjectDraft(this, created),
    )
    this.#nodes.set(container, node)
    this.#drafts.set(node.draft, node)
    return node
  }

  #nodeOf(value: unknown): Node | undefined {
    return typeof value === 'object' && value !== null ? this.#drafts.get(value) : undefined
  }

  /** The edit to record a change of `node` in, or undefined where the recipe owns the container. */
  #editOf(node: Node): ObjectEdit | ArrayEdit | undefined {
    if (this.#owned.has(node.container)) return undefined
    if (!this.#isAttached(node)) {
      this.#moveToCopy(node)
      return undefined
    }
    if (node.edit === undefined) {
      node.edit = Array.isArray(node.container)
        ? new ArrayEdit(node.container)
        : new ObjectEdit(node.container)
      this.#edits.push(node.edit)
    }
    return node.edit
  }

  #isAttached(node: Node): boolean {
    let current: Node = node
    while (current.parent !== null) current = current.parent
    return current === this.#holder
  }

  #cutOff(value: unknown): void {
    const node = typeof value === 'object' && value !== null ? this.#nodes.get(value) : undefined
    if (node) node.parent = null
  }

  /** Moves a node that is cut off to the copy that stands in the document for it, or to one of its own. */
  #moveToCopy(node: Node): void {
    let current: Node | null = node
    while (current !== null) {
      if (this.#successors.has(current.container)) break
      if (current.parent === null) {
        this.#copyContainer(current.container)
        break
      }
      current = current.parent
    }
    const copy = this.#successors.get(node.container)
    if (copy) this.#follow(node, copy)
  }

  #follow(node: Node, copy: Container): void {
    const standIn = this.#nodes.get(copy)
    node.container = copy
    node.edit = undefined
    node.parent = standIn?.parent ?? null
    node.key = standIn?.key ?? node.key
    this.#nodes.set(copy, node)
  }

  #copy(value: unknown, trail: Trail): unknown {
    const node = this.#nodeOf(value)
    if (!node) return isContainer(value) ? this.#copyForeign(value, trail) : this.#leaf(value, trail)
    const isAttached = this.#isAttached(node)
    const copy = this.#copyContainer(node.container)
    this.#nodeFor(copy, trail.parent, trail.steps.at(-1) ?? '')
    if (!isAttached) this.#follow(node, copy)
    return copy
  }

  #leaf(value: unknown, trail: Trail): unknown {
    switch (typeof value) {
      case 'undefined':
        throw this.#invalid(trail, 'undefined has no JSON form: delete the key, or use null')
      case 'function':
      case 'symbol':
        throw this.#invalid(trail, `a ${typeof value} has no JSON form`)
      default:
        return isCloneable(value) ? structuredClone(value) : value
    }
  }

  #copyForeign(value: Container, trail: Trail): Container {
    if (trail.above.includes(value)) throw this.#invalid(trail, 'a cycle has no JSON form')
    const why = whyNotKeys(value)
    if (why !== undefined) throw this.#invalid(trail, why)
    trail.above.push(value)
    const copy = emptyLike(value)
    for (const key of Object.keys(value)) {
      trail.steps.push(key)
      setOwn(copy, key, this.#copy(value[key], trail))
      trail.steps.pop()
    }
    trail.above.pop()
    this.#owned.add(copy)
    return copy
  }

  /** An owned copy of a container of the document, and a successor for each container in it. */
  #copyContainer(container: Container): Container {
    const edit = this.#nodes.get(container)?.edit
    const copy = emptyLike(container)
    for (const key of Object.keys(container)) {
      if (edit instanceof ObjectEdit && edit.isRemoved(key)) continue
      const member = container[key]
      setOwn(copy, key, isContainer(member) ? this.#copyContainer(member) : member)
    }
    this.#owned.add(copy)
    this.#successors.set(container, copy)
    return copy
  }

  #invalid({ parent, steps }: Trail, message: string): HoldfastError {
    const above = this.#pathOf(parent.container) ?? []
    // The member `root` of the holder is the document itself: it is no step of a path.
    const path = parent === this.#holder ? steps.slice(1) : [...above, ...steps]
    return invalidAt(formatPointer(path), message)
  }

  /** Where a live container stands; null for the holder, undefined where another place tells of it. */
  #pathOf(container: Container): Path | null | undefined {
    if (container === this.#holder.container) return null
    const path: (string | number)[] = []
    let current = this.#nodes.get(container)
    while (current && current !== this.#holder) {
      const above: Node | null = current.parent
      if (above === null || this.#owned.has(above.container)) return undefined
      if (above.edit instanceof ArrayEdit && above.edit.isRearranged) return undefined
      path.push(current.currentKey)
      current = above
    }
    return current === undefined ? undefined : path.slice(0, -1).toReversed()
  }

  /** A leaf that is an object (a Date, a decimal) must not be changed behind the recorder's back. */
  #handOut(node: Node, key: string | number, original: object): unknown {
    if (!isCloneable(original)) return original
    const known = this.#handedOut.find((item) => item.node === node && item.original === original)
    if (known) return known.copy
    const copy: unknown = structuredClone(original)
    this.#handedOut.push({ node, key, original, copy })
    return copy
  }

  #takeBackHandedOut(): void {
    for (const { node, key, original, copy } of this.#handedOut) {
      if (node.container[key] !== original || isDeepStrictEqual(original, copy)) continue
      this.write(node, key, copy)
    }
  }
}

/** Where a value is on its way to, for messages. */
interface Trail {
  readonly parent: Node
  readonly steps: (string | number)[]
  readonly above: object[]
}

function emptyLike(container: Container): Container {
  return Array.isArray(container) ? ([] as unknown[] as Container & unknown[]) : {}
}

/** The built-in leaves that have contents to change, and that structuredClone can copy. */
function isCloneable(value: unknown): boolean {
  return (
    value instanceof Date ||
    value instanceof Map ||
    value instanceof Set ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value)
  )
}
