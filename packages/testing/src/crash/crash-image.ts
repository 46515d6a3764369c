import { changed, nodeDigest, type Change, type DiskNode } from './disk-node.ts'
import { DiskImage, rootNumber } from './disk-image.ts'
import type { Disk } from './disk.ts'
import type { Inode } from './inode.ts'
import { SeededRandom } from './seeded-random.ts'

/** What the disk may have after a power cut: an image, and what of the unsynced it got. */
export interface CrashImage {
  readonly image: DiskImage
  /** The ids of the pending changes that survived; one that came out as garbage is negative, less one. */
  readonly survivors: readonly number[]
}

/** How a power cut treats what was not synced. */
export interface SurvivalOptions {
  /** At most so many images per crash; of more, so many are drawn. */
  readonly cap: number
  readonly seed: number
  /** Whether a piece of a write can also come out as garbage. */
  readonly garbage: boolean
}

interface Alternative {
  readonly node: DiskNode
  readonly survivors: readonly number[]
}

/** All images that a power cut now may leave, and whether these are all. */
export function crashImages(
  disk: Disk,
  options: SurvivalOptions,
): { images: CrashImage[]; isExhaustive: boolean } {
  const alternatives = new Map<number, Alternative[]>()
  let isExhaustive = true
  for (const inode of disk.inodes.values()) {
    if (inode.changes.length === 0 && !inode.isReused) continue
    const found = alternativesOf(inode, options)
    alternatives.set(inode.number, found.all)
    isExhaustive &&= found.isExhaustive
  }
  const of = (number: number): readonly Alternative[] =>
    alternatives.get(number) ?? [{ node: disk.inode(number).base, survivors: [] }]
  const images: CrashImage[] = []
  if (expand(of, images, options.cap) && isExhaustive) return { images, isExhaustive: true }
  return { images: sample(of, options), isExhaustive: false }
}

/** The image where exactly `survivors` of the pending changes are on the disk. */
export function imageWith(disk: Disk, survivors: readonly number[]): DiskImage {
  const chosen = new Set(survivors)
  const nodes = new Map<number, DiskNode>()
  const take = (number: number): void => {
    if (nodes.has(number)) return
    const node = nodeWith(disk.inode(number), chosen)
    nodes.set(number, node)
    if (node.kind === 'directory') for (const entry of node.entries.values()) take(entry)
  }
  take(rootNumber)
  return new DiskImage(nodes)
}

function nodeWith(inode: Inode, chosen: ReadonlySet<number>): DiskNode {
  let node = inode.base
  for (const { id, state, change, modifiedUs } of inode.changes) {
    const isGarbage = chosen.has(garbageId(id))
    if (state !== 'durable' && !chosen.has(id) && !isGarbage) continue
    node = changed(node, isGarbage ? garbled(change, id) : change, modifiedUs)
  }
  return inode.isReused && chosen.has(reusedId(inode)) ? reused(node) : node
}

/**
 * The different contents that one inode may have. Each pending change is applied to all that the
 * earlier ones lead to, or not; what comes out equal is one.
 */
function alternativesOf(
  inode: Inode,
  { cap, seed, garbage }: SurvivalOptions,
): { all: Alternative[]; isExhaustive: boolean } {
  let all: Alternative[] = [{ node: inode.base, survivors: [] }]
  let isExhaustive = true
  for (const { id, state, change, modifiedUs } of inode.changes) {
    const apply = (how: Change, survivor: number | null) =>
      all.map(({ node, survivors }) => ({
        node: changed(node, how, modifiedUs),
        survivors: survivor === null ? survivors : [...survivors, survivor],
      }))
    if (state === 'durable') all = apply(change, null)
    else {
      const torn =
        garbage && change.kind === 'write' ? apply(garbled(change, id), garbageId(id)) : []
      all = distinct([...all, ...apply(change, id), ...torn])
    }
    if (all.length > cap) {
      isExhaustive = false
      all = thinned(all, cap, new SeededRandom(seed, id))
    }
  }
  if (inode.isReused) {
    const survivors = [reusedId(inode)]
    all = [
      ...all,
      ...all.map((one) => ({
        node: reused(one.node),
        survivors: [...one.survivors, ...survivors],
      })),
    ]
  }
  return { all, isExhaustive }
}

