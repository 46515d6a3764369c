import type { z } from 'zod'
import type { Json } from '../../src/json.ts'
import { LiveDocument, type Step } from '../../src/live-document.ts'

/** A document in memory, typed by its schema. */
export interface TypedDocument<T> {
  readonly document: LiveDocument
  readonly value: T
  readonly change: (recipe: (draft: T) => unknown) => Step
}

/** A document as `stored` is read at version 1. */
export function liveDocumentOf<Schema extends z.ZodType>(
  schema: Schema,
  stored: Json,
): TypedDocument<z.output<Schema>> {
  const document = new LiveDocument(schema)
  document.load(structuredClone(stored), 1)
  return {
    document,
    get value() {
      return document.value as z.output<Schema>
    },
    change: (recipe) => document.change((draft) => recipe(draft as z.output<Schema>)),
  }
}
