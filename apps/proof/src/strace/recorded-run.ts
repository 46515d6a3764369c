import { posix } from 'node:path'
import type { OpenFlags } from '@holdfast/fs'
import type { Step } from './session.ts'
import { Strace } from './strace.ts'
import type { SweepPlace } from './sweep-place.ts'
import type { TracedBackend } from './traced-backend.ts'
import { TracedProcess, type ThreadRole } from './traced-process.ts'

/** What a system call did to the disk; `handle` counts what was opened. Paths begin at the place. */
export type DiskCall =
  | {
      readonly call: 'open'
      readonly handle: number
      readonly path: string
      readonly flags: OpenFlags
    }
  | { readonly call: 'openDirectory'; readonly handle: number; readonly path: string }
  | {
      readonly call: 'write'
      readonly handle: number
      readonly data: Buffer
      readonly at: number | null
    }
  | { readonly call: 'fsync' | 'fdatasync' | 'close'; readonly handle: number }
  | { readonly call: 'ftruncate'; readonly handle: number; readonly size: number }
  | { readonly call: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly call: 'symlink'; readonly path: string; readonly target: string }
  | { readonly call: 'unlink' | 'rmdir' | 'mkdir'; readonly path: string }
  /** The program was told that `id` is saved. */
  | { readonly call: 'acknowledged'; readonly id: string }

const roles: readonly ThreadRole[] = ['main', 'pool']

/** Lets the real binary open a state, load it, and save twice, and gives all that it did to the disk. */
export async function recordRun(kind: TracedBackend, place: SweepPlace): Promise<DiskCall[]> {
  const process = await TracedProcess.start()
  try {
    const threads = roles.map((role) => process.thread(role))
    const options = { threads, paths: [], inject: null, output: place.trace, hasContent: true }
    const strace = await Strace.attach(options)
    await process.run(kind, place.directory)
    const lines = await strace.detach()
    await process.goOn()
    return new Recording(posix.dirname(place.directory)).read(lines)
  } finally {
    await process.stop()
  }
}

/** The pipe that steps are told by. */
const pipe = 4

class Recording {
  readonly #root: string
  readonly #handles = new Map<number, number>()
  #opened = 0

  constructor(root: string) {
    this.#root = root
  }

  /** A call that two threads' lines lie between counts as made when it was over. */
  read(lines: readonly string[]): DiskCall[] {
    const begun = new Map<string, string>()
    const calls: DiskCall[] = []
    for (const line of lines) {
      const [, thread = '', text = ''] = /^(\d+)\s+\d+\.\d+ (.*)$/.exec(line) ?? []
      if (text.endsWith('<unfinished ...>')) {
        begun.set(thread, text.slice(0, -' <unfinished ...>'.length))
        continue
      }
      const whole = text.replace(/^<\.\.\. \w+ resumed>/, () => begun.get(thread) ?? '')
      const match = /^(\w+)\((.*)\)\s+= (\d+)$/.exec(whole)
      if (match === null) continue
      const [, name = '', inner = '', result] = match
      calls.push(...this.#take(name, argumentsIn(inner), Number(result)))
    }
    return calls
  }

  #take(name: string, given: readonly string[], result: number): DiskCall[] {
    const [first = '', second = '', third = '', fourth = ''] = given
    switch (name) {
      case 'openat':
        return this.#open(textOf(second), third, result)
      case 'write':
        if (Number(first) === pipe) return acknowledgements(bytesOf(second).toString())
        return this.#onHandle(first, (handle) => {
          return { call: 'write', handle, data: bytesOf(second).subarray(0, result), at: null }
        })
      case 'pwrite64':
        return this.#onHandle(first, (handle) => {
          const data = bytesOf(second).subarray(0, result)
          return { call: 'write', handle, data, at: Number(fourth) }
        })
      case 'fsync':
      case 'fdatasync':
        return this.#onHandle(first, (handle) => ({ call: name, handle }))
      case 'ftruncate':
        return this.#onHandle(first, (handle) => ({ call: name, handle, size: Number(second) }))
      case 'close': {
        const closed = this.#onHandle(first, (handle) => ({ call: name, handle }))
        this.#handles.delete(Number(first))
        return closed
      }
      case 'rename':
      case 'link':
        return this.#onPath(first, (path) => ({ call: name, path, to: this.#path(second) ?? '' }))
      case 'symlink':
        return this.#onPath(second, (path) => ({ call: name, path, target: textOf(first) }))
      case 'unlink':
      case 'rmdir':
      case 'mkdir':
        return this.#onPath(first, (path) => ({ call: name, path }))
      default:
        return []
    }
  }

  #open(real: string, flags: string, descriptor: number): DiskCall[] {
    this.#handles.delete(descriptor)
    const path = this.#inside(real)
    if (path === null) return []
    const handle = (this.#opened += 1)
    this.#handles.set(descriptor, handle)
    if (flags.includes('O_DIRECTORY')) return [{ call: 'openDirectory', handle, path }]
    return [{ call: 'open', handle, path, flags: openFlags(flags) }]
  }

  #onHandle(descriptor: string, make: (handle: number) => DiskCall): DiskCall[] {
    const handle = this.#handles.get(Number(descriptor))
    return handle === undefined ? [] : [make(handle)]
  }

  #onPath(argument: string, make: (path: string) => DiskCall): DiskCall[] {
    const path = this.#path(argument)
    return path === null ? [] : [make(path)]
  }

  #path(argument: string): string | null {
    return this.#inside(textOf(argument))
  }

  #inside(real: string): string | null {
    if (real === this.#root) return '/'
    return real.startsWith(`${this.#root}/`) ? real.slice(this.#root.length) : null
  }
}

/** strings are all in hexadecimal digits: what separates arguments is nowhere else. */
function argumentsIn(text: string): string[] {
  return text.split(', ')
}

function bytesOf(argument: string): Buffer {
  return Buffer.from(argument.replaceAll(/["\\x.]/g, ''), 'hex')
}

function textOf(argument: string): string {
  return bytesOf(argument).toString()
}

function acknowledgements(text: string): DiskCall[] {
  const line: Partial<Step> = JSON.parse(text)
  const isSaved = line.step === 'commit' && line.failure === null && typeof line.id === 'string'
  return isSaved ? [{ call: 'acknowledged', id: line.id ?? '' }] : []
}

function openFlags(flags: string): OpenFlags {
  const has = (flag: string): boolean => flags.split('|').includes(flag)
  const create = has('O_EXCL') ? 'exclusive' : has('O_CREAT') ? 'ifMissing' : undefined
  return {
    access: has('O_RDWR') ? 'readwrite' : has('O_WRONLY') ? 'write' : 'read',
    append: has('O_APPEND'),
    noFollow: has('O_NOFOLLOW'),
    ...(create === undefined ? {} : { create }),
  }
}
