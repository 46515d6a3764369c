import { HoldfastError } from '@holdfast/core'
import type { Subject } from './file-error.ts'
import type { Damage, SoundDocument } from './inspect-document.ts'

/** An older generation that verifies. */
export interface VerifiedGeneration {
  readonly number: number
  readonly path: string
  readonly document: SoundDocument
  readonly ageMs: number
}

/** What is wrong with the newest document. */
export interface CorruptFinding extends Subject {
  /** Null when the file is missing although older generations are there. */
  readonly damage: Damage | null
  /** The older generations that verify, newest first. */
  readonly verified: readonly VerifiedGeneration[]
}

/**
 * `CORRUPT`: names the file, the reason, the offset, the older generations that verify, and what to do
 * about it.
 */
export function corruptError(finding: CorruptFinding): HoldfastError {
  const { name, path, damage, verified } = finding
  const subject = `The state ${JSON.stringify(name)}`
  const head =
    damage === null
      ? `${subject} is missing: ${path} is gone, although older generations of it are there, and remove() would have taken those too.`
      : `${subject} is damaged: ${path}: ${damageText(damage)}.`
  const message = [head, generationsText(verified), 'Nothing was changed.', remedy(finding)]
  return new HoldfastError('CORRUPT', message.join(' '), { state: name })
}

/** The reason with its place, for people. */
export function damageText({ reason, offset }: Damage): string {
  return offset === null ? reason : `${reason} (at byte ${offset})`
}

function generationsText(verified: readonly VerifiedGeneration[]): string {
  if (verified.length === 0) return 'No older generation of it verifies.'
  const list = verified.map(({ path, document: { version, savedAt, kind }, ageMs }) => {
    const what = kind === 'bare' ? 'without an envelope' : `version ${version}, saved at ${savedAt}`
    return `${path} (${what}, ${ageText(ageMs)} old)`
  })
  return `Older generations that verify: ${list.join(', ')}.`
}

function remedy({ path, damage, verified: [newest] }: CorruptFinding): string {
  const sentences: string[] = []
  if (damage?.remedy !== undefined) sentences.push(`${capitalised(damage.remedy)}.`)
  if (newest === undefined) {
    sentences.push(`Put a copy from a backup in the place of ${path}; to start anew, move it away.`)
    return sentences.join(' ')
  }
  const setAside = damage === null ? '' : `mv ${quoted(path)} ${quoted(`${path}.damaged`)} && `
  sentences.push(
    "To go on from the newest of them, open with onCorrupt: 'previous', or run: " +
      `${setAside}cp -p ${quoted(newest.path)} ${quoted(path)}`,
  )
  return sentences.join(' ')
}

function ageText(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
