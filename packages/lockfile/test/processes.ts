import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** What a child tells, one line of JSON each. */
export interface Told {
  readonly ready?: boolean
  readonly open?: boolean
  readonly n?: number
  readonly lost?: string
  readonly code?: string
  readonly message?: string
  readonly holder?: { pid: number; host: string; since: string; command: string }
  readonly done?: boolean
  readonly blocks?: boolean
  readonly attempts?: number
}

/** A process of `children/<name>.ts`, run from its source; killed when the test is over. */
export class Child {
  readonly process: ChildProcess
  readonly told: Told[] = []
  stderr = ''
  readonly #lines: Interface
  readonly #ended: Promise<unknown>

  constructor(name: string, ...args: readonly (string | number)[]) {
    const script = fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url))
    const flags = ['--conditions=@holdfast/source', '--disable-warning=ExperimentalWarning']
    // Compiling the source anew is most of what a child does otherwise.
    const cache = fileURLToPath(new URL('../node_modules/.cache/children', import.meta.url))
    this.process = spawn(process.execPath, [...flags, script, ...args.map(String)], {
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const { stdout, stderr } = this.process
    if (stdout === null || stderr === null) throw new Error('the child has no pipes')
    stderr.on('data', (data: Buffer) => (this.stderr += data.toString()))
    this.#lines = createInterface(stdout)
    this.#lines.on('line', (line) => {
      this.told.push(JSON.parse(line) as Told)
      this.#lines.emit('told')
    })
    this.#ended = once(this.process, 'close').then(() => this.#lines.emit('told'))
    onTestFinished(() => this.kill())
  }

  /** Resolves with the first message that `isIt`; rejects where the child ends without. */
  async hears(isIt: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = this.told.find(isIt)
      if (found !== undefined) return found
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`the child has ended: ${JSON.stringify(this.told)} ${this.stderr}`)
      }
      await once(this.#lines, 'told')
    }
  }

  /** Gives the word to begin. */
  begin(): void {
    this.process.stdin?.write('.')
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** Resolves when the process is gone and all that it told was read. */
  async end(): Promise<Told> {
    await this.#ended
    return this.told.at(-1) ?? {}
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#ended
  }
}

/** Starts `count` children at once, and lets them begin together. */
export async function beginTogether(count: number, start: () => Child): Promise<readonly Child[]> {
  const children = Array.from({ length: count }, start)
  await Promise.all(children.map((child) => child.hears(({ ready }) => ready === true)))
  for (const child of children) child.begin()
  return children
}
