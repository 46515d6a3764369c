import { parentPort } from 'node:worker_threads'
import { proveTask, type ProveTask } from './prove-task.ts'

/** Does what it is sent, piece after piece. */
parentPort?.on('message', (task: ProveTask) => {
  void proveTask(task).then((result) => parentPort?.postMessage(result))
})
