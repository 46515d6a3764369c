import { once } from 'node:events'
import { openStore } from 'holdfast'
import { openCount, raise } from '../counters/count.ts'

// Has the count in a directory to itself, says so after an update, and keeps it until it is killed.
const [directory = ''] = process.argv.slice(2)
const store = await openStore({ backend: 'lockfile', directory, mode: 'exclusive' })
await raise(await openCount(store, 'count'))
process.stdout.write('ready\n')
await once(process.stdin.resume(), 'end') // whoever wanted it is gone
await store.close()
