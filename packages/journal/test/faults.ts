import { interceptFileSystem, nodeFileSystem, type FileCall, type FileSystem } from '@holdfast/fs'

/** An error as the system makes it. */
export function systemError(code: string, errno: number, syscall: string): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, errno, syscall })
}

/** The real file system; `meddle` may throw before a call is made, or answer in its place. */
export function meddledFileSystem(
  meddle: (call: FileCall, proceed: (data?: Uint8Array) => unknown) => unknown,
  platform?: NodeJS.Platform,
): FileSystem {
  return interceptFileSystem(nodeFileSystem, meddle, platform)
}
