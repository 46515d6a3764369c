import { crc32 } from 'node:zlib'
import { z } from 'zod'

/** The format that this version writes, and the newest that it reads. */
export const formatVersion = 1

/** Every member of the envelope but `data`, which is last. */
export const envelopeHead: z.ZodObject<
  {
    holdfast: z.ZodLiteral<1>
    name: z.ZodString
    version: z.ZodInt
    schema: z.ZodInt
    savedAt: z.ZodString
    writer: z.ZodString
    checksum: z.ZodOptional<z.ZodString>
  },
  z.core.$strict
> = z.strictObject({
  holdfast: z.literal(formatVersion),
  name: z.string().min(1),
  version: z.int().min(1),
  schema: z.int().min(0),
  savedAt: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'expected a date in ISO 8601'),
  writer: z.string(),
  checksum: z
    .string()
    .regex(/^crc32:[0-9a-f]{8}$/, 'expected "crc32:" and eight hexadecimal digits')
    .optional(),
})

/** The members that say what the document is; the checksum follows from the document. */
export type EnvelopeHead = Omit<z.infer<typeof envelopeHead>, 'holdfast' | 'checksum'>

/** The `checksum` member for the bytes of a document as they stand in the file. */
export function checksumOf(data: Uint8Array): string {
  return `crc32:${crc32(data).toString(16).padStart(8, '0')}`
}

const placeholder = 'crc32:00000000'

/** A whole file, and the checksum in it. */
export interface EncodedEnvelope {
  readonly bytes: Buffer
  readonly checksum: string
}

/**
 * The whole file: the envelope around `data`, a document's JSON text at the same `indent` and one level
 * deep, and a newline at the end.
 */
export function encodeEnvelope(head: EnvelopeHead, data: string, indent: number): EncodedEnvelope {
  const [open, between, colon] = indent === 0 ? ['', ',', ':'] : ['\n', ',\n', ': ']
  const pad = ' '.repeat(indent)
  const { name, version, schema, savedAt, writer } = head
  const members = { holdfast: formatVersion, name, version, schema, savedAt, writer }
  const lines = Object.entries(members).map(
    ([key, value]) => `${pad}${JSON.stringify(key)}${colon}${JSON.stringify(value)}${between}`,
  )
  const untilChecksum = `{${open}${lines.join('')}${pad}"checksum"${colon}"`
  const untilData = `${untilChecksum}${placeholder}"${between}${pad}"data"${colon}`
  const tail = `${open}}\n`

  const bytes = Buffer.from(`${untilData}${data}${tail}`)
  const start = Buffer.byteLength(untilData)
  const checksum = checksumOf(bytes.subarray(start, bytes.length - tail.length))
  bytes.write(checksum, Buffer.byteLength(untilChecksum), 'latin1')
  return { bytes, checksum }
}
