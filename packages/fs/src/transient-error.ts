import { hasCode } from './system-error.ts'

/**
 * Whether an open may succeed a moment later, on any platform: no free descriptor, or a lease that is
 * being broken (open(2)).
 */
export function isTransientOpen(error: unknown): boolean {
  return hasCode(error, 'EMFILE', 'ENFILE', 'EAGAIN')
}

/**
 * Whether a rename, unlink or read may succeed a moment later: Windows alone refuses them while a
 * scanner, an indexer or another program has the file open. Elsewhere these codes are final answers.
 */
export function isTransientUse(platform: NodeJS.Platform, error: unknown): boolean {
  return platform === 'win32' && hasCode(error, 'EPERM', 'EACCES', 'EBUSY')
}
