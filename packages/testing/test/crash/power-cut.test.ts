import type { FileHandle, OpenFlags } from '@holdfast/fs'
import { expect, test } from 'vitest'
import { crashImages } from '../../src/crash/crash-image.ts'
import { CrashFileSystem, type CrashDiskOptions } from '../../src/index.ts'

const create = { access: 'write', create: 'exclusive' } as const

/** What may be in the root after a power cut now: for each disk its names with their contents. */
function disksOf(system: CrashFileSystem, garbage = false): string[] {
  const { images, isExhaustive } = crashImages(system.disk, { cap: 10_000, seed: 1, garbage })
  expect(isExhaustive).toBe(true)
  const disks = images.map(({ image }) =>
    image
      .tree()
      .slice(1)
      .map((line) => line.replace(/ \d{4} inode \d+, \d+ bytes: /, ' '))
      .join(' ')
      .replaceAll('\\u0000', '0'),
  )
  return [...new Set(disks)].toSorted()
}

function write(
  system: CrashFileSystem,
  path: string,
  text: string,
  flags: OpenFlags = create,
): FileHandle {
  const handle = system.open(path, flags)
  void handle.write(Buffer.from(text), null)
  return handle
}

function syncRoot(system: CrashFileSystem): void {
  system.openDirectory('/').sync()
}

function systemWith(options: CrashDiskOptions = {}): CrashFileSystem {
  return new CrashFileSystem(options)
}

test('what was not synced survives in any combination: a name without data, a size without data, nothing', () => {
  const system = systemWith()
  write(system, '/a', 'xy')
  expect(disksOf(system)).toEqual(['', '/a ""', '/a "00"', '/a "xy"'])
})

test('fsync of a file makes its data durable and not its name', () => {
  const system = systemWith()
  void write(system, '/a', 'xy').sync()
  expect(disksOf(system)).toEqual(['', '/a "xy"'])
})

test('fsync of a directory makes its names durable and not what they stand for', () => {
  const system = systemWith()
  write(system, '/a', 'xy')
  syncRoot(system)
  expect(disksOf(system)).toEqual(['/a ""', '/a "00"', '/a "xy"'])
})

test('a rename inside one directory is one step', () => {
  const system = systemWith()
  void write(system, '/a', 'old').sync()
  void write(system, '/b', 'new').sync()
  syncRoot(system)
  system.rename('/b', '/a')
  expect(disksOf(system)).toEqual(['/a "new"', '/a "old" /b "new"'])
})

test('a hard link is the same file under both names', () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  void handle.sync()
  system.link('/a', '/b')
  syncRoot(system)
  void handle.write(Buffer.from('y'), 0)
  expect(disksOf(system)).toEqual(['/a "x" /b "x"', '/a "y" /b "y"'])
  expect(system.stat('/b').nlink).toBe(2)
})

test('a write is torn between blocks, and nowhere else', () => {
  const system = systemWith({ blockBytes: 2 })
  const handle = write(system, '/a', '....')
  void handle.sync()
  syncRoot(system)
  void handle.write(Buffer.from('abcd'), 0)
  expect(disksOf(system)).toEqual(['/a "...."', '/a "..cd"', '/a "ab.."', '/a "abcd"'])
})

test('with garbage a torn block can be anything, and its neighbours stay', () => {
  const system = systemWith({ blockBytes: 2 })
  const handle = write(system, '/a', '....')
  void handle.sync()
  syncRoot(system)
  void handle.write(Buffer.from('ab'), 0)
  const disks = disksOf(system, true)
  expect(disks).toHaveLength(3)
  for (const disk of disks) expect(disk).toMatch(/\.\."$/)
})

test('fdatasync makes durable what others wrote before it too, and not what they write after it', () => {
  const append = { access: 'write', append: true } as const
  const system = systemWith()
  write(system, '/a', '')
  syncRoot(system)
  write(system, '/a', 'x', append)
  void write(system, '/a', 'y', append).dataSync()
  write(system, '/a', 'z', append)
  expect(disksOf(system)).toEqual(['/a "xy"', '/a "xy0"', '/a "xyz"'])
})

test('fdatasync makes data and size durable, and not the mode', () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  syncRoot(system)
  void handle.chmod(0o640)
  void handle.dataSync()
  const { images } = crashImages(system.disk, { cap: 10, seed: 1, garbage: false })
  expect(images.map(({ image }) => image.tree()[1])).toEqual([
    '/a 0600 inode 1, 1 bytes: "x"',
    '/a 0640 inode 1, 1 bytes: "x"',
  ])
})

test('after an fsync that failed the next one succeeds, and makes nothing of it durable', () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  syncRoot(system)
  system.onCall = (call) => (call.method === 'fsync' ? { code: 'EIO' } : undefined)
  expect(() => handle.sync()).toThrow(expect.objectContaining({ code: 'EIO', syscall: 'fsync' }))
  system.onCall = null
  void handle.sync()
  expect(disksOf(system)).toEqual(['/a ""', '/a "0"', '/a "x"'])
  expect(system.stat('/a').size).toBe(1)
})

test('with reuse the blocks of a replaced file may be another one’s before the rename is durable', () => {
  const system = systemWith({ reuse: true })
  void write(system, '/a', 'old').sync()
  void write(system, '/b', 'new').sync()
  syncRoot(system)
  system.rename('/b', '/a')
  write(system, '/c', 'other')
  expect(disksOf(system)).toContain('/a "ZZZ" /b "new"')
  syncRoot(system)
  expect(disksOf(system).every((disk) => disk.startsWith('/a "new"'))).toBe(true)
})

test('a full disk takes what there is room for, and then nothing', () => {
  const system = systemWith({ capacityBytes: 3 })
  const handle = system.open('/a', create)
  expect(handle.write(Buffer.from('abcd'), null)).toBe(3)
  expect(() => handle.write(Buffer.from('d'), null)).toThrow(
    expect.objectContaining({ code: 'ENOSPC' }),
  )
  system.unlink('/a')
  handle.close()
  expect(system.open('/b', create).write(Buffer.from('abcd'), null)).toBe(3)
})

test('above the cap images are drawn, none and all of the survivors among them, and it is said', () => {
  const system = systemWith({ blockBytes: 1 })
  void write(system, '/a', '.'.repeat(20)).sync()
  syncRoot(system)
  write(system, '/a', 'x'.repeat(20), { access: 'write' })
  const { images, isExhaustive } = crashImages(system.disk, { cap: 50, seed: 1, garbage: false })
  expect(isExhaustive).toBe(false)
  expect(images).toHaveLength(50)
  const texts = images.map(({ image }) => image.tree()[1]?.split('"')[1])
  expect(texts).toContain('.'.repeat(20))
  expect(texts).toContain('x'.repeat(20))
})

test('who watches a directory is told of names and of writes in it', async () => {
  const system = systemWith()
  system.mkdir('/d', 0o700)
  let told = 0
  const watcher = system.watch('/d', () => (told += 1))
  write(system, '/d/a', 'x')
  await Promise.resolve()
  expect(told).toBe(2)
  watcher[Symbol.dispose]()
  system.unlink('/d/a')
  await Promise.resolve()
  expect(told).toBe(2)
})