function distinct(all: readonly Alternative[]): Alternative[] {
  const found = new Map<string, Alternative>()
  for (const one of all) {
    const digest = nodeDigest(one.node)
    if (!found.has(digest)) found.set(digest, one)
  }
  return [...found.values()]
}

/** Keeps the first, where nothing survived, the last, where all did, and a draw of the others. */
function thinned(all: readonly Alternative[], cap: number, random: SeededRandom): Alternative[] {
  const between = all.slice(1, -1)
  for (let index = 0; index < cap - 2; index++) {
    const other = index + random.below(between.length - index)
    const [a, b] = [between[index], between[other]]
    if (a !== undefined && b !== undefined) [between[index], between[other]] = [b, a]
  }
  const ends = [all[0], all.at(-1)].filter((one) => one !== undefined)
  return [...ends.slice(0, 1), ...between.slice(0, cap - 2), ...ends.slice(1)]
}

/** Every combination of what the inodes may be, as far as the root leads to them; false: too many. */
function expand(
  of: (number: number) => readonly Alternative[],
  images: CrashImage[],
  cap: number,
): boolean {
  const nodes = new Map<number, DiskNode>()
  const visit = (todo: readonly number[], survivors: readonly number[]): boolean => {
    const number = todo.find((one) => !nodes.has(one))
    if (number === undefined) {
      images.push({ image: new DiskImage(new Map(nodes)), survivors })
      return images.length <= cap
    }
    for (const one of of(number)) {
      nodes.set(number, one.node)
      const found = one.node.kind === 'directory' ? [...todo, ...one.node.entries.values()] : todo
      if (!visit(found, [...survivors, ...one.survivors])) return false
      nodes.delete(number)
    }
    return true
  }
  return visit([rootNumber], [])
}

function pickFirst(all: readonly Alternative[]): Alternative | undefined {
  return all[0]
}

function pickLast(all: readonly Alternative[]): Alternative | undefined {
  return all.at(-1)
}

/** So many combinations as the cap allows: nothing survived, all did, and random ones. */
function sample(
  of: (number: number) => readonly Alternative[],
  { cap, seed }: SurvivalOptions,
): CrashImage[] {
  const random = new SeededRandom(seed, 1)
  const pickAny = (all: readonly Alternative[]): Alternative | undefined =>
    all[random.below(all.length)]
  return Array.from({ length: cap }, (_, index) =>
    combination(of, index === 0 ? pickFirst : index === 1 ? pickLast : pickAny),
  )
}

function combination(
  of: (number: number) => readonly Alternative[],
  pick: (all: readonly Alternative[]) => Alternative | undefined,
): CrashImage {
  const nodes = new Map<number, DiskNode>()
  const survivors: number[] = []
  const take = (number: number): void => {
    if (nodes.has(number)) return
    const one = pick(of(number))
    if (one === undefined) return
    nodes.set(number, one.node)
    survivors.push(...one.survivors)
    if (one.node.kind === 'directory') for (const entry of one.node.entries.values()) take(entry)
  }
  take(rootNumber)
  return { image: new DiskImage(nodes), survivors }
}

/** One random image: for schedules, where a power cut is one step of many. */
export function randomCrashImage(disk: Disk, random: SeededRandom): CrashImage {
  const odds = [0, 1, 2, 8][random.below(4)] ?? 2 // none, all, half of them, one in eight
  const survivors = [...disk.inodes.values()].flatMap(({ changes }) =>
    changes
      .filter(({ state }) => state !== 'durable' && odds > 0 && random.oneIn(odds))
      .map(({ id }) => id),
  )
  return { image: imageWith(disk, survivors), survivors }
}

function garbageId(id: number): number {
  return -1 - id
}

/** Ids of changes are far below. */
function reusedId(inode: Inode): number {
  return 1_000_000_000 + inode.number
}

/** A piece of a write that the disk was at when the power failed. Neighbours keep what they have. */
function garbled(change: Change, id: number): Change {
  if (change.kind !== 'write') return change
  const random = new SeededRandom(id, 2)
  return { ...change, data: change.data.map(() => random.below(256)) }
}

/** The start of the file belongs to another one by now. */
function reused(node: DiskNode): DiskNode {
  if (node.kind !== 'file') return node
  const data = new Uint8Array(Math.min(node.content.size, 512)).fill(0x5a)
  return { ...node, content: node.content.write(0, data) }
}
