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

async function syncRoot(system: CrashFileSystem): Promise<void> {
  await system.openDirectory('/').sync()
}

function systemWith(options: CrashDiskOptions = {}): CrashFileSystem {
  return new CrashFileSystem(options)
}

test('what was not synced survives in any combination: a name without data, a size without data, nothing', () => {
  const system = systemWith()
  write(system, '/a', 'xy')
  expect(disksOf(system)).toEqual(['', '/a ""', '/a "00"', '/a "xy"'])
})

test('fsync of a file makes its data durable and not its name', async () => {
  const system = systemWith()
  await write(system, '/a', 'xy').sync()
  expect(disksOf(system)).toEqual(['', '/a "xy"'])
})

test('fsync of a directory makes its names durable and not what they stand for', async () => {
  const system = systemWith()
  write(system, '/a', 'xy')
  await syncRoot(system)
  expect(disksOf(system)).toEqual(['/a ""', '/a "00"', '/a "xy"'])
})

test('a rename inside one directory is one step', async () => {
  const system = systemWith()
  await write(system, '/a', 'old').sync()
  await write(system, '/b', 'new').sync()
  await syncRoot(system)
  system.rename('/b', '/a')
  expect(disksOf(system)).toEqual(['/a "new"', '/a "old" /b "new"'])
})

test('a hard link is the same file under both names', async () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  await handle.sync()
  system.link('/a', '/b')
  await syncRoot(system)
  void handle.write(Buffer.from('y'), 0)
  expect(disksOf(system)).toEqual(['/a "x" /b "x"', '/a "y" /b "y"'])
  expect(system.stat('/b').nlink).toBe(2)
})

test('a write is torn between blocks, and nowhere else', async () => {
  const system = systemWith({ blockBytes: 2 })
  const handle = write(system, '/a', '....')
  await handle.sync()
  await syncRoot(system)
  void handle.write(Buffer.from('abcd'), 0)
  expect(disksOf(system)).toEqual(['/a "...."', '/a "..cd"', '/a "ab.."', '/a "abcd"'])
})

test('with garbage a torn block can be anything, and its neighbours stay', async () => {
  const system = systemWith({ blockBytes: 2 })
  const handle = write(system, '/a', '....')
  await handle.sync()
  await syncRoot(system)
  void handle.write(Buffer.from('ab'), 0)
  const disks = disksOf(system, true)
  expect(disks).toHaveLength(3)
  for (const disk of disks) expect(disk).toMatch(/\.\."$/)
})

test('fdatasync makes durable what others wrote before it too, and not what they write after it', async () => {
  const append = { access: 'write', append: true } as const
  const system = systemWith()
  write(system, '/a', '')
  await syncRoot(system)
  write(system, '/a', 'x', append)
  await write(system, '/a', 'y', append).dataSync()
  write(system, '/a', 'z', append)
  expect(disksOf(system)).toEqual(['/a "xy"', '/a "xy0"', '/a "xyz"'])
})

test('fdatasync makes data and size durable, and not the mode', async () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  await syncRoot(system)
  void handle.chmod(0o640)
  await handle.dataSync()
  const { images } = crashImages(system.disk, { cap: 10, seed: 1, garbage: false })
  expect(images.map(({ image }) => image.tree()[1])).toEqual([
    '/a 0600 inode 1, 1 bytes: "x"',
    '/a 0640 inode 1, 1 bytes: "x"',
  ])
})

test('a sync covers what was there when it began, and is not over before its caller waits for it', async () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  await syncRoot(system)
  const syncing = handle.dataSync()
  void handle.write(Buffer.from('y'), null)
  await Promise.resolve()
  expect(disksOf(system)).toContain('/a ""')
  await syncing
  expect(disksOf(system)).not.toContain('/a ""')
  expect(disksOf(system)).toContain('/a "x"')
})

test('a sync fails with another one of the same file that fails meanwhile', async () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  const other = system.open('/a', { access: 'read' })
  const syncing = Promise.allSettled([other.sync()])
  system.onCall = () => ({ code: 'ENOSPC' })
  await expect(handle.sync()).rejects.toThrow('ENOSPC')
  expect(await syncing).toMatchObject([{ status: 'rejected', reason: { code: 'EIO' } }])
  system.onCall = null
  await other.sync()
})

test('after an fsync that failed the next one succeeds, and makes nothing of it durable', async () => {
  const system = systemWith()
  const handle = write(system, '/a', 'x')
  await syncRoot(system)
  system.onCall = (call) => (call.method === 'fsync' ? { code: 'EIO' } : undefined)
  await expect(handle.sync()).rejects.toThrow(
    expect.objectContaining({ code: 'EIO', syscall: 'fsync' }),
  )
  system.onCall = null
  await handle.sync()
  expect(disksOf(system)).toEqual(['/a ""', '/a "0"', '/a "x"'])
  expect(system.stat('/a').size).toBe(1)
})

test('with reuse the blocks of a replaced file may be another one’s before the rename is durable', async () => {
  const system = systemWith({ reuse: true })
  await write(system, '/a', 'old').sync()
  await write(system, '/b', 'new').sync()
  await syncRoot(system)
  system.rename('/b', '/a')
  write(system, '/c', 'other')
  expect(disksOf(system)).toContain('/a "ZZZ" /b "new"')
  await syncRoot(system)
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

test('above the cap images are drawn, none and all of the survivors among them, and it is said', async () => {
  const system = systemWith({ blockBytes: 1 })
  await write(system, '/a', '.'.repeat(20)).sync()
  await syncRoot(system)
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
