import { join } from 'node:path'
import { parseArguments } from '../src/arguments.ts'
import { run } from '../src/run.ts'

/** Lets a bot trade to the end in this process, with its state in the folder `state` of `directory`. */
export async function prepareState(directory: string, args: readonly string[]): Promise<void> {
  const options = parseArguments(['--state', `file:${join(directory, 'state')}`, ...args])
  const progress = { isDue: () => false, show() {}, end() {} }
  const { signal } = new AbortController()
  await run(options, { write() {}, progress, report() {}, signal })
}
