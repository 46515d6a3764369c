import type { Backend } from '@holdfast/core'

/** A fresh, empty place where a backend keeps states: a folder, a schema of a database, a memory. */
export interface ConformancePlace {
  /** Opens another handle on this same place, each time. */
  open(): Promise<Backend>
  /** Removes the place. Every handle that `open` gave has been closed by then. */
  dispose(): Promise<void>
}
