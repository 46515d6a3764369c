import { z } from 'zod'

/**
 * A decimal number as text, in one canonical form: no exponent, no plus sign, no superfluous zeros,
 * no `-0`. Money stays exact in any language that reads the file.
 */
export const decimal: z.ZodString = z
  .string()
  .regex(
    /^(?!-0$)-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/,
    'Invalid decimal: expected digits such as "12.5"',
  )

/** A bigint in memory, its decimal digits on disk. */
export const bigintText: z.ZodCodec<z.ZodString, z.ZodBigInt> = z.codec(
  z.string().regex(/^(?:0|-?[1-9]\d*)$/, 'Invalid integer: expected digits such as "42"'),
  z.bigint(),
  { decode: (digits) => BigInt(digits), encode: (value) => value.toString() },
)

/** A Date in memory, ISO 8601 in UTC with milliseconds on disk. */
export const dateText: z.ZodCodec<z.ZodISODateTime, z.ZodDate> = z.codec(
  z.iso.datetime({ precision: 3 }),
  z.date(),
  { decode: (text) => new Date(text), encode: (date) => date.toISOString() },
)
