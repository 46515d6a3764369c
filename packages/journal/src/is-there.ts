import { HoldfastError } from '@holdfast/core'
import type { JournalPlace } from './journal-place.ts'
import type { EpochFile } from './epoch-file.ts'
import { openNewestEpoch } from './open-epoch.ts'

/**
 * Whether the state was ever written and not removed. A damaged one is there. Reads the current epoch
 * without its document.
 */
export async function isThere(place: JournalPlace): Promise<boolean> {
  const opened = await openIfSound(place)
  if (opened === 'damaged') return true
  if (opened === null) return false
  await using file = opened
  const { closed, damage, standing } = file.replay
  if (closed?.kind === 'reset') return closed.version > 0
  return damage !== null || standing?.version !== 0
}

/** 'damaged' where every epoch is gone, and only what was set aside is left. */
async function openIfSound(place: JournalPlace): Promise<EpochFile | null | 'damaged'> {
  try {
    return await openNewestEpoch(place, {})
  } catch (error) {
    if (HoldfastError.is(error, 'CORRUPT')) return 'damaged'
    throw error
  }
}
