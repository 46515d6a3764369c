import { Content } from './content.ts'

interface Attributes {
  /** Permission bits. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly modifiedUs: number
}

/** A regular file. */
interface FileNode extends Attributes {
  readonly kind: 'file'
  readonly content: Content
}

/** A directory: what its names stand for, by inode number. */
interface DirectoryNode extends Attributes {
  readonly kind: 'directory'
  readonly entries: ReadonlyMap<string, number>
}

/** A symbolic link. */
interface LinkNode extends Attributes {
  readonly kind: 'symlink'
  readonly target: string
}

/** What an inode holds at one moment; immutable. */
export type DiskNode = FileNode | DirectoryNode | LinkNode

/** One thing that a disk may have got, or not, when the power fails. */
export type Change =
  | { readonly kind: 'write'; readonly position: number; readonly data: Uint8Array }
  /** The file is at least this long: an append moved its end. */
  | { readonly kind: 'extend'; readonly size: number }
  | { readonly kind: 'truncate'; readonly size: number }
  | {
      readonly kind: 'attributes'
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | { readonly kind: 'enter'; readonly name: string; readonly number: number }
  | { readonly kind: 'leave'; readonly name: string }
  /** A rename inside one directory is one step: either both names changed or none. */
  | { readonly kind: 'move'; readonly from: string; readonly to: string; readonly number: number }

/** `node` after `change`. */
export function changed(node: DiskNode, change: Change, modifiedUs: number): DiskNode {
  if (change.kind === 'attributes') {
    const { mode, uid, gid } = change
    return { ...node, mode, uid, gid }
  }
  if (node.kind === 'file') return { ...node, content: rewritten(node.content, change), modifiedUs }
  if (node.kind === 'directory')
    return { ...node, entries: renamed(node.entries, change), modifiedUs }
  return node
}

function rewritten(content: Content, change: Change): Content {
  switch (change.kind) {
    case 'write':
      return content.write(change.position, change.data)
    case 'extend':
      return content.resize(Math.max(content.size, change.size))
    case 'truncate':
      return content.truncate(change.size)
    default:
      return content
  }
}

function renamed(
  entries: ReadonlyMap<string, number>,
  change: Change,
): ReadonlyMap<string, number> {
  const result = new Map(entries)
  if (change.kind === 'leave') result.delete(change.name)
  if (change.kind === 'move') result.delete(change.from)
  if (change.kind === 'enter') result.set(change.name, change.number)
  if (change.kind === 'move') result.set(change.to, change.number)
  return result
}

/** The same for nodes that hold the same, also out of sight; entries by the numbers they stand for. */
export function nodeDigest(node: DiskNode): string {
  const attributes = `${node.mode},${node.uid},${node.gid}`
  if (node.kind === 'file')
    return `f${attributes},${node.content.size},${node.content.stored.digest}`
  if (node.kind === 'symlink') return `l${attributes},${node.target}`
  const names = [...node.entries].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `d${attributes},${names.map(([name, number]) => `${name}/${number}`).join('/')}`
}
