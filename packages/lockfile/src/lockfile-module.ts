import type { BackendModule, StateUrl } from '@holdfast/core'
import { journalFromUrl } from '@holdfast/journal'
import { lockfileOptions } from './lockfile-options.ts'
import { openLockfileBackend } from './open-lockfile-backend.ts'

/**
 * The lockfile backend for `openStore`: `lockfile:./state?mode=exclusive` or
 * `{ backend: 'lockfile', directory: './state' }`.
 */
export const lockfileModule: BackendModule<typeof lockfileOptions> = {
  name: 'lockfile',
  schemes: ['lockfile'],
  options: lockfileOptions,
  fromUrl,
  open: (options, environment) => openLockfileBackend(options, { environment }),
}

/** Values that are not what their option wants stay strings: the options' schema says so. */
function fromUrl(url: StateUrl): Readonly<Record<string, unknown>> {
  const { mode, fileMode, wait, stale, ...query } = url.query
  // Octal, as everywhere else; only the journal calls it `mode`.
  const journal = journalFromUrl({
    ...url,
    query: fileMode === undefined ? query : { ...query, mode: fileMode },
  })
  const { mode: bits, ...options } = journal
  return {
    ...options,
    ...(bits === undefined ? {} : { fileMode: bits }),
    ...(mode === undefined ? {} : { mode }),
    ...(wait === undefined ? {} : { wait: wait === 'false' ? false : countOf(wait) }),
    ...(stale === undefined ? {} : { stale: countOf(stale) }),
  }
}

function countOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}
