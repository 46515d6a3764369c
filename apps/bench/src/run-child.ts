import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const execute = promisify(execFile)

/**
 * Runs a program of `src/children` in a process of its own, with nothing else on its heap, and gives
 * what it printed: a JSON object of numbers.
 */
export async function runChild(
  name: string,
  words: readonly (string | number)[],
): Promise<Readonly<Record<string, number>>> {
  const path = join(import.meta.dirname, 'children', `${name}.ts`)
  const argv = ['--expose-gc', '--conditions=@holdfast/source', path, ...words.map(String)]
  const { stdout } = await execute(process.execPath, argv)
  return z.record(z.string(), z.number()).parse(JSON.parse(stdout))
}
