import { randomFillSync } from 'node:crypto'

const bytesPerToken = 16

/** Randomness for the next tokens: one call for many, since each costs as much as a small write. */
const pool = Buffer.alloc(256 * bytesPerToken)
let used = pool.length

/** 128 bits of randomness as 32 hexadecimal digits, never the same bits twice. */
export function randomToken(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytesPerToken
  return pool.toString('hex', used - bytesPerToken, used)
}
