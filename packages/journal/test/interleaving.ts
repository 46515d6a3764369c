import { interceptFileSystem, nodeFileSystem, type FileCall, type FileSystem } from '@holdfast/fs'

/** A file system whose calls can be held up, as a process is that the scheduler has taken off. */
export class Stepper {
  readonly fileSystem: FileSystem
  readonly calls: FileCall[] = []
  #isHere: (call: FileCall) => boolean = () => false
  #arrive: () => void = () => undefined
  #resume: () => void = () => undefined

  constructor() {
    this.fileSystem = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
      if (call.method === 'watch') return proceed()
      this.calls.push(call)
      if (this.#isHere(call)) await this.#held()
      return proceed()
    })
  }

  /** Holds the `number`th call from now on, before it is made; resolves when it has come so far. */
  holdAt(number: number): Promise<void> {
    const at = this.calls.length + number
    return this.holdWhen(() => this.calls.length === at)
  }

  /** Holds the first call that `isHere` says; resolves when it has come so far. */
  holdWhen(isHere: (call: FileCall) => boolean): Promise<void> {
    this.#isHere = isHere
    return new Promise((resolve) => {
      this.#arrive = resolve
    })
  }

  /** Lets the call that is held, and all others, go on. */
  resume(): void {
    this.#isHere = () => false
    this.#resume()
  }

  #held(): Promise<void> {
    this.#isHere = () => false
    this.#arrive()
    return new Promise((resolve) => {
      this.#resume = resolve
    })
  }
}
