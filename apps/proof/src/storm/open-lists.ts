import { HoldfastLists } from './holdfast-lists.ts'
import { leaseMs } from './lease.ts'
import { NaiveLists } from './naive-lists.ts'
import type { Contender, SharedLists } from './shared-list.ts'

const often = 'compactAfterBytes=4096&keep=0'
const never = 'compactAfterBytes=1000000000'

const openers: Readonly<Record<Contender, (directory: string) => Promise<SharedLists>>> = {
  journal: (directory) => HoldfastLists.open(`journal:${directory}?${never}`),
  'journal that compacts': (directory) => HoldfastLists.open(`journal:${directory}?${often}`),
  lockfile: (directory) => HoldfastLists.open(`lockfile:${directory}?${never}`),
  'lockfile that compacts': (directory) =>
    HoldfastLists.open(`lockfile:${directory}?${often}&stale=${leaseMs}`),
  'JSON file without a lock': (directory) => NaiveLists.open(directory, false),
  'JSON file under a lease': (directory) => NaiveLists.open(directory, true),
}

/** Opens the lists of a contender in `directory`. */
export function openLists(contender: Contender, directory: string): Promise<SharedLists> {
  return openers[contender](directory)
}
