import { spawnSync } from 'node:child_process'

/** Runs a command of the system, and gives what it printed. @throws Error with what it said on stderr. */
export function command(name: string, ...args: readonly string[]): string {
  // An interrupt from the terminal is for this process, which ends what it has begun.
  const options = { encoding: 'utf8', detached: true } as const
  const { status, stdout, stderr, error } = spawnSync(name, args, options)
  if (error !== undefined) throw new Error(`${name}: ${error.message}`)
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/** What a power cut has left is no file system any more. */
export class NotMountableError extends Error {}

/** The file at `image` as a disk, mounted on `directory` until the use is over. */
export class MountedImage implements Disposable {
  readonly #device: string
  readonly #directory: string

  /** @throws NotMountableError. */
  constructor(image: string, directory: string, options: string) {
    this.#directory = directory
    this.#device = command('losetup', '--find', '--show', image)
    try {
      command('mount', '-o', options, this.#device, directory)
    } catch (error) {
      command('losetup', '--detach', this.#device)
      const message = error instanceof Error ? error.message : String(error)
      throw new NotMountableError(message, { cause: error })
    }
  }

  [Symbol.dispose](): void {
    command('umount', this.#directory)
    command('losetup', '--detach', this.#device)
  }
}
