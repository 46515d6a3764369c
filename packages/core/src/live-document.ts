import type { z } from 'zod'
import type { Version } from './backend.ts'
import { applyPatch, applyPatches, locatePatch } from './apply-patches.ts'
import { type Container, isContainer, setOwn } from './container.ts'
import { copyJson, invalidAt } from './copy-json.ts'
import { Recorder } from './draft/recorder.ts'
import type { EditedContainer, Recording } from './draft/recording.ts'
import { EffectLedger } from './effects/effect-ledger.ts'
import {
  assertCanHold,
  assertUnreserved,
  patchesWithReserved,
  reservedMember,
  takeReserved,
  withReserved,
} from './effects/reserved-member.ts'
import { HoldfastError } from './error.ts'
import { isThenable } from './is-thenable.ts'
import type { Json } from './json.ts'
import { jsonText } from './json-text.ts'
import type { Patch } from './patch.ts'
import { formatPointer, parsePointer } from './pointer.ts'
import { encodeRecording } from './schema/encode-recording.ts'
import { noteKept } from './schema/kept-keys.ts'
import { SchemaNode } from './schema/schema-node.ts'
import { fromStored, storedView, toStored } from './schema/stored-form.ts'

/** What one recipe did to the document: told in stored form, and able to be taken back. */
export interface Step {
  readonly patches: readonly Patch[]
  /** The containers that were changed; left out where that is not told. */
  readonly edited?: readonly EditedContainer[]
  readonly result: unknown
  undo(): void
  /** Takes `undo` back; only in the order in which the steps were made. */
  redo(): void
}

/** The document of one open state in memory: changed in place, by recipes and by foreign patches. */
export class LiveDocument {
  /** What the reserved member of the stored document holds; no part of `value`. */
  readonly ledger: EffectLedger = new EffectLedger()
  readonly #schema: SchemaNode
  readonly #holder: Container = { root: undefined }
  #filledIn: Patch[] = []
  #version: Version = 0
  #isStored = false
  #isRecording = false

  constructor(schema: z.ZodType) {
    this.#schema = new SchemaNode(schema)
    const { hasCodec, hasTransform } = this.#schema.traits
    if (this.#schema.names(reservedMember)) {
      throw new HoldfastError('CONFIG', `the schema has a member ${reservedMember}: rename it`)
    }
    if (hasCodec && hasTransform) {
      throw new HoldfastError(
        'CONFIG',
        'the schema has one-way transforms beside codecs, so that a document could not be written ' +
          'back: make the transforms codecs',
      )
    }
  }

  get value(): unknown {
    return this.#holder['root']
  }

  /** The version of the sequence that the document stands at, updates under way left aside. */
  get version(): Version {
    return this.#version
  }

  /** Whether anything is stored at all, be it without a version. */
  get isStored(): boolean {
    return this.#isStored
  }

  /**
   * What reading put into the document in memory that the stored one lacks (defaults, as a rule), as
   * patches: they belong to the next commit.
   */
  get filledIn(): readonly Patch[] {
    return this.#filledIn
  }

  /** Tells that everything up to here, `filledIn` included, is stored as `version`. */
  markCommitted(version: Version): void {
    this.#version = version
    this.#isStored = true
    this.#filledIn = []
  }

  /**
   * Takes over `stored`, the whole document in stored form at `version`.
   * @throws HoldfastError `INVALID`, and what `EffectLedger.load` throws; the document is then as it was.
   */
  load(stored: Json, version: Version): void {
    const filledIn: Patch[] = []
    const section = takeReserved(stored)
    const root = fromStored(this.#schema, stored, [], filledIn)
    this.ledger.load(section)
    this.#holder['root'] = root
    this.markCommitted(version)
    this.#filledIn = filledIn
  }

  /**
   * Begins with a document that was never stored.
   * @throws HoldfastError `INVALID`.
   */
  begin(initial: unknown): void {
    const { stored } = toStored(this.#schema, initial, [])
    assertUnreserved(stored)
    this.#holder['root'] = fromStored(this.#schema, stored, [])
    this.#filledIn = []
  }

  /**
   * Runs a recipe over the document, in place.
   * @throws What the recipe throws, or HoldfastError `INVALID`; the document is then as it was.
   */
  change(recipe: (draft: unknown) => unknown): Step {
    return this.#record((recorder) => {
      const result = recipe(recorder.root)
      if (isThenable(result)) {
        // Its drafts are dead; what it goes on to do must not end as an unhandled rejection.
        Promise.resolve(result).catch(() => {})
        throw invalidAt('', 'a recipe must be synchronous: this one returned a promise')
      }
      return recorder.release(result)
    })
  }

