import type { z } from 'zod'
import type { PendingChange, Sequence, Snapshot } from './backend.ts'
import { publish, type Subject } from './diagnostics.ts'
import type { Environment } from './environment.ts'
import { HoldfastError } from './error.ts'
import { conflict } from './intake.ts'
import { LiveDocument } from './live-document.ts'
import { OpenedState } from './opened-state.ts'
import { migrate } from './schema/migrate.ts'
import type { OpenOptions } from './store.ts'

/** How often a migration may find that another process was faster. */
const mostMigrationAttempts = 10

/**
 * Opens the state behind `sequence`: loads it, brings it to the schema, and commits that if it was a
 * migration. Writes nothing else. On failure the sequence is closed.
 * @throws HoldfastError `CORRUPT`, `INVALID`, `NEWER_SCHEMA`, `CONFIG`, `IO`.
 */
export async function openState<Schema extends z.ZodType>(
  name: string,
  sequence: Sequence,
  options: OpenOptions<Schema>,
  environment: Environment,
  onClosed: () => void,
): Promise<OpenedState<z.output<Schema>>> {
  try {
    const opening = new Opening(name, sequence, options, environment)
    const { document, snapshot } = await opening.run()
    return new OpenedState({
      name,
      sequence,
      document,
      environment,
      onClosed,
      schemaVersion: opening.schemaVersion,
      writer: opening.writer,
      recovery: snapshot?.recovery,
    })
  } catch (error) {
    // Why the state could not be opened matters more than why it could not be closed.
    await sequence.close().catch(() => {})
    throw error
  }
}

class Opening<Schema extends z.ZodType> {
  readonly schemaVersion: number
  readonly writer: string
  readonly #sequence: Sequence
  readonly #options: OpenOptions<Schema>
  readonly #environment: Environment
  readonly #subject: Subject

  constructor(
    name: string,
    sequence: Sequence,
    options: OpenOptions<Schema>,
    environment: Environment,
  ) {
    this.schemaVersion = schemaVersionOf(options, name)
    this.writer = sequence.writer ?? `${environment.process}/${environment.token()}`
    this.#sequence = sequence
    this.#options = options
    this.#environment = environment
    this.#subject = { state: name, location: sequence.location }
  }

  async run(): Promise<{ document: LiveDocument; snapshot: Snapshot | null }> {
    const { onCorrupt = 'error', signal } = this.#options
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      const snapshot = await this.#sequence.load({ onCorrupt, ...(signal && { signal }) })
      signal?.throwIfAborted()
      const document = this.#explained('the schema cannot be used', () => {
        return new LiveDocument(this.#options.schema)
      })
      if (snapshot === null) {
        this.#explained('the initial document does not fit the schema', () => {
          document.begin(this.#options.initial())
        })
        return { document, snapshot }
      }
      if (await this.#take(snapshot, document, attempt)) {
        const { recovery } = snapshot
        if (recovery) publish('holdfast:recovery', { ...this.#subject, recovery })
        return { document, snapshot }
      }
    }
  }

  /** Brings a stored document into memory; false when another writer changed it in the middle. */
  async #take(snapshot: Snapshot, document: LiveDocument, attempt: number): Promise<boolean> {
    const { data, isChanged } = migrate(snapshot.data, snapshot.schema, {
      ...this.#subject,
      to: this.schemaVersion,
      steps: this.#options.migrate ?? {},
    })
    const at = `(version ${snapshot.version}, schema version ${snapshot.schema})`
    const what = isChanged
      ? `what the migration made of the stored document ${at} does not fit schema version ` +
        `${this.schemaVersion}. Nothing was changed: mend the migration or the schema`
      : `the stored document ${at} does not fit the schema. Nothing was changed: mend the schema, or ` +
        'raise its version and add a migration'
    this.#explained(what, () => document.load(data, snapshot.version))
    return isChanged ? this.#commitMigration(snapshot, document, attempt) : true
  }

  async #commitMigration(
    snapshot: Snapshot,
    document: LiveDocument,
    attempt: number,
  ): Promise<boolean> {
    const startedMs = this.#environment.monotonicMs()
    const change: PendingChange = {
      base: snapshot.version,
      version: snapshot.version + 1,
      id: this.#environment.token(),
      writer: this.writer,
      at: new Date(this.#environment.now()).toISOString(),
      schema: this.schemaVersion,
      patches: [{ op: 'replace', path: '', value: document.stored() }],
      document: (indent, depth) => document.text(indent, depth),
    }
    if (!(await this.#isCommitted(change, attempt))) return false
    document.markCommitted(change.version)
    publish('holdfast:migration', {
      ...this.#subject,
      from: snapshot.schema,
      to: this.schemaVersion,
      durationMs: this.#environment.monotonicMs() - startedMs,
    })
    return true
  }

  /** Commits a migration; false when the stored document has to be looked at again. */
  async #isCommitted(change: PendingChange, attempt: number): Promise<boolean> {
    const isLast = attempt === mostMigrationAttempts
    try {
      const { committed } = await this.#inTurn(() => this.#sequence.commit(change))
      if (committed || !isLast) return committed
    } catch (error) {
      // The next load tells: either the document is migrated by then, or it has to be done again.
      if (HoldfastError.is(error, 'OUTCOME_UNKNOWN') && !isLast) return false
      throw error
    }
    throw conflict(this.#subject, `other writers were faster than its migration ${attempt} times`)
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    return this.#sequence.inTurn ? this.#sequence.inTurn(work) : work()
  }

  /** Calls `run`; what it refuses is told with the state's name and place, and with `what`. */
  #explained<R>(what: string, run: () => R): R {
    try {
      return run()
    } catch (error) {
      if (!HoldfastError.is(error) || error.state !== undefined) throw error
      const { state, location } = this.#subject
      // What is wrong beside the document, with what Holdfast keeps there, says itself what to do.
      const isOfDocument = error.code === 'INVALID' || error.code === 'CONFIG'
      throw new HoldfastError(
        error.code,
        `state "${state}" (${location}): ${isOfDocument ? `${what}. ` : ''}${error.message}`,
        { state, issues: error.issues, cause: error },
      )
    }
  }
}

function schemaVersionOf<Schema extends z.ZodType>(
  options: OpenOptions<Schema>,
  name: string,
): number {
  const { version = 1, migrate: steps = {} } = options
  const state = name
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new HoldfastError(
      'CONFIG',
      `state "${name}": the schema version ${version} is not a whole number from 1 on`,
      { state },
    )
  }
  const beyond = Object.keys(steps).find((key) => {
    return !(Number.isSafeInteger(Number(key)) && Number(key) >= 1 && Number(key) <= version)
  })
  if (beyond !== undefined) {
    throw new HoldfastError(
      'CONFIG',
      `state "${name}": there is a migration to schema version ${beyond}, but the schema's version is ${version}`,
      { state },
    )
  }
  return version
}
