import { join } from 'node:path'
import type { Holder } from '@holdfast/core'
import { ensureDirectory, hasCode, type MaybePromise } from '@holdfast/fs'
import { encodeHolder } from './holder-record.ts'
import type { LockPlace } from './lock-place.ts'
import { nameIsThere } from './name-is-there.ts'
import { handOver } from './queue.ts'
import { ticketName, type LockKind, type TicketName } from './ticket-name.ts'

/**
 * One process's wish for the lock, and its holding of it, on disk: a directory with one file in it,
 * both of them called by a name that nobody else ever has. In the queue it is `<home>/<name>/<name>`;
 * who has the lock has moved that directory, file and all, to `<home>/held`:
 *
 *  - A rename puts a directory in the place of an empty one or of none, and of no other (rename(2)):
 *    so one of many gets the lock, and from the first moment on it says whose it is.
 *  - All that is done to a lock is done by a path that has its holder's name in it: giving it back,
 *    keeping it alive, taking it from the dead. Whoever comes late finds ENOENT, and never hits a
 *    successor; what is left, the empty directory, is free for everybody.
 */
export class Ticket {
  readonly name: TicketName
  readonly #place: LockPlace
  #holder: Holder

  private constructor(place: LockPlace, name: TicketName, holder: Holder) {
    this.#place = place
    this.name = name
    this.#holder = holder
  }

  /** Joins the queue. @throws the system's error. */
  static async enter(place: LockPlace, kind: LockKind): Promise<Ticket> {
    const { instance, environment, files, host, command } = place.context
    const now = environment.now()
    const name = ticketName(kind, instance, now, files.token())
    const { pid } = instance
    const holder = { pid, host, since: new Date(now).toISOString(), command }
    const ticket = new Ticket(place, name, holder)
    try {
      await ticket.#create()
      return ticket
    } catch (error) {
      await ticket.#discard()
      throw error
    }
  }

  /** The ticket's directory while it waits. */
  get path(): string {
    return join(this.#place.home, this.name.text)
  }

  /** Takes the lock if it is free; false where it is not. */
  async seize(): Promise<boolean> {
    const { context, held } = this.#place
    try {
      await context.fileSystem.rename(this.path, held)
      return true
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false
      // Windows says EPERM where a directory is in the way, empty or not.
      if (hasCode(error, 'EPERM') && (await nameIsThere(context.fileSystem, held))) return false
      if (!hasCode(error, 'ENOENT')) throw error
    }
    if (await this.isHeld()) return true // handed over meanwhile
    await this.#create()
    return false
  }

  /** Whether this ticket has the lock; it may have been handed over to it, or taken from it. */
  isHeld(): Promise<boolean> {
    return nameIsThere(this.#place.context.fileSystem, join(this.#place.held, this.name.text))
  }

  /** Shows that the holder is alive. @throws ENOENT where the lock was taken from it. */
  async beat(): Promise<void> {
    await this.#write(join(this.#place.held, this.name.text))
  }

  /** Writes down that the lock is held since now. @throws ENOENT where it was taken meanwhile. */
  async begin(): Promise<void> {
    const since = new Date(this.#place.context.environment.now()).toISOString()
    this.#holder = { ...this.#holder, since }
    await this.beat()
  }

  /** Gives the lock to who waits longest, or leaves it free. False where it was gone already. */
  async release(): Promise<boolean> {
    const { context, held } = this.#place
    const { fileSystem } = context
    try {
      await fileSystem.unlink(join(held, this.name.text))
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    }
    await handOver(this.#place)
    return true
  }

  /** Leaves the queue, or gives the lock back if it has come meanwhile. */
  async withdraw(): Promise<void> {
    const { fileSystem } = this.#place.context
    try {
      await fileSystem.unlink(join(this.path, this.name.text))
      await fileSystem.rmdir(this.path)
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error
      await this.release()
    }
  }

  /** After a failure, which tells what happened: nobody may hand the lock to a ticket without an owner. */
  async #discard(): Promise<void> {
    const { fileSystem } = this.#place.context
    await quietly(() => fileSystem.unlink(join(this.path, this.name.text)))
    await quietly(() => fileSystem.rmdir(this.path))
    await quietly(() => this.release())
  }

  async #create(): Promise<void> {
    const { context, home } = this.#place
    const { fileSystem, files: environment } = context
    for (;;) {
      try {
        await fileSystem.mkdir(this.path, 0o700)
        return await this.#write(join(this.path, this.name.text), 'exclusive')
      } catch (error) {
        // Whoever leaves last removes the queue; or the ticket had its turn before it was filled in.
        if (!hasCode(error, 'ENOENT')) throw error
        await ensureDirectory(fileSystem, home, { mode: 0o700, durable: false, environment })
      }
    }
  }

  async #write(path: string, create?: 'exclusive'): Promise<void> {
    const { fileSystem, environment } = this.#place.context
    const flags = { access: 'write', noFollow: true, mode: 0o600 } as const
    const handle = await fileSystem.open(path, create === undefined ? flags : { ...flags, create })
    try {
      await handle.write(encodeHolder(this.#holder, environment.now()), 0)
    } finally {
      await handle.close()
    }
  }
}

/** An error of cleaning up is dropped: it would hide the first one. */
async function quietly(cleanUp: () => MaybePromise<unknown>): Promise<void> {
  try {
    await cleanUp()
  } catch {
    // dropped, as said above
  }
}
