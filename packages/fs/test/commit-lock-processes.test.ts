import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshFolder } from './fresh-folder.ts'

const source = JSON.stringify(new URL('../src/index.ts', import.meta.url).href)
const workers = 3
const increments = 150
const kills = 5

/** A process that counts up under the lock, with nothing else to keep it from losing a count. */
function start(folder: string, times: number, end: string) {
  const program = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { acquireCommitLock, currentInstance, nodeFileSystem } from ${source}
    const folder = ${JSON.stringify(folder)}
    for (let count = 0; count < ${times}; ) {
      const lock = await acquireCommitLock(nodeFileSystem, folder + '/lock', currentInstance())
      if (!lock.acquired) {
        await new Promise(setImmediate)
        continue
      }
      const value = Number(readFileSync(folder + '/count', 'utf8'))
      await new Promise(setImmediate)
      writeFileSync(folder + '/count', String(value + 1))
      count += 1
      if (count === ${times}) ${end}
      if (!(await lock.release())) throw new Error('robbed')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('processes that share a lock lose no count, though its holders are killed while they hold it', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'count'), '0')
  const children = [
    ...Array.from({ length: workers }, () => start(folder, increments, '{}')),
    ...Array.from({ length: kills }, () =>
      start(folder, 3, "process.kill(process.pid, 'SIGKILL')"),
    ),
  ]
  const exits = await Promise.all(children.map((child) => once(child, 'exit')))
  expect(exits.filter(([code]) => code === 0)).toHaveLength(workers)
  expect(exits.filter(([, signal]) => signal === 'SIGKILL')).toHaveLength(kills)
  // A killed holder had counted, and had not released.
  expect(Number(readFileSync(join(folder, 'count'), 'utf8'))).toBe(workers * increments + kills * 3)
  const left = readdirSync(folder).filter((name) => name !== 'count')
  expect(left.every((name) => name === 'lock')).toBe(true)
})
