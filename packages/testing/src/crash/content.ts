import { hash } from 'node:crypto'

const chunkBytes = 4096
const noChunk = new Uint8Array(0)

/**
 * The bytes of a file, immutable: a change gives another Content that shares what is the same. Bytes
 * behind the end are kept, unseen, since a disk may have got the data of an append without the new
 * size, and that size after all by a later one.
 */
export class Content {
  static readonly empty: Content = new Content(0, [])
  readonly size: number
  /** Each as long as was written; what is missing is zero. */
  readonly #chunks: readonly Uint8Array[]
  #digest: string | null = null

  private constructor(size: number, chunks: readonly Uint8Array[]) {
    this.size = size
    this.#chunks = chunks
  }

  static of(bytes: Uint8Array): Content {
    return Content.empty.write(0, bytes).resize(bytes.length)
  }

  /** With `data` from `position` on; the size stays. */
  write(position: number, data: Uint8Array): Content {
    const chunks = [...this.#chunks]
    for (let done = 0; done < data.length;) {
      const index = Math.floor((position + done) / chunkBytes)
      const offset = (position + done) % chunkBytes
      const piece = data.subarray(done, done + chunkBytes - offset)
      while (chunks.length <= index) chunks.push(noChunk)
      chunks[index] = patched(chunks[index] ?? noChunk, offset, piece)
      done += piece.length
    }
    return new Content(this.size, chunks)
  }

  /** With another size; what comes into sight is what is kept there, or zeros. */
  resize(size: number): Content {
    return size === this.size ? this : new Content(size, this.#chunks)
  }

  /** Cut off at `size`, or filled up with zeros to it: what is behind is forgotten. */
  truncate(size: number): Content {
    const whole = Math.floor(size / chunkBytes)
    const chunks = this.#chunks.slice(0, whole)
    const last = this.#chunks[whole]?.subarray(0, size % chunkBytes)
    if (last !== undefined) chunks.push(last)
    return new Content(size, chunks)
  }

  /** Copies bytes from `position` on into `target`; gives how many there were. */
  read(target: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(target.length, this.size - position))
    for (let done = 0; done < count;) {
      const offset = (position + done) % chunkBytes
      const length = Math.min(chunkBytes - offset, count - done)
      const chunk = this.#chunks[Math.floor((position + done) / chunkBytes)] ?? noChunk
      const piece = chunk.subarray(offset, offset + length)
      target.fill(0, done + piece.length, done + length)
      target.set(piece, done)
      done += length
    }
    return count
  }

  /** All that is kept, with what lies behind the end. */
  get stored(): Content {
    const last = this.#chunks.at(-1)
    const end = last === undefined ? 0 : (this.#chunks.length - 1) * chunkBytes + last.length
    return this.resize(Math.max(this.size, end))
  }

  bytes(): Uint8Array {
    const target = new Uint8Array(this.size)
    this.read(target, 0)
    return target
  }

  /** The same for the same bytes in sight. */
  get digest(): string {
    this.#digest ??= hash('sha1', this.bytes(), 'base64')
    return this.#digest
  }
}

function patched(chunk: Uint8Array, offset: number, data: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.max(chunk.length, offset + data.length))
  result.set(chunk)
  result.set(data, offset)
  return result
}
