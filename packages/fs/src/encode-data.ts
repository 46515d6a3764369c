import { abortable, throwIfAborted } from './abort-error.ts'
import { quietly } from './quietly.ts'

/** What can be written: text is encoded as UTF-8; a source is read when its turn comes. */
export type WritableData = string | Uint8Array | AsyncIterable<string | Uint8Array>

/**
 * Whether `data` has to be read piece by piece.
 * @throws TypeError for what cannot be written at all.
 */
export function isSource(data: WritableData): data is AsyncIterable<string | Uint8Array> {
  if (typeof data === 'string' || data instanceof Uint8Array) return false
  if (typeof data === 'object' && data !== null && Symbol.asyncIterator in data) return true
  throw new TypeError('The data must be a string, a Uint8Array or an AsyncIterable of them')
}

/**
 * The bytes of `text`.
 * @throws TypeError for a lone surrogate, which UTF-8 cannot hold: to write a replacement character
 * in its place would change the data.
 */
export function encodeText(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  // Few texts hold a replacement character, so that most are searched once, by memmem.
  if (bytes.includes(replacement) && /\p{Surrogate}/u.test(text)) {
    throw new TypeError('The text holds a lone surrogate, which cannot be written as UTF-8')
  }
  return bytes
}

const replacement = Buffer.from('\uFFFD')

/**
 * The pieces of `source` as bytes. A surrogate pair may be split between two pieces. An abort ends
 * the waiting for the next piece at once. A source that is not read to its end is told by `return()`.
 */
export async function* encodeSource(
  source: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const iterator = source[Symbol.asyncIterator]()
  let state: 'waiting' | 'writing' | 'ended' = 'writing'
  let carried = ''
  try {
    for (;;) {
      throwIfAborted(signal)
      state = 'waiting'
      const next = await abortable(iterator.next(), signal)
      state = next.done === true ? 'ended' : 'writing'
      if (next.done === true) break
      const { bytes, rest } = encodePiece(carried, next.value)
      carried = rest
      yield bytes
    }
    if (carried !== '') yield encodeText(carried)
  } finally {
    if (state === 'writing') await quietly(() => iterator.return?.())
    // Not awaited while it owes a piece: a source that hangs there would hang here.
    else if (state === 'waiting' && signal?.aborted) void quietly(() => iterator.return?.())
  }
}

function encodePiece(
  carried: string,
  piece: string | Uint8Array,
): { bytes: Uint8Array; rest: string } {
  if (piece instanceof Uint8Array) {
    return { bytes: carried === '' ? piece : Buffer.concat([encodeText(carried), piece]), rest: '' }
  }
  if (typeof piece !== 'string') {
    throw new TypeError('A source must give strings or Uint8Arrays')
  }
  const text = carried + piece
  const isSplit = /[\uD800-\uDBFF]$/.test(text)
  return isSplit
    ? { bytes: encodeText(text.slice(0, -1)), rest: text.slice(-1) }
    : { bytes: encodeText(text), rest: '' }
}
