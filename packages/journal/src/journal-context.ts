import { systemEnvironment, type Environment } from '@holdfast/core'
import {
  currentInstance,
  fileEnvironment,
  nodeFileSystem,
  temporaryName,
  type FileEnvironment,
  type FileSystem,
  type Instance,
} from '@holdfast/fs'

/** What the journal backend needs of the world; each part can be replaced. */
export interface JournalContext {
  readonly fileSystem: FileSystem
  /** Who this process is to other processes: in the names of temporary files. */
  readonly instance: Instance
  readonly environment: Environment
  /** Time, chance and names for the file primitives. */
  readonly files: FileEnvironment
  /** The scheme of the backend that keeps the journal, for messages. */
  readonly scheme: string
}

/** The parts to use instead of the real ones. */
export type JournalContextParts = Partial<Omit<JournalContext, 'files'>> & {
  readonly files?: Partial<FileEnvironment>
}

/** The real world, with `parts` in place of its own. */
export function journalContext(parts: JournalContextParts = {}): JournalContext {
  const environment = parts.environment ?? systemEnvironment
  const instance = parts.instance ?? currentInstance()
  const files = fileEnvironment({
    now: () => environment.now(),
    monotonicMs: () => environment.monotonicMs(),
    temporaryName: (base) => temporaryName(base, instance, files.token()),
    ...parts.files,
  })
  const { fileSystem = nodeFileSystem, scheme = 'journal' } = parts
  return { fileSystem, instance, environment, files, scheme }
}
