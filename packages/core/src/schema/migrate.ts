import { copyJson } from '../copy-json.ts'
import type { Subject } from '../diagnostics.ts'
import { takeReserved, withReserved } from '../effects/reserved-member.ts'
import { HoldfastError } from '../error.ts'
import { isThenable } from '../is-thenable.ts'
import type { Json } from '../json.ts'
import type { Migration } from '../store.ts'

/** The document to migrate, and how. */
export interface MigrateParts extends Subject {
  /** The schema version of the program. */
  readonly to: number
  readonly steps: Readonly<Record<number, Migration>>
}

/** A stored document in the shape of the program's schema version. */
export interface Migrated {
  readonly data: Json
  /** Whether any step was run. */
  readonly isChanged: boolean
}

/**
 * Takes `data`, stored under schema version `from`, through the steps up to `to`. Version 0 is a
 * document without an envelope: its step to 1 may be left out, every other step is needed.
 * @throws HoldfastError `NEWER_SCHEMA` when `from` is above `to`; `INVALID` when a step is missing,
 * throws, or gives what is not JSON.
 */
export function migrate(data: Json, from: number, parts: MigrateParts): Migrated {
  const { to, steps, state, location } = parts
  if (from > to) {
    throw new HoldfastError(
      'NEWER_SCHEMA',
      `state "${state}" (${location}) was written with schema version ${from}, by a newer program; ` +
        `this one knows ${to}. Nothing was touched: run the newer program`,
      { state },
    )
  }
  if (from === to) return { data, isChanged: false }
  // Intents are not the document's: they stay as they are, whatever becomes of it.
  const section = takeReserved(data)
  let migrated = data
  let isChanged = false
  for (let version = from + 1; version <= to; version++) {
    const step = steps[version]
    if (step === undefined && version === 1) continue
    migrated = runStep(step, version, migrated, section, parts)
    isChanged = true
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON with JSON added to it
  return { data: withReserved(migrated, section) as Json, isChanged }
}

function runStep(
  step: Migration | undefined,
  version: number,
  data: Json,
  section: unknown,
  { state, location }: MigrateParts,
): Json {
  const failed = (what: string, remedy: string, cause?: unknown): HoldfastError => {
    const where = `state "${state}" (${location}): the migration to schema version ${version}`
    return new HoldfastError('INVALID', `${where} ${what}. Nothing was changed: ${remedy}`, {
      state,
      cause,
      issues: HoldfastError.is(cause) ? cause.issues : [],
    })
  }
  if (step === undefined) throw failed('is missing', `add \`migrate: { ${version}: … }\``)
  let result: unknown
  try {
    result = step(data)
  } catch (error) {
    throw failed(`threw: ${messageOf(error)}`, 'mend the step', error)
  }
  if (isThenable(result)) {
    // Nobody waits for it: its failure must not end as an unhandled rejection.
    Promise.resolve(result).catch(() => {})
    throw failed('returned a promise', 'make the step synchronous')
  }
  try {
    const document = copyJson(result)
    // What could not be put together in the end is refused where it was made.
    withReserved(document, section)
    return document
  } catch (error) {
    const what = `did not give a JSON document: ${messageOf(error)}`
    throw failed(what, 'return the document in stored form, as it stands in a file', error)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
