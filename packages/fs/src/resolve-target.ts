import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path'
import type { FileSystem } from './file-system.ts'
import { directoryInPlace } from './inspect-target.ts'
import { hasCode, systemError } from './system-error.ts'

/**
 * What a symbolic link as the last component of a target means: `follow` writes the file it leads
 * to, `replace` replaces the link by a file, `reject` fails with ELOOP.
 */
export type Symlinks = 'follow' | 'replace' | 'reject'

/** As many as Linux follows in one path (path_resolution(7)). */
const maxLinks = 40

/**
 * The absolute path that `path` leads to, free of links, `.` and `..`: later changes of the working
 * directory mean nothing to it. Links are followed one component at a time, as the kernel does, so a
 * dangling link leads to the file that is still to be made; what does not exist is kept as it stands.
 * @throws ELOOP after 40 links, or at a link under `reject`; EISDIR for a path that can only be a
 * directory's.
 */
export async function resolveTarget(
  fs: FileSystem,
  path: string,
  symlinks: Symlinks,
): Promise<string> {
  if (path === '') throw systemError('ENOENT', 'open', path, 'the path is empty')
  const absolute = absolutePath(path)
  const root = parse(absolute).root
  let resolved = root
  const pending = components(absolute.slice(root.length))
  if (isDirectoryName(pending.at(-1))) throw directoryInPlace(path)
  let links = 0
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      resolved = dirname(resolved)
      continue
    }
    const next = join(resolved, name)
    const isLast = pending.length === 0
    const link = isLast && symlinks === 'replace' ? null : await readLink(fs, next)
    if (link === null) {
      resolved = next
      continue
    }
    links += 1
    if (isLast && symlinks === 'reject') {
      throw systemError('ELOOP', 'open', path, `the target is a symbolic link, which is refused`)
    }
    if (links > maxLinks) {
      throw systemError('ELOOP', 'open', path, `more than ${maxLinks} symbolic links on the way`)
    }
    const linkRoot = parse(link).root
    if (linkRoot !== '') resolved = resolve(linkRoot)
    const inside = components(link.slice(linkRoot.length))
    if (isLast && isDirectoryName(inside.at(-1))) throw directoryInPlace(path)
    pending.unshift(...inside)
  }
  return resolved
}

/**
 * `path` from the root on, with its `..` as they stand: after a link they mean another directory than
 * their spelling does. Windows alone resolves them by spelling.
 */
export function absolutePath(path: string): string {
  if (path === '' || isAbsolute(path)) return path
  return sep === '\\' ? resolve(path) : `${process.cwd()}/${path}`
}

async function readLink(fs: FileSystem, path: string): Promise<string | null> {
  try {
    const stat = await fs.lstat(path)
    return stat.kind === 'symlink' ? await fs.readlink(path) : null
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

function components(path: string): string[] {
  return path.split(sep === '\\' ? /[\\/]/ : '/')
}

function isDirectoryName(name: string | undefined): boolean {
  return name === undefined || name === '' || name === '.' || name === '..'
}
