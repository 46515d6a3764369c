import { HoldfastError, type Version } from '@holdfast/core'
import {
  DirectoryMovedError,
  openDirectory,
  removeAbandoned,
  syncDirectory,
  type Directory,
} from '@holdfast/fs'
import { EpochMovedError, type EncodedRecord, type EpochFile } from './epoch-file.ts'
import type { ReplayListener } from './epoch-replay.ts'
import { unsupportedSyncError } from './journal-error.ts'
import type { JournalPlace } from './journal-place.ts'
import { helpNextEpoch } from './next-epoch.ts'
import { openNewestEpoch } from './open-epoch.ts'
import { RecentChanges } from './recent-changes.ts'
import { rollOver } from './roll-over.ts'

/** How long it is waited, among others, for the next epoch, from one look for it to the one after. */
const patienceMs = [1, 1, 2, 4, 8]

/** What `onCorrupt: 'previous'` has shown of a damaged epoch: what the next commit may build on. */
export interface Recovered {
  readonly epoch: number
  readonly size: number
  readonly version: Version
}

/** Who this handle has claimed the state for. */
export interface Claim {
  readonly owner: string
  /** Whether the journal says so; it cannot before there is a document. */
  isRecorded: boolean
}

/**
 * One handle's view of one state's journal. Everything that is done with it has to be done one at a
 * time; other handles and other processes may do what they like meanwhile.
 */
export class Journal {
  readonly place: JournalPlace
  readonly recent: RecentChanges = new RecentChanges()
  /** The epoch that was current when it was last looked at; null before, and where there is none. */
  file: EpochFile | null = null
  /**
   * A flush of the open epoch, or of its name, has failed. The kernel may have marked the pages clean (fsyncgate;
   * Rebello et al., ATC 2020): nothing in this file counts as durable any more, so nothing is shown
   * or built on before all of it stands in a new file.
   */
  isPoisoned = false
  /** The life of the state that this handle has last shown; null before. */
  lifeShown: number | null = null
  recovered: Recovered | null = null
  claim: Claim | null = null
  /** Who writes by this handle, as its last change said. */
  writer: string
  /** Failed compactions wait until the changes have grown to so many bytes. */
  compactionFloorBytes = 0
  #durableEpoch = 0
  #directory: Directory | null = null
  #isParentDurable = false

  constructor(place: JournalPlace) {
    this.place = place
    const { environment } = place.context
    this.writer = `${environment.process}/${environment.token()}`
  }

  /** The newest version that was seen; 0 where there is nothing. */
  get version(): Version {
    return this.file?.replay.standing?.version ?? 0
  }

  /** The life of the state in the open epoch. */
  get life(): number {
    return this.file?.replay.head?.life ?? 0
  }

  /** Reads what is new. Null where nothing was ever written. Writes nothing, unless a flush failed. */
  async look(): Promise<EpochFile | null> {
    if (this.isPoisoned) await rollOver(this)
    const { file } = this
    if (file !== null && (await file.look())) {
      if (file.replay.closed === null) return file
      await this.#giveTime(file)
    }
    return this.reopen()
  }

  /** Opens the current epoch anew, and tells `listener` all that counts in it so far. */
  async reopen(listener: ReplayListener = {}): Promise<EpochFile | null> {
    await this.drop()
    this.recent.clear()
    let first: ReplayListener = listener
    this.file = await openNewestEpoch(this.place, {
      head: (head, line) => first.head?.(head, line),
      record: (record, schema, line) => {
        first.record?.(record, schema, line)
        // What this handle wrote is made of what its caller has.
        this.recent.push(record, schema, line, record.writer === this.writer)
      },
    })
    first = {}
    return this.file
  }

  /**
   * Reads what is new, and finishes what others have begun: resolves with a sound epoch that is open
   * for changes, or null where nothing was ever written.
   * @throws HoldfastError `CORRUPT`, `NEWER_SCHEMA`; the system's error.
   */
  async advance(): Promise<EpochFile | null> {
    for (;;) {
      const file = await this.look()
      if (file === null) return null
      file.requireSound()
      if (file.replay.closed === null) return file
      await helpNextEpoch(this, file)
    }
  }

