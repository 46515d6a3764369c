import { HoldfastError, type Sequence } from '@holdfast/core'
import type { OwnableSequence } from '@holdfast/journal'
import { pendingChange, type ScheduleScenario, type SimulatedProcess } from '@holdfast/testing'
import type { OpenSubject } from './subjects.ts'

const commits = 2

/**
 * Several processes that own the journal in turn, by claims, and never ask whether they still do: who
 * has been followed by another owner must not be able to write, however long he was paused.
 */
export function claimSchedule(open: OpenSubject, processes = 3): ScheduleScenario<string[]> {
  return {
    async prepare(process) {
      const backend = await open(process)
      await add(process, await backend.open('a'), 'first')
      await backend.close()
    },
    processes: Array.from({ length: processes }, () => (process) => own(open, process)),
    async recover(process) {
      const backend = await open(process)
      const found = entriesOf((await (await backend.open('a')).load())?.data)
      await backend.close()
      return found
    },
    check(found, log) {
      const lost = log.acknowledged.find((one) => !one.startsWith('claim') && !found.includes(one))
      if (lost !== undefined) throw new Error(`lost: ${lost} was acknowledged`)
      const at = (kind: 'begun' | 'acknowledged', operation: string): number => {
        const index = log.events.findIndex(
          (one) => one.kind === kind && one.operation === operation,
        )
        return index < 0 ? Number.POSITIVE_INFINITY : index
      }
      const pids = [...new Set(log.begun.filter((one) => one.startsWith('claim')).map(pidOf))]
      for (const entry of found.filter((one) => log.begun.includes(one))) {
        const claimed = at('acknowledged', `claim ${pidOf(entry)}`)
        const thief = pids.find(
          (pid) =>
            at('begun', `claim ${pid}`) > claimed &&
            at('acknowledged', `claim ${pid}`) < at('begun', entry),
        )
        if (thief === undefined) continue
        throw new Error(
          `stolen: ${entry} counts, and was begun when ${thief} was the owner already`,
        )
      }
    },
  }
}

/** Of `claim <pid>` and `<pid>.<nth>`. */
function pidOf(operation: string): string {
  return /\d+/.exec(operation)?.[0] ?? ''
}

async function own(open: OpenSubject, process: SimulatedProcess): Promise<void> {
  const backend = await open(process)
  const sequence = ownable(await backend.open('a'))
  const claim = `claim ${process.instance.pid}`
  process.begin(claim)
  while (!(await sequence.claim(writerOf(process), await sequence.owner()))) {
    // Another one was faster: who is the owner now?
  }
  process.acknowledge(claim)
  try {
    for (let nth = 1; nth <= commits; nth++) {
      const operation = `${process.instance.pid}.${nth}`
      process.begin(operation)
      await add(process, sequence, operation)
      process.acknowledge(operation)
    }
  } catch (error) {
    if (!HoldfastError.is(error, 'OWNERSHIP_LOST')) throw error
  }
  await backend.close()
}

async function add(process: SimulatedProcess, sequence: Sequence, entry: string): Promise<void> {
  for (;;) {
    const snapshot = await sequence.load()
    const previous = entriesOf(snapshot?.data)
    const { environment } = process
    const change = pendingChange({
      base: snapshot?.version ?? 0,
      data: [...previous, entry],
      id: environment.token(),
      writer: writerOf(process),
      ...(snapshot === null ? {} : { previous }),
    })
    if ((await sequence.commit(change)).committed) return
  }
}

function writerOf({ environment }: SimulatedProcess): string {
  return `${environment.process}/a`
}

function entriesOf(data: unknown): string[] {
  return Array.isArray(data) ? data.map(String) : []
}

function ownable(sequence: Sequence): OwnableSequence {
  if (isOwnable(sequence)) return sequence
  throw new TypeError('the journal cannot be owned')
}

function isOwnable(sequence: Sequence): sequence is OwnableSequence {
  return 'claim' in sequence && 'owner' in sequence
}
