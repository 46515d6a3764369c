import { expect, test } from 'vitest'
import { enumerateFaults, replayFault, type FaultScenario } from '../../src/index.ts'

/** Writes a file durably; `isChecked` says whether it looks at what the system answers. */
function writing(isChecked: boolean, isClosing = true): FaultScenario<string[]> {
  return {
    async workload(process) {
      const { fileSystem } = process
      process.begin('a')
      let isDone = false
      try {
        const handle = await fileSystem.open('/a', { access: 'write', create: 'exclusive' })
        try {
          const count = await handle.write(Buffer.from('text'), null)
          if (isChecked && count !== 4) throw new Error('short')
          if (isChecked) await handle.sync()
          else
            await Promise.resolve(handle)
              .then((one) => one.sync())
              .catch(() => null)
        } finally {
          if (isClosing) await handle.close()
        }
        const directory = await fileSystem.openDirectory('/')
        try {
          await directory.sync()
        } finally {
          await directory.close()
        }
        isDone = true
      } catch {
        // told by what is not acknowledged
      }
      if (isDone) process.acknowledge('a')
    },
    async recover({ fileSystem }) {
      const names = await fileSystem.readdir('/')
      if (!names.includes('a')) return names
      const handle = await fileSystem.open('/a', { access: 'read' })
      const target = new Uint8Array(10)
      const count = await handle.read(target, 0)
      await handle.close()
      return [Buffer.from(target.subarray(0, count)).toString()]
    },
    check(found, { acknowledged }) {
      if (acknowledged.length > 0 && found[0] !== 'text') throw new Error(`lost: ${found[0]}`)
    },
  }
}

test('a program that looks at every answer bears every fault, and each of them comes to pass', async () => {
  const report = await enumerateFaults(writing(true))
  expect(report.failures).toEqual([])
  expect(report.missed).toBe(0)
  expect(report.calls).toBe(7)
  expect(report.faults).toBeGreaterThan(40)
  expect(await enumerateFaults(writing(true))).toEqual(report)
})

test('a program that does not is caught by a short write and by a failed fsync, and each can be made again', async () => {
  const { failures } = await enumerateFaults(writing(false), { mostFailures: 100 })
  const calls = failures.map(({ call, fault }) => `${call.split(' ')[0]} ${fault.effect}`)
  expect(new Set(calls)).toEqual(
    new Set([
      'write 0',
      'write 1',
      'write 2',
      'write 3',
      'fsync EIO',
      'fsync ENOSPC',
      'fsync EDQUOT',
    ]),
  )
  for (const { replay } of failures) {
    expect(await replayFault(replay, writing(false))).not.toBeNull()
    expect(await replayFault(replay, writing(true))).toBeNull()
  }
})

test('what stays open is a leak', async () => {
  const { failures } = await enumerateFaults({
    ...writing(true),
    workload: async (process) => {
      await writing(true, process.operations.begun.length > 0).workload(process, null)
    },
  }).catch((error: unknown) => ({ failures: [{ error }] }))
  expect(String(failures[0]?.error)).toContain('leak: /a')
})

test('what is no replay is refused', async () => {
  await expect(replayFault('fault1:1:x:EIO:once', writing(true))).rejects.toThrow(TypeError)
})
