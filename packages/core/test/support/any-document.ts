import { z } from 'zod'
import { LiveDocument } from '../../src/live-document.ts'
import type { Patch } from '../../src/patch.ts'

/* oxlint-disable typescript/no-explicit-any -- the documents of these tests have no type, and no schema */

/** A recipe over a document of any kind. */
export type AnyRecipe = (draft: any) => unknown

interface AnyStep {
  readonly patches: readonly Patch[]
  readonly result: any
  readonly undo: () => void
  readonly redo: () => void
}

/** A document of any kind in memory. */
export class AnyDocument extends LiveDocument {
  override get value(): any {
    return super.value
  }

  override change(recipe: AnyRecipe): AnyStep {
    return super.change(recipe)
  }
}

/** A document in memory with a copy of `json` in it. */
export function anyDocument(json: unknown, schema: z.ZodType = z.unknown()): AnyDocument {
  const live = new AnyDocument(schema)
  live.load(structuredClone(json) as any, 1)
  return live
}

/** The patches that a recipe yields on `json`. */
export function patchesOf(json: unknown, recipe: AnyRecipe): readonly Patch[] {
  return anyDocument(json).change(recipe).patches
}

/** What a recipe makes of `json`. */
export function afterRecipe(json: unknown, recipe: AnyRecipe): any {
  const live = anyDocument(json)
  live.change(recipe)
  return live.value
}
