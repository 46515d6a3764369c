import type { Container } from '../container.ts'
import type { ArrayEdit, ObjectEdit } from './edit.ts'

/** A container that a recipe has got hold of: what stands behind one draft. */
export class Node {
  /** The container that the draft shows; changes when the node moves to a copy. */
  container: Container
  /** The node above, or null when this one is not part of the document (any more). */
  parent: Node | null
  /** The key below `parent`; for arrays a hint, since elements shift. */
  key: string | number
  /** What the recipe did to `container`, where that belongs to the live document. */
  edit: ObjectEdit | ArrayEdit | undefined
  readonly draft: object

  constructor(
    container: Container,
    parent: Node | null,
    key: string | number,
    draftOf: (node: Node) => object,
  ) {
    this.container = container
    this.parent = parent
    this.key = key
    this.draft = draftOf(this)
  }

  /** The key at which `container` stands in its parent now. */
  get currentKey(): string | number {
    const above = this.parent?.container
    if (!Array.isArray(above) || above[Number(this.key)] === this.container) return this.key
    this.key = above.indexOf(this.container)
    return this.key
  }
}
