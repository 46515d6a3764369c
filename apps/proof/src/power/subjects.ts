/** A file system, and how an empty one of it is made and mounted. */
export interface FileSystemKind {
  readonly name: 'ext4' | 'xfs' | 'btrfs'
  readonly bytes: number
  /** What it takes to be written whole or not at all. */
  readonly sectorBytes: number
  readonly make: readonly string[]
  readonly options: string
}

const mebibyte = 1024 * 1024

/** As small as each may be; nothing is written to them in the background. */
export const fileSystems: readonly FileSystemKind[] = [
  {
    name: 'ext4',
    bytes: 64 * mebibyte,
    sectorBytes: 512,
    make: ['mkfs.ext4', '-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard'],
    options: 'noatime',
  },
  {
    name: 'xfs',
    bytes: 320 * mebibyte,
    sectorBytes: 512,
    make: ['mkfs.xfs', '-q', '-K'],
    options: 'noatime,nouuid',
  },
  {
    name: 'btrfs',
    bytes: 128 * mebibyte,
    sectorBytes: 4096, // its superblock: torn, it cannot be mounted
    make: ['mkfs.btrfs', '-q', '-K'],
    options: 'noatime',
  },
]

/** What is written while the power may fail. */
export interface PowerSubject {
  readonly name: string
  /** The URL of the store in `directory`. */
  url(directory: string): string
  readonly writers: number
  /** Whether it has to stand it. What must not shows that the power does fail. */
  readonly mustStand: boolean
}

/** All of ours, and two that are not asked to survive a power cut. */
export const powerSubjects: readonly PowerSubject[] = [
  { name: 'file', url: (at) => `file:${at}`, writers: 1, mustStand: true },
  { name: 'journal', url: (at) => `journal:${at}`, writers: 3, mustStand: true },
  {
    name: 'journal that compacts',
    url: (at) => `journal:${at}?compactAfterBytes=4096&keep=0`,
    writers: 3,
    mustStand: true,
  },
  { name: 'lockfile', url: (at) => `lockfile:${at}`, writers: 3, mustStand: true },
  {
    name: 'file without a flush',
    url: (at) => `file:${at}?durability=process`,
    writers: 1,
    mustStand: false,
  },
  {
    name: 'journal without a flush',
    url: (at) => `journal:${at}?durability=process`,
    writers: 3,
    mustStand: false,
  },
]
