import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import {
  currentInstance,
  formatInstance,
  isProvablyDead,
  parseInstance,
  systemFileEnvironment,
} from '../src/index.ts'

const self = currentInstance()
const longest = {
  host: 'zzzzzzzz',
  pid: 4_294_967_295,
  startedAt: String(36 ** 10 - 1),
  bootId: 'zzzzzzzz',
  pidNamespace: 'zzzzzzzz',
}
const unknowing = { host: '00000000', pid: 1, startedAt: null, bootId: null, pidNamespace: null }

test.each([self, longest, unknowing])('an instance comes back from its token: %j', (instance) => {
  const token = formatInstance(instance)
  expect(parseInstance(token)).toEqual(instance)
  expect(token).toMatch(/^[\da-z-]{1,64}$/)
})

test.each(['', '-', 'a-b-c-d-e', `${formatInstance(self)}-`, `0${formatInstance(self)}`, 'x/y'])(
  '%j is no token of an instance',
  (token) => {
    expect(parseInstance(token)).toBeNull()
  },
)

test('the current instance knows its start, its boot and its namespace on Linux', () => {
  const known = [self.startedAt, self.bootId, self.pidNamespace].map((part) => part !== null)
  expect(known).toEqual(Array(3).fill(process.platform === 'linux'))
  expect(self.pid).toBe(process.pid)
})

test('a process that runs is not dead, and after its end it provably is', async () => {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)'])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  // Without a start time the pid alone speaks; null is what another platform would have left.
  const other = { ...self, pid: child.pid ?? 0, startedAt: null }
  expect(isProvablyDead(other, self)).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isProvablyDead(other, self)).toBe(true)
})

test('this process is not dead', () => {
  expect(isProvablyDead(self, self)).toBe(false)
})

test('a pid that was given to a later process is dead: the start times differ', () => {
  expect(isProvablyDead({ ...self, startedAt: '1' }, self)).toBe(true)
})

test('a process of an earlier boot of this host is dead, whatever runs under its pid', () => {
  expect(isProvablyDead({ ...self, bootId: '00000000' }, self)).toBe(true)
})

const gone = { ...self, pid: 4_294_967 }

test.each([
  ['of another host', { ...gone, host: '00000000' }],
  ['of another boot of another host', { ...gone, host: '00000000', bootId: '00000000' }],
  ['of another container', { ...gone, pidNamespace: '00000000' }],
  ['that could not tell its namespace', { ...gone, pidNamespace: null }],
  ['that could not tell its boot', { ...gone, bootId: null }],
])('nothing is said about a process %s', (_, other) => {
  expect(isProvablyDead(gone, self)).toBe(true)
  expect(isProvablyDead(other, self)).toBe(false)
})

test.runIf(process.platform === 'linux')(
  'a process that is stopped is told from one that runs, and is not dead',
  async () => {
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    const { pid = 0 } = child
    // proc_pid_stat(5): the start time is field 22, and the program's name here has no spaces.
    const startedAt = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21] ?? null
    const other = { ...self, pid, startedAt }
    const liveness = (): string => systemFileEnvironment.livenessOf(other, self)
    expect(liveness()).toBe('alive')
    child.kill('SIGSTOP')
    await expect.poll(liveness).toBe('stopped')
    expect(isProvablyDead(other, self)).toBe(false)
    child.kill('SIGCONT')
    await expect.poll(liveness).toBe('alive')
  },
)
