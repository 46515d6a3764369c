import { type Container, isArray } from '../container.ts'
import type { Path } from '../pointer.ts'
import type { Edit } from './edit.ts'
import type { Node } from './node.ts'
import type { NodeTree } from './node-tree.ts'

/** One edited container of the document, and where it stands after the recipe. */
export interface EditedContainer {
  /** From the document's root; null for the holder of the root itself. */
  readonly path: Path | null
  readonly edit: Edit
}

/** Something that was done and can be taken back, and done again. */
export type Undoable = Pick<Edit, 'undo' | 'redo'>

/** What a recipe did, told once it is over. */
export class Recording {
  /** The containers whose edits no other edit tells, outermost first. */
  readonly edited: readonly EditedContainer[]
  readonly #done: Undoable[] = []

  constructor(tree: NodeTree) {
    const places = new Places(tree.holder)
    const edited: EditedContainer[] = []
    for (const node of tree.edited) {
      const { edit } = node
      if (edit === undefined) continue
      this.#done.push(edit)
      const path = places.pathTo(node)
      if (path === undefined) edit.settle(true)
      else edited.push({ path, edit })
    }
    if (edited.length > 1) edited.sort((a, b) => (a.path?.length ?? -1) - (b.path?.length ?? -1))
    this.edited = edited
  }

  /** Adds an edit that was made besides the recipe's: the last to be made, the first to be undone. */
  add(edit: Undoable): void {
    this.#done.push(edit)
  }

  undo(): void {
    for (const edit of this.#done.toReversed()) edit.undo()
  }

  redo(): void {
    for (const edit of this.#done) edit.redo()
  }
}

/** Finds where edited containers stand. */
class Places {
  readonly #holder: Node
  /** Where the elements of an array stand, for arrays in which more than one had to be looked for. */
  #indices: Map<Container, Map<unknown, number> | null> | undefined

  constructor(holder: Node) {
    this.#holder = holder
  }

  /** The path of a container; null for the holder, undefined where the edit of another tells of it. */
  pathTo(node: Node): Path | null | undefined {
    if (node === this.#holder) return null
    const path: (string | number)[] = []
    let current = node
    while (current !== this.#holder) {
      const above = current.parent
      if (above === null) return undefined
      const key = this.#keyOf(current, above)
      if (above.edit?.tells(key, current.container)) return undefined
      path.push(key)
      current = above
    }
    path.pop()
    return path.toReversed()
  }

  #keyOf({ container, key }: Node, { container: above }: Node): string | number {
    if (!isArray(above) || above[Number(key)] === container) return key
    this.#indices ??= new Map()
    const indices = this.#indices.get(above)
    if (indices) return indices.get(container) ?? -1
    if (indices === undefined) {
      this.#indices.set(above, null)
      return above.indexOf(container)
    }
    const found = new Map<unknown, number>()
    for (const [index, element] of above.entries()) found.set(element, index)
    this.#indices.set(above, found)
    return found.get(container) ?? -1
  }
}
