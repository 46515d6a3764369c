import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { freshFolder } from './fresh-folder.ts'

const source = JSON.stringify(new URL('../src/index.ts', import.meta.url).href)

/** Starts a Node process that runs `program`, a module, with `fs` as the package. */
function start(program: string) {
  const code = `import * as fs from ${source}\n${program}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('item 30: importing and writing adds no listener to the process and no exit hook', async () => {
  const target = JSON.stringify(join(freshFolder(), 'state.json'))
  const child = start(`
    const counts = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)])
    const before = JSON.stringify(counts())
    const written = fs.writeFileAtomic(${target}, 'new')
    const during = JSON.stringify(counts())
    await written
    console.log(before === during && before === JSON.stringify(counts()))`)
  expect(await text(child.stdout)).toBe('true\n')
})

test('item 30: an asynchronous shutdown on SIGTERM completes, and exits with 0', async () => {
  const folder = freshFolder()
  const child = start(`
    import { setInterval } from 'node:timers'
    const timer = setInterval(() => undefined, 1000)
    process.once('SIGTERM', async () => {
      await fs.writeFileAtomic(${JSON.stringify(join(folder, 'last.json'))}, 'saved')
      clearInterval(timer)
    })
    await fs.writeFileAtomic(${JSON.stringify(join(folder, 'first.json'))}, 'saved')
    console.log('ready')`)
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(readFileSync(join(folder, 'last.json'), 'utf8')).toBe('saved')
})

test('item 30: nothing keeps the process alive: not a finished write, an open directory, or a watcher', async () => {
  const folder = JSON.stringify(freshFolder())
  const child = start(`
    await fs.writeFileAtomic(${folder} + '/state.json', 'new')
    await fs.openDirectory(fs.nodeFileSystem, ${folder})
    fs.nodeFileSystem.watch(${folder}, () => undefined)
    console.log(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length)`)
  expect(await text(child.stdout)).toBe('0\n')
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
})

test('item 30: a write that nobody awaits is completed before the process ends', async () => {
  const folder = freshFolder()
  const child = start(`
    void fs.writeFileAtomic(${JSON.stringify(join(folder, 'state.json'))}, 'new')`)
  await once(child, 'exit')
  expect(readdirSync(folder)).toEqual(['state.json'])
})
