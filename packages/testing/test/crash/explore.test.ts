import { expect, test } from 'vitest'
import {
  exploreCrashes,
  replayCrash,
  type CrashScenario,
  type SimulatedProcess,
} from '../../src/index.ts'

interface Protocol {
  readonly isFileSynced: boolean
  readonly isDirectorySynced: boolean
}

/** Replaces a file by a temporary that is renamed, twice; the recovery makes it say `recovered`. */
function replacing({ isFileSynced, isDirectorySynced }: Protocol): CrashScenario<string | null> {
  const save = async ({ fileSystem }: SimulatedProcess, text: string): Promise<void> => {
    const handle = await fileSystem.open('/tmp', { access: 'write', create: 'ifMissing' })
    await handle.truncate(0)
    await handle.write(Buffer.from(text), 0)
    if (isFileSynced) await handle.sync()
    await handle.close()
    await fileSystem.rename('/tmp', '/state')
    const directory = await fileSystem.openDirectory('/')
    if (isDirectorySynced) await directory.sync()
    await directory.close()
  }
  const done = async (process: SimulatedProcess, text: string): Promise<void> => {
    process.begin(text)
    await save(process, text)
    process.acknowledge(text)
  }
  return {
    async workload(process) {
      await done(process, 'one')
      await done(process, 'three')
    },
    async recover(process) {
      const found = await textOf(process)
      await done(process, `recovered ${process.instance.bootId}`)
      return found
    },
    check(found, { begun, acknowledged }) {
      const own = acknowledged.at(-1) ?? ''
      const owed = acknowledged.findLast((text) => text !== own) ?? null
      const allowed = [owed, ...begun.slice(begun.indexOf(owed ?? '') + 1)]
      if (!allowed.includes(found) || found === own) throw new Error(`found ${found}, owed ${owed}`)
    },
  }
}

async function textOf({ fileSystem }: SimulatedProcess): Promise<string | null> {
  const names = await fileSystem.readdir('/')
  if (!names.includes('state')) return null
  const handle = await fileSystem.open('/state', { access: 'read' })
  const target = new Uint8Array(100)
  const count = await handle.read(target, 0)
  await handle.close()
  return Buffer.from(target.subarray(0, count)).toString()
}

const sound = { isFileSynced: true, isDirectorySynced: true }

test('a correct protocol survives one crash and two, at every point, with every subset', async () => {
  const report = await exploreCrashes(replacing(sound), { depth: 2 })
  expect(report.failures).toEqual([])
  expect(report.exhaustivePoints).toBe(report.points)
  expect(report.unique).toBeGreaterThan(40)
  expect(report.states).toBeGreaterThan(report.unique)
})

test.each([
  ['the file', { ...sound, isFileSynced: false }],
  ['the directory', { ...sound, isDirectorySynced: false }],
])(
  'a protocol that does not sync %s is caught, with a replay that fails again',
  async (_, protocol) => {
    const scenario = replacing(protocol)
    const { failures } = await exploreCrashes(scenario)
    expect(failures).toHaveLength(1)
    const again = await replayCrash(failures[0]?.replay ?? '', scenario)
    expect(again).toEqual(failures[0])
    expect(await replayCrash(failures[0]?.replay ?? '', replacing(sound))).toBeNull()
  },
)

test('a failure tells the calls, as few survivors as fail, and the disk', async () => {
  const { failures } = await exploreCrashes(replacing({ ...sound, isFileSynced: false }))
  const [{ points, survivors, tree, operations } = never()] = failures
  expect(points).toHaveLength(1)
  expect(survivors).toEqual([['rename /tmp -> /state']])
  expect(tree).toEqual(['/ 0755', '/state 0600 inode 1, 0 bytes: ""'])
  expect(operations.begun).toContain('one')
})

test('the same seed gives the same digest, another scenario another', async () => {
  const first = await exploreCrashes(replacing(sound), { seed: 7, cap: 3 })
  expect(await exploreCrashes(replacing(sound), { seed: 7, cap: 3 })).toEqual(first)
  expect((await exploreCrashes(replacing(sound), { seed: 8, cap: 3 })).digest).not.toBe(
    first.digest,
  )
  expect(first.exhaustivePoints).toBeLessThan(first.points)
})

test('a scenario that is not the same in each run is told as that', async () => {
  let runs = 0
  const scenario: CrashScenario<null> = {
    workload: async ({ fileSystem }) => fileSystem.mkdir('/a', 0o700),
    recover: async () => null,
    check() {
      runs += 1
      if (runs === 2) throw new Error('once')
    },
  }
  await expect(exploreCrashes(scenario)).rejects.toThrow('is not the same in each run')
})

test('what is no replay is refused', async () => {
  await expect(replayCrash('crash2:1:3=', replacing(sound))).rejects.toThrow(TypeError)
})

function never(): never {
  throw new Error('nothing was found')
}
