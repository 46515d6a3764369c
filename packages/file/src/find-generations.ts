import type { VerifiedGeneration } from './corrupt-error.ts'
import { damageText } from './corrupt-error.ts'
import { readDocument, type FoundDocument } from './read-document.ts'
import type { Handle, StateFile } from './state-file.ts'

/** A generation that does not verify. */
export interface UnusableGeneration {
  readonly number: number
  readonly path: string
  readonly reason: string
}

/** The older generations of a state, as they were found. */
export interface FoundGenerations {
  /** Newest first. */
  readonly verified: readonly VerifiedGeneration[]
  readonly unusable: readonly UnusableGeneration[]
}

/** Reads and judges every previous generation. */
export async function findGenerations(
  file: StateFile,
  handle: Handle,
  signal?: AbortSignal,
): Promise<FoundGenerations> {
  const { context, target } = file
  const verified: VerifiedGeneration[] = []
  const unusable: UnusableGeneration[] = []
  file.generations.forget()
  for (const number of await file.generations.list()) {
    const path = target.generation(number)
    const found = await readDocument(context, path, handle.name, signal)
    if (found === null) continue
    const { inspection } = found
    if (inspection.kind === 'newer') {
      unusable.push({ number, path, reason: 'it is in a newer format' })
    } else if (inspection.kind === 'damaged') {
      unusable.push({ number, path, reason: damageText(inspection) })
    } else {
      const ageMs = ageOf(found, context.environment.now())
      verified.push({ number, path, document: inspection, ageMs })
    }
  }
  return { verified, unusable }
}

function ageOf({ inspection, modifiedMs }: FoundDocument, nowMs: number): number {
  const savedAt = inspection.kind === 'envelope' ? inspection.savedAt : null
  return nowMs - (savedAt === null ? modifiedMs : Date.parse(savedAt))
}