  /**
   * Waits for the epoch after `file`, which is closed. Among others it is about to come: who closed this
   * one has it ready. Else each of them would read the whole of this one again, only to make the same.
   */
  async #giveTime({ hasCompany, number, replay }: EpochFile): Promise<void> {
    if (!hasCompany || replay.closed?.writer === this.writer) return
    const { fileSystem, files } = this.place.context
    const next = this.place.epochPath(number + 1)
    for (const delayMs of patienceMs) {
      if ((await fileSystem.lstatIfThere(next)) !== null) return
      await files.sleep(delayMs)
    }
  }

  /**
   * Appends to the open epoch, and tells whether the record counts; a file that is not in its place any
   * more is forgotten.
   * @throws the system's error, as AppendFile does.
   */
  async append(file: EpochFile, encoded: EncodedRecord): Promise<boolean> {
    try {
      return await file.append(encoded)
    } catch (error) {
      await file.settled()
      if (file.hasFailedFlush) this.isPoisoned = true
      if (!(error instanceof EpochMovedError)) throw error
      await this.drop()
      return false
    }
  }

  /** Makes all that was read survive a power cut, and the names that lead to it. */
  async makeDurable(): Promise<void> {
    const { file } = this
    if (!this.place.isPower || file === null) return
    try {
      await file.makeDurable()
    } catch (error) {
      if (file.hasFailedFlush) this.isPoisoned = true
      throw error
    }
    if (file.number !== this.#durableEpoch) await this.syncDirectory(file.number)
  }

  /**
   * Whether that survives a power cut which has to before a change is built on it: the epoch, the names
   * that lead to it, and what it held when it was opened. What others have appended since is made
   * durable with the change.
   */
  get isEpochDurable(): boolean {
    const { file } = this
    return file === null || (file.isFlushed && file.number === this.#durableEpoch)
  }

  /** Makes the names of all epochs up to `epoch` survive a power cut, and that of the directory. */
  async syncDirectory(epoch: number): Promise<void> {
    const { context, path, parent, isPower } = this.place
    if (!isPower) return
    try {
      this.#require(await this.#syncOwnDirectory(), path)
    } catch (error) {
      // A name whose sync failed may be lost although the next sync succeeds: it takes a new name.
      if (!HoldfastError.is(error)) this.isPoisoned = true
      throw error
    }
    if (!this.#isParentDurable) {
      this.#require(
        await syncDirectory(context.fileSystem, parent, { environment: context.files }),
        parent,
      )
      this.#isParentDurable = true
    }
    this.#durableEpoch = epoch
  }

  /** A directory that was deleted and made again meanwhile is opened anew. */
  async #syncOwnDirectory(): Promise<'process' | 'power'> {
    const { context, path } = this.place
    const retry = { environment: context.files }
    this.#directory ??= await openDirectory(context.fileSystem, path, retry)
    try {
      return await this.#directory.sync()
    } catch (error) {
      if (!(error instanceof DirectoryMovedError)) throw error
      const moved = this.#directory
      this.#directory = null
      await moved.close()
      this.#directory = await openDirectory(context.fileSystem, path, retry)
      this.#isParentDurable = false
      return this.#directory.sync()
    }
  }

  /** Forgets the open epoch. */
  async drop(): Promise<void> {
    const { file } = this
    this.file = null
    await file?.close()
  }

  async close(): Promise<void> {
    const directory = this.#directory
    this.#directory = null
    try {
      await this.drop()
    } finally {
      await directory?.close()
      await removeAbandoned(this.place.context.fileSystem, this.place.path)
    }
  }

  /** Windows cannot sync a directory: the one documented exception (README, "What it guarantees"). */
  #require(achieved: 'process' | 'power', path: string): void {
    if (achieved === 'power' || this.place.context.fileSystem.platform === 'win32') return
    throw unsupportedSyncError(this.place, path)
  }
}
