import { interceptFileSystem, nodeFileSystem, type FileCall, type FileSystem } from '@holdfast/fs'

/** What a test does about a call: nothing, or throw, before or instead of it. */
export type Meddle = (call: FileCall, index: number) => void

/** The real file system, with every call recorded, and given to `meddle` before it is made. */
export function recordingFileSystem(
  meddle: Meddle = () => undefined,
  platform?: NodeJS.Platform,
): { fileSystem: FileSystem; calls: FileCall[] } {
  const calls: FileCall[] = []
  const fileSystem = interceptFileSystem(
    nodeFileSystem,
    (call, proceed) => {
      calls.push(call)
      meddle(call, calls.length - 1)
      return proceed()
    },
    platform,
  )
  return { fileSystem, calls }
}

/** The calls in short: the method, and which file, with what differs from run to run left out. */
export function summary(calls: readonly FileCall[], directory: string): string[] {
  return calls.map((call) => {
    const names = ['path', 'to'].flatMap((key) => {
      const path: unknown = Reflect.get(call, key)
      return typeof path === 'string' ? [shortName(path, directory)] : []
    })
    return `${call.method} ${names.join(' ')}`
  })
}

function shortName(path: string, directory: string): string {
  const name = path === directory ? '.' : path.replace(`${directory}/`, '')
  return name.replace(/^\..+\.json\..+\.tmp$/, '<temporary>').replace(/\.corrupt-.*$/, '.corrupt')
}

/** An error as the system makes it. */
export function systemError(code: string, errno: number, syscall: string): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, errno, syscall })
}
