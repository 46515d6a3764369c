import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFileSystem, type FileHandle, type FileSystem, type OpenFlags } from '@holdfast/fs'
import { expect, onTestFinished, test } from 'vitest'
import { CrashFileSystem, SeededRandom } from '../../src/index.ts'

/** What a call gives, or the code of what it throws, without what differs between any two file systems. */
async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    const { code, syscall, errno } = error as NodeJS.ErrnoException
    return { code, syscall, errno }
  }
}

const names = ['a', 'b', 'd', 'd/a', 'd/b', 'd/e', 'd/e/a', 'a/x', 'l', 'l/a', 'missing/a']

/** One file system below `root`, with handles by number. */
class Subject {
  readonly #fileSystem: FileSystem
  readonly #root: string
  readonly #handles: FileHandle[] = []

  constructor(fileSystem: FileSystem, root: string) {
    this.#fileSystem = fileSystem
    this.#root = root
  }

  /** Makes the call that `random` draws; the same one for the same numbers. */
  async step(random: SeededRandom): Promise<unknown> {
    const path = this.#path(random)
    const other = this.#path(random)
    const [flags, number, data, position] = [
      drawFlags(random),
      random.below(Math.max(1, this.#handles.length)),
      Buffer.alloc(random.below(9000), random.below(256)),
      random.below(6000),
    ]
    const fileSystem = this.#fileSystem
    const calls: (() => unknown)[] = [
      () => this.#open(path, flags),
      () => this.#open(path, flags),
      async () => statOf(await fileSystem.stat(path)),
      async () => statOf(await fileSystem.lstat(path)),
      async () => statOf((await fileSystem.lstatIfThere(path)) ?? undefined),
      () => fileSystem.rename(path, other),
      () => fileSystem.link(path, other),
      () => fileSystem.unlink(path),
      () => fileSystem.symlink(position % 2 === 0 ? 'd' : 'a', path),
      () => fileSystem.readlink(path),
      () => fileSystem.mkdir(path, 0o700),
      () => fileSystem.rmdir(path),
      async () => (await fileSystem.readdir(path)).toSorted(),
      () => this.#handles[number]?.write(data, flags.append === true ? null : position),
      () => this.#handles[number]?.write(data, null),
      () => this.#read(number, position),
      () => this.#handles[number]?.truncate(position),
      async () => statOf(await this.#handles[number]?.stat()),
      () => this.#handles[number]?.chmod(0o640),
      () => this.#handles[number]?.sync(),
      () => this.#handles[number]?.dataSync(),
    ]
    const call = calls[random.below(calls.length)] ?? (() => null)
    return outcomeOf(call)
  }

  async close(): Promise<void> {
    for (const handle of this.#handles) await handle.close()
  }

  #path(random: SeededRandom): string {
    return join(this.#root, names[random.below(names.length)] ?? 'a')
  }

  async #open(path: string, flags: OpenFlags): Promise<string> {
    this.#handles.push(await this.#fileSystem.open(path, flags))
    return 'open'
  }

  async #read(number: number, position: number): Promise<unknown> {
    const target = new Uint8Array(3000)
    const count = await this.#handles[number]?.read(target, position)
    return { count, text: Buffer.from(target.subarray(0, count)).toString('latin1') }
  }
}

function drawFlags(random: SeededRandom): OpenFlags {
  const access = (['read', 'write', 'readwrite'] as const)[random.below(3)] ?? 'read'
  const create = ([undefined, 'ifMissing', 'exclusive'] as const)[random.below(3)]
  return {
    access,
    append: random.oneIn(3),
    noFollow: random.oneIn(2),
    ...(create === undefined ? {} : { create }),
  }
}

function statOf(stat: Awaited<ReturnType<FileHandle['stat']>> | undefined): unknown {
  if (stat === undefined) return null
  const { kind, size, mode, nlink } = stat
  return kind === 'file' ? { kind, size, mode, nlink } : { kind }
}

test.each([1, 2, 3, 4, 5, 6])(
  'a thousand calls that seed %i draws are answered as the real file system answers them',
  async (seed) => {
    const root = mkdtempSync(join(tmpdir(), 'holdfast-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    const crash = new CrashFileSystem()
    crash.mkdir('/root', 0o700)
    const [real, simulated] = [new Subject(nodeFileSystem, root), new Subject(crash, '/root')]
    const [left, right] = [new SeededRandom(seed), new SeededRandom(seed)]
    for (let step = 0; step < 1000; step++) {
      expect(await simulated.step(left), `step ${step}`).toEqual(await real.step(right))
    }
    await Promise.all([real.close(), simulated.close()])
    expect(crash.openPaths).toEqual([])
  },
)
