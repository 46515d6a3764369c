import { describe, expect, test } from 'vitest'
import { encodeHead } from '../src/epoch-head.ts'
import { EpochReplay } from '../src/epoch-replay.ts'
import { encodeLine, isWholeLine } from '../src/line.ts'
import { line } from './place.ts'

const at = '2026-11-22T10:00:00.000Z'
const head = encodeHead(
  { epoch: 1, name: 'trading', version: 1, schema: 1, at, writer: 'a', owner: null, life: 0 },
  '{"n":1}',
)

/** A record on `base`; `rest` says what it is. */
function record(base: number, rest: object = { patches: [] }, writer = 'a'): Buffer {
  return line({ base, version: base + 1, at, writer, id: `${base}/${writer}`, ...rest })
}

function replayed(...lines: Uint8Array[]): EpochReplay {
  const replay = new EpochReplay({ name: 'trading', epoch: 1 })
  replay.feed(Buffer.concat([head, ...lines]))
  return replay
}

const version = (...lines: Uint8Array[]): number | undefined => replayed(...lines).standing?.version

describe('R1', () => {
  test('a line without its newline is not there yet, and is there with it', () => {
    const bytes = record(1)
    const replay = replayed(bytes.subarray(0, -1))
    expect(replay.standing?.version).toBe(1)
    expect(replay.end).toBe(head.length)
    replay.feed(bytes)
    expect(replay.standing?.version).toBe(2)
  })

  test('a line whose checksum is wrong is skipped, and the next one counts on the same base', () => {
    const torn = record(1)
    torn[5] = 0x20
    expect(version(torn, record(1))).toBe(2)
  })

  test('a whole line that anything stands behind does not count', () => {
    expect(version(Buffer.concat([record(1).subarray(0, -1), Buffer.from(' \n')]))).toBe(1)
  })

  test('a record that is glued to a piece of another does not count', () => {
    expect(version(record(1).subarray(0, 30), record(1))).toBe(1)
  })

  // Whoever takes the checksum of what follows each beginning goes on for very long.
  test('rubbish with many beginnings of a record is passed over', () => {
    const rubbish = Buffer.from(`${'{"base":'.repeat(1_000_000)}\n`)
    expect(version(rubbish, record(1))).toBe(2)
  })

  // The same, of what ends in a checksum.
  test('a long journal without its newlines shows the gap that its last record leaves', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => record(index + 1))
    const glued = Buffer.from(Buffer.concat(lines).map((byte) => (byte === 0x0a ? 0x20 : byte)))
    glued[glued.length - 1] = 0x0a
    expect(replayed(glued)).toMatchObject({ damage: { kind: 'damaged' }, lostVersion: 50_001 })
  })

  test('a checksum in capital letters is wrong', () => {
    for (let id = 0; ; id += 1) {
      const text = encodeLine(JSON.stringify({ id })).toString().trimEnd()
      const capital = text.replace(/[0-9a-f]{8}"\}$/, (end) => end.toUpperCase())
      if (capital === text) continue
      expect(isWholeLine(Buffer.from(capital))).toBe(false)
      return
    }
  })
})

describe('R2', () => {
  test('the first record on a version counts, and none after it on the same one', () => {
    const [first, second] = [record(1, { patches: [] }, 'a'), record(1, { patches: [] }, 'b')]
    expect(replayed(first, second).standing).toMatchObject({ version: 2, writer: 'a' })
  })

  test('nothing counts after a seal, which takes a version of its own', () => {
    const replay = replayed(record(1, { seal: 2 }), record(2), record(1))
    expect(replay.standing?.version).toBe(2)
    expect(replay.closed).toMatchObject({ seal: 2, version: 2 })
  })

  test('a seal on an old version closes nothing', () => {
    expect(version(record(1), record(1, { seal: 2 }, 'b'), record(2))).toBe(3)
  })

  test('with an owner only its patches and seals count, and a claim from anybody', () => {
    const claim = record(1, { claim: 'b' })
    expect(version(claim, record(2, { patches: [] }, 'a'), record(2, { patches: [] }, 'b'))).toBe(3)
    expect(version(claim, record(2, { seal: 2 }, 'a'))).toBe(2)
    expect(replayed(claim, record(2, { claim: null }, 'c')).standing?.owner).toBe(null)
  })

  test('a reset closes the epoch on any base', () => {
    const reset = line({ base: 9, version: 0, at, writer: 'a', id: 'r', reset: 2 })
    expect(replayed(record(1), reset, record(2)).closed).toMatchObject({ reset: 2, version: 0 })
  })
})

describe('R3', () => {
  test('a record above the current version shows a gap, at its offset', () => {
    const { damage, standing } = replayed(record(1), record(3))
    expect(damage).toMatchObject({ kind: 'damaged', offset: head.length + record(1).length })
    expect(standing?.version).toBe(2)
  })

  test('nothing counts after a gap', () => {
    expect(version(record(2), record(1))).toBe(1)
  })

  const built = (base: number, synced: number) => record(base, { synced, patches: [] })

  test('one that was built on what was never flushed is skipped, and others count after it', () => {
    const { damage, standing } = replayed(built(2, 1), built(3, 1), record(1), record(2))
    expect(damage).toBe(null)
    expect(standing?.version).toBe(3)
  })

  test('one that knew what is missing to be flushed shows a gap', () => {
    expect(replayed(record(1), built(4, 3)).damage).toMatchObject({ kind: 'damaged' })
    expect(replayed(built(2, 1), record(3)).damage).toMatchObject({ kind: 'damaged' })
  })

  test('one on the current version counts, whatever was flushed', () => {
    expect(version(record(1), built(2, 0), built(3, 2))).toBe(4)
  })
})

describe('what a program of this version does not know', () => {
  test.each([
    ['an unknown member', record(1, { patches: [], more: 1 })],
    ['an unknown kind', record(1, { merge: [] })],
    ['two kinds at once', record(1, { patches: [], seal: 2 })],
    ['an unknown operation', record(1, { patches: [{ op: 'move', path: '/a', value: 1 }] })],
  ])('%s with a right checksum is refused as newer', (_, bytes) => {
    expect(replayed(bytes).damage).toMatchObject({ kind: 'newer', offset: head.length })
  })

  test('a first line in a newer format is refused as newer', () => {
    const replay = new EpochReplay({ name: 'trading', epoch: 1 })
    replay.feed(line({ holdfast: 2, anything: true }))
    expect(replay.damage).toMatchObject({ kind: 'newer' })
  })

  test.each([
    ['a step of two versions', { ...JSON.parse(record(1).toString()), version: 3 }],
    ['"synced" at its base', { ...JSON.parse(record(1).toString()), synced: 1 }],
    ['patches that are no list', { ...JSON.parse(record(1).toString()), patches: {} }],
    ['a seal of another epoch', { base: 1, version: 2, at, writer: 'a', id: 'x', seal: 5 }],
  ])('%s with a right checksum is damage', (_, { crc: _crc, ...members }: { crc?: string }) => {
    expect(replayed(line(members)).damage).toMatchObject({ kind: 'damaged' })
  })

  test('a right checksum over invalid UTF-8 is damage', () => {
    const bytes = encodeLine(
      `{"base":1,"version":2,"at":"x","writer":"x","id":"\u00e9","patches":[]}`,
    )
    const text = Buffer.concat([bytes.subarray(0, 50), Buffer.from([0xff]), bytes.subarray(50)])
    expect(replayed(text).standing?.version).toBe(1)
  })
})
