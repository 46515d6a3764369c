import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openStore } from 'holdfast'
import { z } from 'zod'
import { fromSource } from '../from-source.ts'

const program = fileURLToPath(new URL('./counter.ts', import.meta.url))

/** Lets processes raise one counter, each so many times, and gives what it is afterwards. */
export async function countTogether(
  url: string,
  processes: number,
  times: number,
): Promise<{ count: number; version: number; durationMs: number }> {
  const started = performance.now()
  await Promise.all(
    Array.from({ length: processes }, () =>
      promisify(execFile)(process.execPath, [...fromSource.execArgv, program, url, `${times}`], {
        env: fromSource.env,
      }),
    ),
  )
  const durationMs = performance.now() - started
  await using store = await openStore(url)
  await using state = await store.open('counter', {
    schema: z.object({ count: z.number() }),
    initial: () => ({ count: 0 }),
  })
  return { count: state.value.count, version: state.version, durationMs }
}
