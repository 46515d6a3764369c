import { isJsonLeaf } from './copy-json.ts'
import type { Patch } from './patch.ts'

/**
 * What `patches`, which follow each other, come to: the same document, without the leaves that were
 * put in the place of something and replaced again.
 *
 * Nothing depends on such a patch: below a leaf there is nothing that one after it could strike, and
 * its place is there with it and without. Only `add` and `remove` shift the elements of arrays: as
 * long as neither comes between, the same pointer leads to the same place.
 */
export function netPatches(patches: readonly Patch[]): readonly Patch[] {
  const replacedLater = new Set<string>()
  const kept: Patch[] = []
  for (let index = patches.length - 1; index >= 0; index--) {
    const patch = patches[index]
    if (patch === undefined) continue
    if (patch.op !== 'replace') replacedLater.clear()
    else if (replacedLater.has(patch.path) && isJsonLeaf(patch.value)) continue
    else replacedLater.add(patch.path)
    kept.push(patch)
  }
  return kept.length === patches.length ? patches : kept.toReversed()
}
