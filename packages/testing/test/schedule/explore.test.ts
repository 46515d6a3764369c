import { setTimeout as realTime } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  exploreSchedules,
  replaySchedule,
  type ScheduleScenario,
  type SimulatedProcess,
} from '../../src/index.ts'

const rounds = 2

/** Counts up by exclusive names (`isExclusive`), or by reading a number and writing the next one. */
function counting(isExclusive: boolean): ScheduleScenario<number> {
  return {
    processes: Array.from({ length: 2 }, () => async (process: SimulatedProcess) => {
      for (let round = 1; round <= rounds; round++) {
        const operation = `${process.instance.pid}.${round}`
        process.begin(operation)
        await (isExclusive ? claimNext(process) : addOne(process))
        process.acknowledge(operation)
      }
    }),
    recover: async (process) =>
      isExclusive ? (await process.fileSystem.readdir('/')).length : valueOf(process),
    check(count, { begun, acknowledged }) {
      if (count < acknowledged.length || count > begun.length) {
        throw new Error(`${count} of ${acknowledged.length}`)
      }
    },
  }
}

async function claimNext({ fileSystem }: SimulatedProcess): Promise<void> {
  for (let number = 1; ; number++) {
    try {
      return await fileSystem.mkdir(`/${number}`, 0o700)
    } catch {
      // Another one has that number.
    }
  }
}

async function addOne(process: SimulatedProcess): Promise<void> {
  const value = await valueOf(process)
  const handle = await process.fileSystem.open('/n', { access: 'write', create: 'ifMissing' })
  await handle.write(Buffer.from([value + 1]), 0)
  await handle.close()
}

async function valueOf({ fileSystem }: SimulatedProcess): Promise<number> {
  if (!(await fileSystem.readdir('/')).includes('n')) return 0
  const handle = await fileSystem.open('/n', { access: 'read' })
  const target = new Uint8Array(1)
  await handle.read(target, 0)
  await handle.close()
  return target[0] ?? 0
}

const withoutPower = { powerCuts: false, schedules: 300 }

test('what needs no order survives every order, and kills', async () => {
  const report = await exploreSchedules(counting(true), { ...withoutPower, kills: 2 })
  expect(report.failures).toEqual([])
  expect(report.schedules).toBe(300)
  expect(report.unique).toBeGreaterThan(50)
  expect(report.kills).toBeGreaterThan(10)
})

test('a lost update is found, told with few decisions, and made again by its replay', async () => {
  const scenario = counting(false)
  const { failures, schedules } = await exploreSchedules(scenario, withoutPower)
  expect(schedules).toBeLessThan(100)
  const [failure] = failures
  expect(failure?.decisions.length).toBeLessThan(6)
  expect(failure?.events).toContain('process 0: begun 100.1')
  expect(await replaySchedule(failure?.replay ?? '', scenario, withoutPower)).toEqual(failure)
})

test('what was not synced is lost when the power fails', async () => {
  const { failures, powerCuts } = await exploreSchedules(counting(true), { schedules: 300 })
  expect(failures).toHaveLength(1)
  expect(powerCuts).toBeGreaterThan(0)
  expect(failures[0]?.replay).toMatch(/\.x\d+$/)
})

test('the same seed gives the same schedules', async () => {
  const options = { ...withoutPower, seed: 5, kills: 2 }
  expect(await exploreSchedules(counting(true), options)).toEqual(
    await exploreSchedules(counting(true), options),
  )
})

test('a process that sleeps costs no time, and wakes when its time has come', async () => {
  const woken: number[] = []
  const scenario: ScheduleScenario<null> = {
    processes: [60_000, 1_000].map((durationMs) => async ({ files }: SimulatedProcess) => {
      await files.sleep(durationMs)
      woken.push(durationMs)
    }),
    recover: async () => null,
    check: () => undefined,
  }
  const report = await exploreSchedules(scenario, {
    schedules: 1,
    kills: 0,
    pauses: 0,
    powerCuts: false,
  })
  expect(report.failures).toEqual([])
  expect(woken).toEqual([1_000, 60_000])
})

test('who is killed in a write for which there is no room fails nothing', async () => {
  const scenario: ScheduleScenario<null> = {
    processes: [0, 1].map((id) => async ({ fileSystem }: SimulatedProcess) => {
      const handle = await fileSystem.open(`/${id}`, { access: 'write', create: 'ifMissing' })
      for (const position of [0, 100]) {
        try {
          await handle.write(new Uint8Array(100), position)
        } catch {
          // The disk is full, for those who live.
        }
      }
    }),
    recover: async () => null,
    check: () => undefined,
  }
  const disk = { capacityBytes: 100 }
  const report = await exploreSchedules(scenario, { ...withoutPower, kills: 2, disk })
  expect(report.failures).toEqual([])
  expect(report.kills).toBeGreaterThan(10)
})

test('a sleep of a fraction of a microsecond ends as well', async () => {
  const scenario: ScheduleScenario<null> = {
    processes: [({ files }: SimulatedProcess) => files.sleep(1 / 3)],
    recover: async () => null,
    check: () => undefined,
  }
  const report = await exploreSchedules(scenario, { schedules: 1, kills: 0, powerCuts: false })
  expect(report.failures).toEqual([])
})

test('the dead are told from the living', async () => {
  const seen = new Set<string>()
  const scenario: ScheduleScenario<null> = {
    processes: Array.from({ length: 2 }, (_, id) => async (process: SimulatedProcess) => {
      const other = { ...process.instance, pid: 100 + (1 - id) }
      seen.add(process.files.livenessOf(other, process.instance))
      await process.fileSystem.readdir('/')
      seen.add(process.files.livenessOf(other, process.instance))
    }),
    recover: async () => null,
    check: () => undefined,
  }
  await exploreSchedules(scenario, { schedules: 20, powerCuts: false })
  expect(seen).toEqual(new Set(['alive', 'dead']))
})

test('who waits for something real is told as an error', async () => {
  const scenario: ScheduleScenario<null> = {
    processes: [() => realTime(60_000, undefined, { ref: false })],
    recover: async () => null,
    check: () => undefined,
  }
  const { failures } = await exploreSchedules(scenario, { schedules: 1 })
  expect(String(failures[0]?.error)).toContain('not simulated')
})

test('a schedule that does not end is told as an error', async () => {
  const scenario: ScheduleScenario<null> = {
    processes: [
      async ({ fileSystem }) => {
        for (;;) await fileSystem.readdir('/')
      },
    ],
    recover: async () => null,
    check: () => undefined,
  }
  const options = { schedules: 1, mostCalls: 500, kills: 0, powerCuts: false }
  const { failures } = await exploreSchedules(scenario, options)
  expect(String(failures[0]?.error)).toContain('does not end')
})
