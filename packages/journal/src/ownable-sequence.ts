import type { Sequence } from '@holdfast/core'

/**
 * A journal's sequence that can have an owner: the only writer whose changes count. The journal obeys
 * whoever claims last: whether an owner may be replaced is for the caller to know, who has to have
 * made sure that it is gone, or out of the game, by means of its own (a lock).
 */
export interface OwnableSequence extends Sequence {
  /**
   * Reads what others wrote, and tells who the owner is; null for nobody. A commit on a version that
   * is not the newest any more is refused from then on without being written.
   * @throws HoldfastError `IO`, `CLOSED`.
   */
  owner(): Promise<string | null>
  /**
   * Puts `next` in the place of the owner `previous`; null for nobody. That is a version of its own.
   * Where there is nothing to own yet (never written, removed, or damaged), the claim is kept, and
   * comes into the journal with this sequence's first commit, or right before the second. Resolves
   * with false, and changes nothing, where `previous` is not the owner any more.
   *
   * After it, the changes of this sequence have to have the writer `next`; as soon as another one is
   * the owner, or nobody, `commit` throws `OWNERSHIP_LOST`.
   * @throws HoldfastError as `commit` does.
   */
  claim(next: string | null, previous: string | null): Promise<boolean>
}
