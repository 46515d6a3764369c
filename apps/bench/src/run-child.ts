import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const execute = promisify(execFile)

/** What most of them print: figures by name. */
export const numbersSchema = z.record(z.string(), z.number())

/**
 * Runs a program of `src/children` in a process of its own, with nothing else on its heap, and gives
 * what it printed: JSON that fits `schema`.
 */
export async function runChild<R>(
  name: string,
  words: readonly (string | number)[],
  schema: z.ZodType<R>,
): Promise<R> {
  const path = join(import.meta.dirname, 'children', `${name}.ts`)
  const argv = ['--expose-gc', '--conditions=@holdfast/source', path, ...words.map(String)]
  const { stdout } = await execute(process.execPath, argv, { maxBuffer: Number.POSITIVE_INFINITY })
  return schema.parse(JSON.parse(stdout))
}
