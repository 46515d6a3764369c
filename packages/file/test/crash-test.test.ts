import { interceptFileSystem } from '@holdfast/fs'
import { crashTest, type CrashTestBot, type SimulatedProcess } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openFileBackend } from '../src/index.ts'

const schema = z.object({ cash: z.number(), coins: z.number() })
const open = (process: SimulatedProcess) => openFileBackend({ directory: '/state' }, process)

/** Buys a coin for 640, in one update or in two. */
function buyer(isInOne: boolean): CrashTestBot<typeof schema> {
  const pay = (draft: z.output<typeof schema>): void => void (draft.cash -= 640)
  const take = (draft: z.output<typeof schema>): void => void (draft.coins += 1)
  return {
    schema,
    initial: () => ({ cash: 1000, coins: 0 }),
    steps: isInOne
      ? [
          (draft) => {
            pay(draft)
            take(draft)
          },
        ]
      : [pay, take],
    invariant: ({ cash, coins }) => {
      if (cash + 640 * coins !== 1000) throw new Error('money is missing')
    },
    open,
  }
}

test('a bot whose updates are whole survives every power cut', async () => {
  const report = await crashTest(buyer(true))
  expect(report?.failures).toEqual([])
  expect(report?.unique).toBeGreaterThan(20)
})

test('an invariant that does not hold between two updates is told by the undisturbed run already', async () => {
  await expect(crashTest(buyer(false))).rejects.toThrow('money is missing')
})

/** The same bot, on a disk that never syncs a directory. */
const unsynced: CrashTestBot<typeof schema> = {
  ...buyer(true),
  open: (process) => {
    const fileSystem = interceptFileSystem(process.fileSystem, (call, proceed) =>
      call.method === 'fsync' && call.directory ? undefined : proceed(),
    )
    const { environment, files, instance } = process
    return openFileBackend({ directory: '/state' }, { fileSystem, environment, files, instance })
  },
}

test('what was acknowledged and is lost is told, with the calls, the disk, and a replay that fails again', async () => {
  const error = await crashTest(unsynced).catch((reason: unknown) => reason)
  const message = String(error)
  expect(message).toContain(
    'after the crash the state is\n{ cash: 1000, coins: 0 }\nand not\n{ cash: 360, coins: 1 }',
  )
  expect(message).toContain('the power failed before: ')
  const [, replay = ''] = /replay: '(.+)'/.exec(message) ?? []
  await expect(crashTest(unsynced, { replay })).rejects.toThrow(message.replace('Error: ', ''))
  expect(await crashTest(buyer(true), { replay })).toBeNull()
})

test('a step that does something else when it is run again is told', async () => {
  let runs = 0
  const bot = { ...buyer(true), invariant: () => undefined, steps: [counted] }
  function counted(draft: z.output<typeof schema>): void {
    runs += 1
    draft.coins = runs
  }
  await expect(crashTest(bot)).rejects.toThrow('the bot went on, and ended with')
})
