import { HoldfastError, type PendingChange } from '@holdfast/core'
import type { EncodedChange } from './commit-document.ts'
import { encodeEnvelope, type EnvelopeHead } from './envelope.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Subject } from './file-error.ts'
import type { CheckedFileOptions } from './file-options.ts'

/**
 * The bytes of the file that `change` makes, made now: what the caller does to its values afterwards
 * does not reach the file.
 * @throws HoldfastError `INVALID` for what is no change or cannot be written, `UNSUPPORTED` for a schema
 * version that a bare document has no place for; with `committed: false`.
 */
export function encodeChange(
  change: PendingChange,
  subject: Subject,
  { envelope, indent }: CheckedFileOptions,
): EncodedChange {
  const { base, version, schema, at: savedAt, writer } = change
  const { name } = subject
  if (!Number.isSafeInteger(base) || base < 0 || version !== base + 1) {
    throw refusal(subject, `a change from version ${base} to ${version} is no step of a sequence`)
  }
  const head = { name, version, schema, savedAt, writer }
  const wrong = whatIsWrong(head)
  if (wrong !== undefined) throw refusal(subject, wrong)
  if (!envelope && schema > 1) {
    const message =
      `The state ${JSON.stringify(name)} has schema version ${schema}, and a file without an envelope ` +
      `has no place to say so: ${subject.path} was left as it is. Open it without envelope: false.`
    throw new HoldfastError('UNSUPPORTED', message, { state: name, committed: false })
  }
  const data = documentOf(change, subject, indent, envelope ? 1 : 0)
  const { bytes, checksum } = envelope
    ? encodeEnvelope(head, data, indent)
    : { bytes: Buffer.from(`${data}\n`), checksum: null }
  // UTF-8 has no bytes for half of a surrogate pair and would hold U+FFFD instead; JSON has an escape.
  if (bytes.includes('\ufffd') && /\p{Surrogate}/u.test(data)) {
    throw refusal(subject, 'the document holds half of a surrogate pair')
  }
  return { change, bytes, fingerprint: fingerprintOf(bytes, { ...head, checksum }) }
}

/**
 * What the envelope of a change may not say, in words. By hand, since it is looked at in every commit:
 * what it lets pass, `envelopeHead` reads back.
 */
function whatIsWrong({ schema, savedAt, writer }: EnvelopeHead): string | undefined {
  if (!Number.isSafeInteger(schema) || schema < 0)
    return `schema: ${schema} is no whole number from 0 on`
  if (Number.isNaN(Date.parse(savedAt))) return `at: ${savedAt} is no date in ISO 8601`
  return typeof writer === 'string' ? undefined : 'writer: expected a text'
}

function documentOf(
  change: PendingChange,
  subject: Subject,
  indent: number,
  depth: number,
): string {
  try {
    return change.document(indent, depth)
  } catch (error) {
    if (HoldfastError.is(error) && error.committed === false) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw refusal(subject, `the document could not be made: ${message}`, error)
  }
}

function refusal({ name, path }: Subject, reason: string, cause?: unknown): HoldfastError {
  const message = `The state ${JSON.stringify(name)} could not be committed to ${path}: ${reason}. The file was not touched.`
  return new HoldfastError('INVALID', message, { state: name, cause, committed: false })
}
