import { encodedClosing } from './epoch-file.ts'
import { damageError } from './journal-error.ts'
import type { Journal } from './journal.ts'
import { helpNextEpoch, prune } from './next-epoch.ts'

/** How often the record may be torn before the disk is to blame. */
const mostAttempts = 100

/**
 * Removes the state with all it kept, damaged or not; does nothing where there is none. What stays is
 * an epoch of one short line that says so: the highest number must never be used twice, since a
 * process that was stalled for long may still put an epoch of the removed state in place.
 */
export async function removeJournal(journal: Journal): Promise<void> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const file = await journal.look()
    if (file === null) return
    const { closed, damage, standing } = file.replay
    if (damage?.kind === 'newer') throw damageError(file.subject, damage)
    if (closed !== null) {
      await helpNextEpoch(journal, file)
      continue
    }
    if (damage === null && standing?.version === 0) {
      await journal.makeDurable()
      return prune(journal.place, file.number)
    }
    const { environment } = journal.place.context
    await journal.append(
      file,
      encodedClosing({
        kind: 'reset',
        base: standing?.version ?? 0,
        version: 0,
        at: new Date(environment.now()).toISOString(),
        writer: journal.writer,
        id: environment.token(),
        reset: file.number + 1,
      }),
    )
  }
  throw new Error(`${mostAttempts} appends were torn`)
}
