import type { z } from 'zod'
import { copyJson } from '../copy-json.ts'
import type { Subject } from '../diagnostics.ts'
import { HoldfastError } from '../error.ts'
import type { Json } from '../json.ts'
import { SchemaNode } from '../schema/schema-node.ts'
import { fromStored, toStored } from '../schema/stored-form.ts'

/** Brings what goes into an effect, or comes out of it, into stored form and back. */
export class EffectSchema<Schema extends z.ZodType> {
  readonly #node: SchemaNode
  readonly #subject: Subject
  readonly #what: string

  /** @param what What the schema is of, for messages: `the input of effect "order"`. */
  constructor(schema: Schema, subject: Subject, what: string) {
    this.#node = new SchemaNode(schema)
    this.#subject = subject
    this.#what = what
    const { hasCodec, hasTransform } = this.#node.traits
    if (hasCodec && hasTransform) {
      const message = this.#about('has one-way transforms beside codecs: make them codecs')
      throw new HoldfastError('CONFIG', message, { state: subject.state })
    }
  }

  /**
   * The stored form of `value`, which it shares nothing with.
   * @throws HoldfastError `INVALID`.
   */
  encode(value: unknown): Json {
    return this.#explained(() => toStored(this.#node, value, []).stored)
  }

  /**
   * What stands for `stored` in memory, made anew for each caller.
   * @throws HoldfastError `INVALID`.
   */
  decode(stored: Json): z.output<Schema> {
    const live = this.#explained(() => fromStored(this.#node, copyJson(stored), []))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the schema gives
    return live as z.output<Schema>
  }

  /** `stored` as it would be stored now; undefined where the schema refuses it by now. */
  renew(stored: Json): Json | undefined {
    try {
      return this.encode(this.decode(stored))
    } catch (error) {
      if (HoldfastError.is(error, 'INVALID')) return undefined
      throw error
    }
  }

  #explained<R>(run: () => R): R {
    try {
      return run()
    } catch (error) {
      if (!HoldfastError.is(error, 'INVALID')) throw error
      const { issues } = error
      const message = this.#about(`does not fit its schema. ${error.message}`)
      const { state } = this.#subject
      throw new HoldfastError('INVALID', message, { state, issues, cause: error })
    }
  }

  #about(what: string): string {
    const { state, location } = this.#subject
    return `state "${state}" (${location}): ${this.#what} ${what}`
  }
}
