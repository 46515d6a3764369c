/** Lists of tokens that many processes append to: what a storm is about. */
export interface SharedLists extends AsyncDisposable {
  /** Appends `token`, and tells which one was the last before; null where there was none. */
  append(key: string, token: string): Promise<string | null>
  /** The last token. */
  last(key: string): Promise<string | null>
}

/** What a storm is over: ours, and two that must not stand it. */
export const contenders = [
  'journal',
  'journal that compacts',
  'lockfile',
  'lockfile that compacts',
  'JSON file without a lock',
  'JSON file under a lease',
] as const

/** One of `contenders`. */
export type Contender = (typeof contenders)[number]
