/*
 * Puts marks into a ledger, one after the other, and writes down beside the disk when each of them was
 * acknowledged. Begins when its parent says so.
 * Arguments: store URL, name, how many, file of acknowledgements.
 */
import { once } from 'node:events'
import { openSync, writeSync } from 'node:fs'
import { Ledger } from './ledger.ts'

const [, , url = '', name = '', count = '0', path = ''] = process.argv
const acknowledgements = openSync(path, 'ax')
process.send?.('ready')
await once(process, 'message')
await using ledger = await Ledger.open(url)
for (let index = 0; index < Number(count); index += 1) {
  const mark = `${name}.${index}`
  await ledger.put(mark)
  writeSync(acknowledgements, `${JSON.stringify([mark, String(process.hrtime.bigint())])}\n`)
}
process.disconnect?.()
