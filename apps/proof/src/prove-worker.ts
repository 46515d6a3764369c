import { parentPort } from 'node:worker_threads'
import { proveTask, type ProveTask } from './prove-task.ts'

/** Does what it is sent, piece after piece. */
parentPort?.on('message', (task: ProveTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void proveTask(task).then((result) => parentPort?.postMessage(result))
})
