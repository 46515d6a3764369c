import { type Container, hasOwn } from '../container.ts'
import type { ArrayEdit } from './array-edit.ts'
import { ObjectEdit } from './object-edit.ts'

/** What a node is made of. */
export interface NodeParts {
  readonly container: Container
  /** The node above, or null. */
  readonly parent: Node | null
  /** The key below `parent`. */
  readonly key: string | number
  /** Whether the recipe itself made the container. */
  readonly isOwned: boolean
}

/** A container that a recipe has got hold of: what stands behind one draft. */
export class Node {
  readonly container: Container
  /**
   * Whether the recipe itself made the container. Such a one is changed without a record: whoever
   * tells the place where it was put in tells its final content.
   */
  readonly isOwned: boolean
  /** The node above; null when the container was taken out of the one that it was in. */
  parent: Node | null
  /** The key below `parent`; for arrays a hint, since elements shift. */
  key: string | number
  /**
   * The node of the copy that was last put in elsewhere while this one stood in the document. The
   * draft stands for that once this one is gone.
   */
  copy: Node | undefined
  /** What the recipe did to a container that it does not own. */
  edit: ObjectEdit | ArrayEdit | undefined
  /** What shows the container to the recipe; undefined until `NodeTree.draftOf` is asked for it. */
  draft: object | undefined

  constructor({ container, parent, key, isOwned }: NodeParts) {
    this.container = container
    this.parent = parent
    this.key = key
    this.isOwned = isOwned
  }

  /** Whether the container has a member `key`, for the recipe. */
  has(key: PropertyKey): boolean {
    if (!hasOwn(this.container, key)) return false
    return !(this.edit instanceof ObjectEdit && this.edit.isRemoved(String(key)))
  }

  /** The keys of the container, for the recipe. */
  keys(): string[] {
    const keys = Object.keys(this.container)
    const { edit } = this
    if (!(edit instanceof ObjectEdit) || !edit.hasRemoved) return keys
    return keys.filter((key) => !edit.isRemoved(key))
  }
}
