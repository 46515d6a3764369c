import { parentPort, workerData } from 'node:worker_threads'
import { buildSnapshot, type SnapshotOrder } from './build-snapshot.ts'

// What the thread that started this one sends: `runSnapshotWorker` is the only one.
const order: SnapshotOrder = workerData

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(await buildSnapshot(order))
