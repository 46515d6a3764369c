import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pendingChange } from '@holdfast/testing'
import { expect, onTestFinished, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { Place } from './place.ts'
import { recordingFileSystem, systemError } from './record.ts'

const whole = (place: Place): Buffer => Buffer.from(place.text())

const damages: Record<string, [make: (place: Place) => string | Uint8Array, reason: RegExp]> = {
  'zero length': [() => '', /it is empty \(at byte 0\)/],
  'all NUL': [() => new Uint8Array(512), /all of its 512 bytes are NUL \(at byte 0\)/],
  'a tail of NULs': [
    (place) => Buffer.concat([whole(place), new Uint8Array(100)]),
    /it ends in 100 NUL bytes \(at byte \d{3}\)/,
  ],
  'a NUL in the middle': [
    (place) => place.text().replace('"n"', '"\0"'),
    /not JSON \(at byte \d+\)/,
  ],
  truncation: [(place) => whole(place).subarray(0, -5), /cut off \(at byte \d+\)/],
  'truncation inside a string': [() => '{"a": "b', /cut off \(at byte 8\)/],
  'truncation inside a literal': [() => '[tru', /cut off \(at byte 4\)/],
  'truncation inside an escape': [() => '["\\u12', /cut off \(at byte 6\)/],
  'trailing garbage': [(place) => `${place.text()}}`, /something follows after the end/],
  'two documents': [(place) => place.text() + place.text(), /something follows after the end/],
  'a flipped bit': [(place) => place.text().replace('"n": 2', '"n": 3'), /checksum does not fit/],
  'a wrong checksum': [
    (place) => place.text().replace(/crc32:[0-9a-f]{8}/, 'crc32:00000000'),
    /checksum does not fit/,
  ],
  'a checksum of another kind': [
    (place) => place.text().replace('crc32:', 'md5:'),
    /envelope is wrong: checksum/,
  ],
  'data that is not last': [
    (place) =>
      place
        .text()
        .replace(
          /,\n {2}"data": ([^]*)\n\}\n$/,
          ',\n  "data": $1,\n  "checksum": "crc32:00000000"}',
        ),
    /checksum does not fit/,
  ],
  'invalid UTF-8': [
    (place) => Buffer.concat([Buffer.from('"ü'), new Uint8Array([0xff]), whole(place)]),
    /it is not UTF-8 \(at byte 3\)/,
  ],
  'no JSON': [() => 'n = 1', /not JSON \(at byte 0\)/],
  'a raw newline in a string': [() => '"a\nb"', /not JSON \(at byte 2\)/],
  'a wrong member': [
    (place) => place.text().replace('"version": 2', '"version": "2"'),
    /envelope is wrong: version/,
  ],
  'a member too many': [
    (place) => place.text().replace('"holdfast"', '"extra": 1, "holdfast"'),
    /extra/,
  ],
  'a member too few': [
    (place) => place.text().replace(/.*"writer".*\n/, ''),
    /envelope is wrong: writer/,
  ],
  'no data': [(place) => place.text().replace(/,\s*"checksum"[^]*/, '}'), /no member "data"/],
  'a format before the first': [
    (place) => place.text().replace('"holdfast": 1', '"holdfast": 0.5'),
    /envelope is wrong/,
  ],
  'another state’s name': [
    (place) => place.text().replace('"trading"', '"other"'),
    /belongs to the state "other"/,
  ],
}

test.each(Object.entries(damages))(
  'item 34: %s is CORRUPT, and the error names the file, the reason and the remedy',
  async (_, [make, reason]) => {
    const place = new Place()
    await place.write(1, 2)
    place.put(make(place))
    const before = place.content()
    const error = await expectFailure((await place.open()).load(), 'CORRUPT', { state: 'trading' })
    expect(error.message).toMatch(reason)
    expect(error.message).toContain(`${place.path}: `)
    expect(error.message).toMatch(/trading\.json\.1 \(version 1, saved at .*, \d+ \w+ old\)/)
    expect(error.message).toContain("onCorrupt: 'previous'")
    expect(error.message).toContain(
      `mv '${place.path}' '${place.path}.damaged' && cp -p '${place.path}.1' '${place.path}'`,
    )
    expect(place.content()).toEqual(before)
  },
)

test('the remedy for a wrong checksum says how to accept an edit by hand', async () => {
  const place = new Place()
  await place.write(1, 1)
  place.put(place.text().replace('"n": 1', '"n": 2'))
  const error = await expectFailure((await place.open()).load(), 'CORRUPT')
  expect(error.message).toMatch(/edited on purpose, remove the member "checksum"/)
  expect(error.message).toMatch(/No older generation of it verifies\..*a copy from a backup/)
})

