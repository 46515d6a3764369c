import { basename, dirname, join } from 'node:path'

/** The file of one state, and the names of all that is kept beside it. */
export class FileTarget {
  /** Absolute, and free of links. */
  readonly path: string
  readonly directory: string
  readonly base: string

  constructor(path: string) {
    this.path = path
    this.directory = dirname(path)
    this.base = basename(path)
  }

  /** The lock that is held around a commit's check and rename. */
  get lock(): string {
    return join(this.directory, `.${this.base}.lock`)
  }

  /** The `number`th previous generation; 1 is the one before. */
  generation(number: number): string {
    return `${this.path}.${number}`
  }

  /** The numbers of the generations among `names`, newest first. */
  generationsIn(names: readonly string[]): number[] {
    const prefix = `${this.base}.`
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((suffix) => /^[1-9]\d{0,5}$/.test(suffix))
      .map(Number)
      .toSorted((a, b) => a - b)
  }

  /** The locks among `names` by which a dead owner's lock is taken over. */
  breakersIn(names: readonly string[]): string[] {
    const prefix = `.${this.base}.lock.`
    return names.filter((name) => name.startsWith(prefix)).map((name) => join(this.directory, name))
  }

  /** Where damaged bytes are set aside. */
  quarantine(nowMs: number, token: string): string {
    const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
    return `${this.path}.corrupt-${time}-${token.slice(0, 8)}`
  }
}

/** The file whose generation `file` is, or null where it is none. */
export function generationOwner(file: string): string | null {
  return /^(.+)\.[1-9]\d{0,5}$/s.exec(file)?.[1] ?? null
}
