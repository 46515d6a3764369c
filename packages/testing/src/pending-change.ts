import { randomUUID } from 'node:crypto'
import { type Json, jsonText, type PendingChange, type Version } from '@holdfast/core'
import { patchesBetween } from './patches-between.ts'

/** What a change is made of; the rest has defaults that are good for tests. */
export interface PendingChangeOptions {
  /** The version to build on. */
  readonly base: Version
  /** The whole document after the change. */
  readonly data: Json
  /** The document at `base`. With it the patches say only what differs; without, they replace all. */
  readonly previous?: Json
  /** The schema version; 1 when left out. */
  readonly schema?: number
  /** Who makes the change; `conformance/1/a` when left out. */
  readonly writer?: string
  /** When it is made; a fixed time when left out, since tests have no use for the real one. */
  readonly at?: string
  /** What tells it from every other change; a fresh random one when left out. */
  readonly id?: string
}

/**
 * A change ready to be committed, as core would make it: with a fresh id, and patches that turn
 * `previous` into `data`. Its `document()` reads `data` each time that it is called, not before.
 */
export function pendingChange(options: PendingChangeOptions): PendingChange {
  const { base, data, previous } = options
  return {
    base,
    version: base + 1,
    id: options.id ?? randomUUID(),
    writer: options.writer ?? 'conformance/1/a',
    at: options.at ?? '2026-11-22T10:00:00.000Z',
    schema: options.schema ?? 1,
    patches:
      previous === undefined
        ? [{ op: base === 0 ? 'add' : 'replace', path: '', value: data }]
        : patchesBetween(previous, data),
    document: (indent, depth) => jsonText(data, indent, depth),
  }
}