test('the commands in the message work', async () => {
  const place = new Place()
  await place.write(1, 2)
  place.put('')
  const { message } = await expectFailure((await place.open()).load(), 'CORRUPT')
  execFileSync('sh', ['-c', message.slice(message.indexOf("mv '"))])
  expect(await (await place.open()).load()).toMatchObject({ version: 1, data: { n: 1 } })
})

test('item 34: a newer format is NEWER_SCHEMA, and nothing is touched', async () => {
  const place = new Place()
  await place.write(1, 2)
  place.put(place.text().replace('"holdfast": 1', '"holdfast": 2'))
  const before = place.content()
  const sequence = await place.open()
  for (const onCorrupt of ['error', 'previous'] as const) {
    const error = await expectFailure(sequence.load({ onCorrupt }), 'NEWER_SCHEMA')
    expect(error.message).toMatch(/newer format \(2\).*Run the newer program/)
    expect(error.message).toContain(place.path)
  }
  const change = pendingChange({ base: 2, data: 1 })
  await expectFailure(sequence.commit(change), 'NEWER_SCHEMA', { committed: false })
  expect(place.content()).toEqual(before)
})

test('item 34: a byte order mark is tolerated, with an envelope and without', async () => {
  const place = new Place()
  await place.write(1, 1)
  place.put(`\ufeff${place.text()}`)
  expect(await (await place.open()).load()).toMatchObject({ version: 1, data: { n: 1 } })
  const bare = new Place()
  mkdirSync(bare.directory)
  bare.put('\ufeff{"a": 1}')
  expect(await (await bare.open()).load()).toMatchObject({ version: 0, data: { a: 1 } })
})

test('item 36: no commit overwrites a damaged file, whatever it builds on', async () => {
  const place = new Place()
  await place.write(1, 2)
  const running = await place.open()
  await running.load()
  place.put('{')
  const before = place.content()
  const fresh = await place.open({}, { fileSystem: recordingFileSystem().fileSystem })
  for (const [sequence, base] of [
    [running, 2],
    [fresh, 0],
    [fresh, 1],
    [fresh, 2],
  ] as const) {
    const change = pendingChange({ base, data: 'new' })
    await expectFailure(sequence.commit(change), 'CORRUPT', { committed: false })
  }
  await expectFailure(running.read(2), 'CORRUPT')
  expect(place.content()).toEqual(before)
})

const intruders: Record<string, (path: string) => void | Promise<void>> = {
  directory: (path) => mkdirSync(path),
  FIFO: (path) => void execFileSync('mkfifo', [path]),
  socket: (path) =>
    new Promise((resolve) => {
      const server = createServer()
      onTestFinished(() => void server.close())
      server.listen(path, resolve)
    }),
}

test.each(Object.entries(intruders))(
  'items 12, 22: a %s in the place of the file is refused, and nothing is written',
  async (kind, make) => {
    const place = new Place()
    mkdirSync(place.directory)
    await make(place.path)
    const { fileSystem, calls } = recordingFileSystem()
    const sequence = await place.open({}, { fileSystem })
    const error = await expectFailure(sequence.load(), 'IO')
    expect(error.cause).toMatchObject({ code: kind === 'directory' ? 'EISDIR' : 'EINVAL' })
    expect(error.message).toMatch(
      /trading\.json is a .*, where a regular file is needed.*Move it away/,
    )
    const change = pendingChange({ base: 0, data: 1 })
    await expectFailure(sequence.commit(change), 'IO', { committed: false })
    expect(calls.filter(({ method }) => method === 'open' || method === 'write')).toEqual([])
    expect(place.names()).toEqual(['trading.json'])
  },
)

test('item 28: only ENOENT means that nothing was written', async () => {
  const place = new Place()
  await place.write(1, 1)
  for (const [method, syscall] of [
    ['lstat', 'lstat'],
    ['open', 'open'],
    ['read', 'read'],
  ] as const) {
    for (const [code, errno] of [
      ['EACCES', -13],
      ['EIO', -5],
      ['ELOOP', -40],
    ] as const) {
      let isBroken = false
      const { fileSystem } = recordingFileSystem((call) => {
        if (isBroken && call.method === method) throw systemError(code, errno, syscall)
      })
      const sequence = await place.open({}, { fileSystem })
      isBroken = true
      const error = await expectFailure(sequence.load(), 'IO')
      expect(error.cause).toMatchObject({ code, syscall })
    }
  }
  rmSync(place.directory, { recursive: true })
  expect(await (await place.open()).load()).toBeNull()
  expect(place.names()).toEqual([])
})

test('a directory that is called like a state is not listed as one', async () => {
  const place = new Place()
  await place.write(1, 1)
  mkdirSync(join(place.directory, 'folder.json'))
  const names: string[] = []
  for await (const name of (await place.backend()).list()) names.push(name)
  expect(names).toEqual(['trading'])
})
