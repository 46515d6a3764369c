/** The members before `data`, and where the value of `data` begins in the text. */
export interface ScannedHead {
  /** By key, as JSON values; only scalars stand before `data`. */
  readonly members: Readonly<Record<string, unknown>>
  /** The index of the first character of `data`, or null where it was not reached. */
  readonly dataStart: number | null
}

/** An envelope's head is far smaller; what is not an envelope is not worth reading further. */
const maxHeadLength = 64 * 1024
const space = '[ \\t\\n\\r]*'
const string = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"'
const key = new RegExp(`${space}(${string})${space}:${space}`, 'y')
const scalar = new RegExp(`(${string}|[-+.\\w]+)${space},`, 'y')

/**
 * Reads the top-level members that stand before `data`, as far as they are scalars. It takes text
 * that is not whole as well: what a truncated file still says about itself.
 */
export function scanHead(text: string): ScannedHead {
  const head = text.slice(0, maxHeadLength)
  const members: Record<string, unknown> = Object.create(null)
  const open = new RegExp(`^${space}\\{`).exec(head)
  let index = open?.[0].length ?? head.length
  for (;;) {
    const name = parsedAt(key, head, index)
    if (name === null) return { members, dataStart: null }
    if (name.value === 'data') return { members, dataStart: name.end }
    const value = parsedAt(scalar, head, name.end)
    if (value === null) return { members, dataStart: null }
    members[String(name.value)] = value.value
    index = value.end
  }
}

/**
 * The bytes of the value of `data`, given that `bytes` are the well-formed text `text` and that
 * `data` is the last member; null where it is not so.
 */
export function dataSpan(bytes: Uint8Array, text: string): Uint8Array | null {
  const { dataStart } = scanHead(text)
  if (dataStart === null) return null
  const afterObject = lastNonSpace(bytes, bytes.length)
  const afterData = lastNonSpace(bytes, afterObject - 1)
  return bytes.subarray(Buffer.byteLength(text.slice(0, dataStart)), afterData)
}

/** The end of what stands before `end` when trailing JSON whitespace is left out. */
function lastNonSpace(bytes: Uint8Array, end: number): number {
  let last = end
  while (last > 0 && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[last - 1] ?? 0)) last -= 1
  return last
}

function parsedAt(
  pattern: RegExp,
  text: string,
  index: number,
): { value: unknown; end: number } | null {
  pattern.lastIndex = index
  const found = pattern.exec(text)?.[1]
  if (found === undefined) return null
  try {
    const value: unknown = JSON.parse(found)
    return { value, end: pattern.lastIndex }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
