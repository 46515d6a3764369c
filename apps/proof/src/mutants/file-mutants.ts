import {
  ignoredLock,
  isDirectorySync,
  isFileSync,
  lateSync,
  retriedSync,
  swallow,
  writtenInPlace,
} from './disturbances.ts'
import type { Mutant } from './mutant.ts'

const damaged = ['empty', 'zeros', 'torn']
const gone = ['missing', 'lost']
const any = [...damaged, ...gone]

const bugs: readonly Omit<Mutant, 'backend'>[] = [
  {
    name: 'nodirsync',
    bug: 'the directory is not synced after the rename',
    hunt: 'crashes',
    expected: gone,
    disturbance: swallow((call) => isDirectorySync(call)),
  },
  {
    name: 'nofilesync',
    bug: 'the temporary is not synced before the rename',
    hunt: 'crashes',
    expected: damaged,
    disturbance: swallow(isFileSync),
  },
  {
    name: 'nosync',
    bug: 'nothing is synced',
    hunt: 'crashes',
    expected: any,
    disturbance: swallow((call) => isFileSync(call) || isDirectorySync(call)),
  },
  {
    name: 'inplace',
    bug: 'the file is emptied and written again where it is',
    hunt: 'crashes',
    expected: damaged,
    disturbance: (fileSystem) => writtenInPlace(fileSystem, true),
  },
  {
    name: 'overwrite',
    bug: 'the file is written over where it is',
    hunt: 'crashes',
    expected: damaged,
    disturbance: (fileSystem) => writtenInPlace(fileSystem, false),
  },
  {
    name: 'mkdir-bad',
    bug: 'the parent of a directory that was made is not synced',
    hunt: 'crashes',
    expected: gone,
    disturbance: swallow((call) => isDirectorySync(call, '/')),
  },
  {
    name: 'swallow-fsync',
    bug: 'an fsync that failed is taken for one that succeeded',
    hunt: 'faults',
    expected: any,
    disturbance: () => async (call, proceed) => {
      try {
        return await proceed()
      } catch (error) {
        if (isFileSync(call)) return undefined
        throw error
      }
    },
  },
  {
    name: 'retry-fsync',
    bug: 'an fsync that failed is tried again, and believed',
    hunt: 'faults',
    expected: any,
    disturbance: retriedSync,
  },
  {
    name: 'leave-temp',
    bug: 'temporaries of crashed writers stay',
    hunt: 'crashes',
    expected: ['litter'],
    disturbance: swallow((call) => call.method === 'unlink' && call.path.endsWith('.tmp')),
  },
  {
    name: 'short-write',
    bug: 'a short write is taken for a whole one',
    hunt: 'faults',
    expected: damaged,
    edits: [
      { file: 'fs/src/write-all.ts', find: 'written += count', replace: 'written += piece.length' },
      {
        file: 'fs/src/stage-file.ts',
        find: 'if (stat.size === size) return stat',
        replace: 'return stat',
      },
    ],
  },
  {
    name: 'unserialised',
    bug: 'two processes are in the commit at once: the lock is ignored',
    hunt: 'schedules',
    expected: ['lost', 'stale', 'order', 'doubled'],
    disturbance: ignoredLock,
  },
  {
    name: 'ack-before-sync',
    bug: 'the change is acknowledged before the sync is over',
    hunt: 'crashes',
    expected: any,
    disturbance: lateSync,
  },
]

/** The file backend with the bugs of the tools that it was made to replace. */
export const fileMutants: readonly Mutant[] = bugs.map((bug) => ({
  ...bug,
  backend: 'file',
}))