  /** Puts a copy of `next` in the place of the document. */
  replace(next: unknown): Step {
    return this.#record((recorder) => recorder.replaceRoot(next))
  }

  /**
   * A copy of `value` as a recipe would take it in.
   * @throws HoldfastError `INVALID` for what has no JSON form and no codec could give one.
   */
  copyIn(value: unknown): unknown {
    const holder: Container = { root: undefined }
    new Recorder(holder).replaceRoot(value)
    return holder['root']
  }

  /**
   * Applies the patches that lead to `version`, made by another writer, in place.
   * @throws HoldfastError `INVALID` or TypeError where they do not fit; the document has to be loaded
   * anew then.
   */
  apply(patches: readonly Patch[], version: Version): void {
    for (const patch of patches) this.#applyOne(patch)
    this.#version = version
    this.#isStored = true
  }

  /** The whole document in stored form, as JSON text laid out by `indent` and `depth`. */
  text(indent?: number, depth?: number): string {
    return jsonText(this.#view(), indent, depth)
  }

  /** The whole document in stored form, as a copy. */
  stored(): Json {
    return copyJson(this.#view())
  }

  /**
   * Asserts that the document can have intents beside it.
   * @throws HoldfastError `INVALID`.
   */
  assertCanHoldEffects(): void {
    const isContainerOfItsOwn = this.#schema.place(this.value) !== undefined
    assertCanHold(isContainerOfItsOwn ? this.value : storedView(this.#schema, this.value))
  }

  /** The whole document in stored form, with what is reserved; shares with the document. */
  #view(): unknown {
    return withReserved(storedView(this.#schema, this.value), this.ledger.stored())
  }

  #record(run: (recorder: Recorder) => unknown): Step {
    if (this.#isRecording) {
      throw invalidAt('', 'an update cannot be made from within the recipe of another')
    }
    const recorder = new Recorder(this.#holder)
    // Through the encoding too: a check of the schema must not change the document under itself.
    this.#isRecording = true
    let recording: Recording | undefined
    try {
      const result = run(recorder)
      const recorded = (recording = recorder.finish())
      const encoded = encodeRecording(this.#schema, this.#holder, recorded)
      const patches = patchesWithReserved(encoded, () => this.ledger.stored())
      return {
        patches,
        edited: recorded.edited,
        result,
        undo: () => recorded.undo(),
        redo: () => recorded.redo(),
      }
    } catch (error) {
      // Encoding may have added to the recording what the recorder does not know.
      if (recording) recording.undo()
      else recorder.undo()
      throw error
    } finally {
      this.#isRecording = false
    }
  }

  #applyOne(patch: Patch): void {
    const steps = parsePointer(patch.path)
    if (steps[0] === reservedMember) return this.ledger.apply(steps.slice(1), patch)
    let node: SchemaNode | 'unknown' = this.#schema
    let value = this.value
    let depth = 0
    for (const step of steps) {
      const place: SchemaNode | undefined = node.place(value)
      if (place === undefined) {
        this.#applyWithin(node, steps.slice(0, depth), patch)
        return
      }
      if (!isContainer(value)) break
      const child: SchemaNode | 'unknown' | 'refused' = place.child(step)
      if (typeof child === 'string') {
        noteKept(value, step)
        applyPatch(this.#holder, patch, 'value' in patch ? copyJson(patch.value) : undefined)
        return
      }
      value = value[step]
      node = child
      depth++
    }
    if (patch.op === 'remove') return applyPatch(this.#holder, patch)
    const stored = copyJson(patch.value)
    if (steps.length === 0) this.ledger.load(takeReserved(stored))
    applyPatch(this.#holder, patch, fromStored(node, stored, steps, this.#filledIn), steps)
  }

  /** Applies a patch below a place that has only a whole stored form. */
  #applyWithin(node: SchemaNode, above: readonly string[], patch: Patch): void {
    const path = formatPointer(above)
    const { container, key } = locatePatch(this.#holder, { op: 'replace', path, value: null })
    const stored = copyJson(storedView(node, container[key]))
    const changed = applyPatches(stored, [{ ...patch, path: patch.path.slice(path.length) }])
    setOwn(container, key, fromStored(node, changed, above, this.#filledIn))
  }
}
