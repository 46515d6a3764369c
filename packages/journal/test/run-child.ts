import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export interface ChildResult {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `children/<name>.ts` from its source, by `command` if given, as `prlimit` takes it. */
export function startChild(
  name: string,
  args: readonly (string | number)[],
  command: readonly string[] = [],
): ChildProcess {
  const script = fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url))
  const line = [
    ...command,
    process.execPath,
    '--conditions=@holdfast/source',
    '--disable-warning=ExperimentalWarning',
    script,
    ...args.map(String),
  ]
  const [file = '', ...rest] = line
  // Compiling the source anew is most of what a child does otherwise.
  const cache = fileURLToPath(new URL('../node_modules/.cache/children', import.meta.url))
  const env = { ...process.env, NODE_COMPILE_CACHE: cache }
  return spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Waits for the end of a child. */
export async function endOf(child: ChildProcess): Promise<ChildResult> {
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('the child has no pipes')
  const output = Promise.all([text(stdout), text(stderr)])
  await once(child, 'exit')
  const [out, err] = await output
  return { status: child.exitCode, signal: child.signalCode, stdout: out, stderr: err }
}
