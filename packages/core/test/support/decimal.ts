import { z } from 'zod'

/** A small immutable decimal, as money libraries have it: an instance of a class, not JSON. */
export class Decimal {
  readonly #cents: bigint

  constructor(cents: bigint) {
    this.#cents = cents
    this.text = `${cents < 0n ? '-' : ''}${this.#magnitude / 100n}.${String(this.#magnitude % 100n).padStart(2, '0')}`
    Object.freeze(this)
  }

  /** Two digits after the point. */
  readonly text: string

  static parse(text: string): Decimal {
    return new Decimal(BigInt(text.replace('.', '')))
  }

  plus(other: Decimal): Decimal {
    return new Decimal(this.#cents + other.#cents)
  }

  get #magnitude(): bigint {
    return this.#cents < 0n ? -this.#cents : this.#cents
  }
}

/** A `Decimal` in memory, its digits on disk. */
export const decimalInstance: z.ZodCodec<z.ZodString, z.ZodCustom<Decimal, Decimal>> = z.codec(
  z.string().regex(/^-?\d+\.\d\d$/),
  z.instanceof(Decimal),
  {
    decode: (text) => Decimal.parse(text),
    // Below a refinement zod 4.6.7 first encodes without checks, and `z.instanceof` is one.
    encode: (value: unknown) => (value instanceof Decimal ? value.text : 'not a decimal'),
  },
)
