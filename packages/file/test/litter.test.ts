import { symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { systemEnvironment } from '@holdfast/core'
import { currentInstance, formatInstance, temporaryName } from '@holdfast/fs'
import { pendingChange } from '@holdfast/testing'
import { expect, onTestFinished, test } from 'vitest'
import { collect, Place } from './place.ts'

const token = '0123456789abcdef0123456789abcdef'
const self = currentInstance()
/** No pid is as high: see proc_sys_kernel(5), pid_max. */
const dead = { ...self, pid: 4_194_305 }
const hour = 3600
const environment = { ...systemEnvironment, now: () => Date.now() + hour * 1000 }

test('item 32: the first commit removes the temporaries of dead writers, and nothing else', async () => {
  const place = new Place()
  await place.write(1, 1)
  const name = (instance: typeof self, base: string): string => temporaryName(base, instance, token)
  const [gone, ...kept] = [
    name(dead, 'trading.json'),
    name(self, 'trading.json'), // a live writer's
    name(dead, 'other.json'), // of another state
    name({ ...dead, host: '0'.repeat(self.host.length) }, 'trading.json'), // another machine's, not a day old
    '.trading.json.swp',
    'trading.json.tmp',
    'notes.txt',
  ]
  const old = Date.now() / 1000 - hour
  for (const file of [gone ?? '', ...kept]) {
    writeFileSync(join(place.directory, file), 'litter')
    utimesSync(join(place.directory, file), old, old)
  }
  const swept: unknown[] = []
  const listener = (message: unknown): void => void swept.push(message)
  subscribe('holdfast:sweep', listener)
  onTestFinished(() => void unsubscribe('holdfast:sweep', listener))

  const sequence = await place.open({}, { environment })
  await sequence.load()
  expect(place.names()).toContain(gone)
  await sequence.commit(pendingChange({ base: 1, data: 2 }))
  expect(place.names().toSorted()).toEqual([...kept, 'trading.json', 'trading.json.1'].toSorted())
  expect(swept).toMatchObject([
    { path: place.path, removed: [join(place.directory, gone ?? '')], failed: [] },
  ])
})

test('item 32: locks of dead owners go, those of dead breakers too', async () => {
  const place = new Place()
  await place.write(1, 1)
  const lock = join(place.directory, '.trading.json.lock')
  const owner = `${formatInstance(dead)}.${token.slice(0, 16)}`
  symlinkSync(owner, lock)
  symlinkSync(owner, `${lock}.0123abcd`)
  const sequence = await place.open()
  expect(await sequence.commit(pendingChange({ base: 1, data: 2 }))).toEqual({ committed: true })
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
})

test('list gives the states alone: no temporaries, locks, generations, quarantine or foreign files', async () => {
  const place = new Place()
  const backend = await place.backend()
  for (const name of ['trading', '.hidden', 'BTC/USDT', 'CON']) {
    await (await backend.open(name)).commit(pendingChange({ base: 0, data: name }))
  }
  await (await backend.open('trading')).commit(pendingChange({ base: 1, data: 2 }))
  for (const file of [
    temporaryName('trading.json', self, token),
    '.trading.json.lock',
    'trading.json.corrupt-20261122T100000Z-01234567',
    'trading.json.damaged',
    '.json',
    'a%2fb.json',
    'readme.md',
    'data.csv.1',
  ]) {
    writeFileSync(join(place.directory, file), 'not a state')
  }
  expect((await collect(backend.list())).toSorted()).toEqual([
    '.hidden',
    'BTC/USDT',
    'CON',
    'trading',
  ])
})
