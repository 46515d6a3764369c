/*
 * Writes and flushes a file of its own beside the others', until it is killed: each flush makes the
 * file system commit what others have changed of its structure, but not what they have written.
 * Argument: the file.
 */
import { fsyncSync, openSync, writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const descriptor = openSync(process.argv[2] ?? '', 'ax')
process.send?.('ready')
process.on('disconnect', () => process.exit())
for (let line = 0; ; line += 1) {
  writeSync(descriptor, `${line}\n`)
  fsyncSync(descriptor)
  await setTimeout(3)
}
