import { hash } from 'node:crypto'
import type { DiskNode } from './disk-node.ts'

/** The inode number of `/`. */
export const rootNumber = 1

/** What a disk holds at one moment, as far as it can be reached from the root; immutable. */
export class DiskImage {
  readonly nodes: ReadonlyMap<number, DiskNode>
  #digest: string | null = null

  constructor(nodes: ReadonlyMap<number, DiskNode>) {
    this.nodes = nodes
  }

  /**
   * The same for images that no program can tell apart: names, kinds, modes, contents, and which names
   * are one file. Inode numbers and times are left out.
   */
  get digest(): string {
    this.#digest ??= hash('sha1', this.#lines(describe).join('\n'), 'base64')
    return this.#digest
  }

  /** The tree for people, one line each. */
  tree(): string[] {
    return this.#lines((node, path, nth) => {
      const mode = node.mode.toString(8).padStart(4, '0')
      if (node.kind === 'directory') return `${path}/ ${mode}`
      if (node.kind === 'symlink') return `${path} -> ${node.target}`
      return `${path} ${mode} inode ${nth}, ${node.content.size} bytes: ${excerpt(node.content.bytes())}`
    })
  }

  #lines(line: (node: DiskNode, path: string, nth: number) => string): string[] {
    const found: string[] = []
    const seen = new Map<number, number>()
    const walk = (number: number, path: string): void => {
      const node = this.nodes.get(number)
      if (node === undefined) throw new TypeError(`inode ${number} is not in the image`)
      const nth = seen.get(number) ?? seen.size
      seen.set(number, nth)
      found.push(line(node, path, nth))
      if (node.kind !== 'directory') return
      for (const name of [...node.entries.keys()].toSorted()) {
        walk(node.entries.get(name) ?? 0, `${path}/${name}`)
      }
    }
    walk(rootNumber, '')
    return found
  }
}

/** An empty disk: a root directory. */
export const emptyImage: DiskImage = new DiskImage(
  new Map([
    [
      rootNumber,
      { kind: 'directory', mode: 0o755, uid: 0, gid: 0, modifiedUs: 0, entries: new Map() },
    ],
  ]),
)

function describe(node: DiskNode, path: string, nth: number): string {
  const start = `${path}\0${nth}\0${node.mode}\0${node.uid}\0${node.gid}\0${node.kind}`
  if (node.kind === 'directory') return start
  return `${start}\0${node.kind === 'file' ? node.content.digest : node.target}`
}

const mostExcerptBytes = 120

/** The bytes as text, with what is not printable escaped; a long run is cut. */
function excerpt(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, mostExcerptBytes)).toString('latin1')
  return JSON.stringify(text) + (bytes.length > mostExcerptBytes ? '…' : '')
}
