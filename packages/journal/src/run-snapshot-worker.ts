import { Worker } from 'node:worker_threads'
import type { SnapshotOrder } from './build-snapshot.ts'

const isSource = import.meta.url.endsWith('.ts')
const entry = new URL(`./snapshot-worker.${isSource ? 'ts' : 'js'}`, import.meta.url)
/** Run from its source, this package finds those that it stands on in their sources too. */
const execArgv = isSource
  ? ['--conditions=@holdfast/source', '--disable-warning=ExperimentalWarning']
  : []

/**
 * `buildSnapshot` on a thread of its own, which does not keep the process alive. Rejects where it
 * failed, or `signal` ended it; the temporary may then be there.
 */
export function runSnapshotWorker(order: SnapshotOrder, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = new Worker(entry, { workerData: order, execArgv })
    worker.unref()
    const stop = (): void => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', (bytes: unknown) => resolve(Number(bytes)))
    worker.once('error', reject)
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(new Error('the snapshot was not built'))
    })
  })
}
