import { join } from 'node:path'
import { hasCode } from '@holdfast/fs'
import type { LockPlace } from './lock-place.ts'
import { parseTicketName, type TicketName } from './ticket-name.ts'

/** Who waits for the lock, longest first. What else lies there is nobody's, and stays. */
export async function waitingTickets({ context, home }: LockPlace): Promise<TicketName[]> {
  try {
    const names = await context.fileSystem.readdir(home)
    return names
      .toSorted()
      .map(parseTicketName)
      .filter((ticket) => ticket !== null)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/**
 * Gives the lock, which has to be empty, to who has waited longest and can use it, or leaves it free
 * for everybody. Tickets of the dead are removed on the way; who is stopped is passed over.
 */
export async function handOver(place: LockPlace): Promise<void> {
  const { fileSystem, files, instance } = place.context
  for (const ticket of await waitingTickets(place)) {
    const liveness = files.livenessOf(ticket.instance, instance)
    if (liveness === 'dead') await removeTicket(place, ticket)
    if (liveness === 'dead' || liveness === 'stopped') continue
    try {
      await fileSystem.rename(join(place.home, ticket.text), place.held)
      return
    } catch (error) {
      // Another one was faster.
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) return
      // It has left the queue; ask the next.
      if (!hasCode(error, 'ENOENT')) throw error
    }
  }
  await removeIfEmpty(place, place.held)
}

/** Removes a ticket from the queue whose process is gone. */
async function removeTicket({ context, home }: LockPlace, { text }: TicketName): Promise<void> {
  const { fileSystem } = context
  try {
    await fileSystem.unlink(join(home, text, text))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  try {
    await fileSystem.rmdir(join(home, text))
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error
  }
}

/** Takes the lock from `holder`, who has to be gone, or out of the game; whoever does it first. */
export async function removeHolder(place: LockPlace, { text }: TicketName): Promise<boolean> {
  try {
    await place.context.fileSystem.unlink(join(place.held, text))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
  await removeIfEmpty(place, place.held)
  return true
}

/** Removes the tickets of the dead, and what then is empty. */
export async function tidyQueue(place: LockPlace): Promise<void> {
  const { files, instance } = place.context
  for (const ticket of await waitingTickets(place)) {
    if (files.livenessOf(ticket.instance, instance) === 'dead') await removeTicket(place, ticket)
  }
  await removeIfEmpty(place, place.held)
  await removeIfEmpty(place, place.home)
}

/** Removes a directory that nobody uses; a stranger's file keeps it. */
async function removeIfEmpty({ context }: LockPlace, path: string): Promise<void> {
  try {
    await context.fileSystem.rmdir(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error
  }
}
