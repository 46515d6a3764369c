import { isDirectorySync, isFileSync, swallow } from './disturbances.ts'
import type { Mutant } from './mutant.ts'

const damaged = ['empty', 'zeros', 'torn', 'gap']
const gone = ['missing', 'lost']
const raced = ['lost', 'stale', 'order', 'doubled', 'gap']

const waitForFlush = 'if (synced !== null) await this.#flush(synced, behind ?? before)'
const publish = `  await journal.syncDirectory(number)
  await prune(journal.place, number - journal.place.options.keep)`

const bugs: readonly Omit<Mutant, 'backend'>[] = [
  {
    name: 'journal-nodir',
    bug: 'the directory of the epochs is never synced',
    hunt: 'crashes',
    expected: gone,
    disturbance: swallow((call) => isDirectorySync(call, '/state/a.journal')),
  },
  {
    name: 'journal-nosync',
    bug: 'an append does not wait for the disk',
    hunt: 'crashes',
    expected: gone,
    disturbance: swallow((call) => call.method === 'fdatasync'),
  },
  {
    name: 'compact-bad',
    bug: 'the old epoch is removed before the new one is in place',
    hunt: 'crashes',
    expected: [...gone, ...damaged],
    edits: [
      {
        file: 'journal/src/next-epoch.ts',
        find: '    await linkEpoch(journal.place, staged.path, number)',
        replace: `    await prune(journal.place, number)
    await linkEpoch(journal.place, staged.path, number)`,
      },
    ],
  },
  {
    name: 'no-checksum-tail',
    bug: 'a line that ends in a checksum counts, whatever is in it',
    hunt: 'crashes',
    expected: damaged,
    edits: [
      {
        file: 'journal/src/line.ts',
        find: 'end.startsWith(sealStart) && end === sealOf(line.subarray(0, bodyBytes))',
        replace: 'end.startsWith(sealStart)',
      },
    ],
  },
  {
    name: 'delete-first',
    bug: 'recovery removes the closed epoch, then makes the next one',
    hunt: 'crashes',
    expected: [...gone, ...damaged],
    edits: [
      {
        file: 'journal/src/next-epoch.ts',
        find: '  const start = await successorOf(journal.place, file)',
        replace: `  const start = await successorOf(journal.place, file)
  await unlinkIfThere(journal.place, file.path)`,
      },
    ],
  },
  {
    name: 'no-readback',
    bug: 'an append counts without a look at what came before it',
    hunt: 'schedules',
    expected: raced,
    edits: [
      {
        file: 'journal/src/epoch-file.ts',
        find: 'return this.#hasCounted || this.replay.closed?.id === record.id',
        replace: 'return true',
      },
    ],
  },
  {
    name: 'single-listing',
    bug: 'the directory is listed once at load',
    hunt: 'compaction',
    expected: raced,
    edits: [
      {
        file: 'journal/src/open-epoch.ts',
        find: '(await listEpochs(place)).at(-1) === newest && (await file.look())',
        replace: 'await file.look()',
      },
    ],
  },
  {
    name: 'unlink-early',
    bug: 'the old epoch is removed before the name of the new one is durable',
    hunt: 'crashes',
    expected: gone,
    edits: [
      {
        file: 'journal/src/next-epoch.ts',
        find: publish,
        replace: publish.split('\n').toReversed().join('\n'),
      },
    ],
  },
  {
    name: 'old-base',
    bug: 'a record on an old base counts',
    hunt: 'schedules',
    expected: [...raced, 'torn'],
    edits: [
      {
        file: 'journal/src/epoch-replay.ts',
        find: 'if (base < standing.version || !mayWrite(record, standing.owner)) return',
        replace: 'if (!mayWrite(record, standing.owner)) return',
      },
    ],
  },
  {
    name: 'unsynced-foreign',
    bug: 'what another process appended is shown before it is durable',
    hunt: 'appends',
    expected: raced,
    edits: [
      {
        file: 'journal/src/read-journal.ts',
        find: `  file.requireSound()
  await journal.makeDurable()
  if (closed !== null)`,
        replace: `  file.requireSound()
  if (closed !== null)`,
      },
    ],
  },
  {
    name: 'unsynced-own',
    bug: 'a change on what is not durable yet is acknowledged before it is flushed with it',
    hunt: 'appends',
    expected: raced,
    edits: [
      {
        file: 'journal/src/epoch-file.ts',
        find: waitForFlush,
        replace: waitForFlush.replace(')', ' && this.durableVersion >= record.base)'),
      },
    ],
  },
  {
    name: 'unsynced-loser',
    bug: 'who lost a race is told before that is flushed which came first',
    hunt: 'overlaps',
    expected: ['wrong'],
    edits: [
      {
        file: 'journal/src/epoch-file.ts',
        find: 'appender.append(bytes, this.#place.isPower)',
        replace: 'appender.append(bytes)',
      },
      {
        file: 'journal/src/epoch-file.ts',
        find: waitForFlush,
        replace: 'if (this.#place.isPower && this.#hasCounted) await this.#flush()',
      },
    ],
  },
  {
    name: 'synced-claimed',
    bug: 'a record does not say that what it builds on is not flushed',
    hunt: 'overlaps',
    expected: ['gap'],
    edits: [
      {
        file: 'journal/src/commit-change.ts',
        find: 'durable < base ? { synced: durable } : {}',
        replace: '{}',
      },
    ],
  },
  {
    name: 'unawaited-flush',
    bug: 'a change is acknowledged while its flush is under way',
    hunt: 'crashes',
    expected: gone,
    edits: [{ file: 'journal/src/epoch-file.ts', find: waitForFlush, replace: '' }],
  },
  {
    name: 'synced-behind',
    bug: 'what was appended after a record is taken for flushed with it',
    hunt: 'behind',
    expected: ['gap'],
    edits: [
      {
        file: 'journal/src/epoch-file.ts',
        find: waitForFlush,
        replace: 'if (synced !== null) await this.#flush(synced)',
      },
    ],
  },
  {
    name: 'snapshot-nosync',
    bug: 'the first line of an epoch is not synced before it gets its name',
    hunt: 'crashes',
    expected: damaged,
    disturbance: swallow((call) => isFileSync(call) && call.path.endsWith('.tmp')),
  },
  {
    name: 'epoch-nodir',
    bug: 'the directory is not synced after a new epoch was put into it',
    hunt: 'crashes',
    expected: gone,
    edits: [
      {
        file: 'journal/src/next-epoch.ts',
        find: '  await journal.syncDirectory(number)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'claim-ignored',
    bug: 'who is not the owner writes all the same, and it counts',
    hunt: 'claims',
    expected: ['stolen'],
    edits: [
      {
        file: 'journal/src/epoch-replay.ts',
        find: "return owner === null || record.kind === 'claim' || record.writer === owner",
        replace: 'return true',
      },
      {
        file: 'journal/src/commit-change.ts',
        find: '  requireMayWrite(journal, standing, change)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'crc-ignored',
    bug: 'every line counts that has an end',
    hunt: 'crashes',
    expected: damaged,
    edits: [
      {
        file: 'journal/src/line.ts',
        find: 'if (bodyBytes < 1) return false',
        replace: 'return bodyBytes >= 1',
      },
    ],
  },
  {
    name: 'glued-tail',
    bug: 'a record is appended to the piece of a line that a crash left',
    hunt: 'crashes',
    expected: gone,
    edits: [
      {
        file: 'journal/src/epoch-file.ts',
        find: 'const isTorn = this.#size > this.replay.end',
        replace: 'const isTorn = false',
      },
    ],
  },
]

/** The journal with one rule of its protocol broken each. */
export const journalMutants: readonly Mutant[] = bugs.map((bug) => ({
  ...bug,
  backend: 'journal',
}))
