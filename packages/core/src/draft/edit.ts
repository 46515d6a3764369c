import type { Container } from '../container.ts'

/** One thing that an edit did to its container, in the container's own terms. */
export type Operation =
  | { readonly op: 'add' | 'replace'; readonly key: string | number; readonly value: unknown }
  | { readonly op: 'remove'; readonly key: string | number }

/**
 * What one recipe did to one container of the live document, kept by reference: enough to undo it and
 * to tell it as operations, without a copy of the container or of its keys.
 */
export interface Edit {
  readonly container: Container
  /** The net effect, in an order in which it can be replayed. */
  operations(): readonly Operation[]
  /** Whether the operations tell the whole of `member`, which stands at `key` in the end. */
  tells(key: string | number, member: unknown): boolean
  /** Takes the keys that the recipe deleted out of the container; before, they only count as gone. */
  settle(keepOrder: boolean): void
  /** Puts the container back to what it was before the recipe. */
  undo(): void
  /** Takes `undo` back. */
  redo(): void
}
