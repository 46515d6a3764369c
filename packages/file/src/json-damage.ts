/** What is wrong with a text that is not one JSON value, and where. */
export interface JsonDamage {
  readonly reason: string
  /** The index of the first character that cannot belong to the value. */
  readonly index: number
}

const space = /[ \t\n\r]*/y
const token = /[{}[\],:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

type Expected =
  | 'value'
  | 'value or end'
  | 'key'
  | 'key or end'
  | 'colon'
  | 'comma or end'
  | 'nothing'

/**
 * Finds the first fault in `text`, which `JSON.parse` has refused. The engine's own message names no
 * place for some faults and differs between versions, so this reads the text once more (RFC 8259).
 */
export function findJsonDamage(text: string): JsonDamage {
  const open: string[] = []
  let expected: Expected = 'value'
  let index = 0
  for (;;) {
    index = matched(space, text, index)
    if (index >= text.length) return { reason: 'it ends in the middle: it was cut off', index }
    if (expected === 'nothing') {
      return { reason: 'something follows after the end of the document', index }
    }
    const start = index
    const isString = text[index] === '"'
    index = isString ? endOfString(text, index) : matched(token, text, index)
    if (isString && index < 0) {
      const fault = -index - 1
      const reason = fault >= text.length ? 'it ends in the middle: it was cut off' : 'not JSON'
      return { reason, index: fault }
    }
    const next = step(expected, isString ? '"' : text.slice(start, index), open)
    if (next === null) {
      const isCut = index === start && isCutToken(text.slice(start))
      return isCut
        ? { reason: 'it ends in the middle: it was cut off', index: text.length }
        : { reason: 'not JSON', index: start }
    }
    expected = next
  }
}

/** What may follow after `found`, or null where it may not stand here. */
function step(expected: Expected, found: string, open: string[]): Expected | null {
  const after = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end')
  const innermost = open.at(-1)
  switch (expected) {
    case 'colon':
      return found === ':' ? 'value' : null
    case 'key':
    case 'key or end':
      if (found === '"') return 'colon'
      if (expected === 'key' || found !== '}') return null
      open.pop()
      return after()
    case 'comma or end':
      if (found === ',') return innermost === '{' ? 'key' : 'value'
      if (found !== (innermost === '{' ? '}' : ']')) return null
      open.pop()
      return after()
    case 'value':
    case 'value or end':
      if (found === '{' || found === '[') {
        open.push(found)
        return found === '{' ? 'key or end' : 'value or end'
      }
      if (expected === 'value or end' && found === ']') {
        open.pop()
        return after()
      }
      return found === '"' || /^[-\dtfn]/.test(found) ? after() : null
    default:
      return null
  }
}

/** The index after the string that begins at `start`; where it is faulty, minus the place, minus 1. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x22) return index + 1
    if (code < 0x20) return -index - 1
    if (code !== 0x5c) continue
    const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
    const end = matched(escape, text, index)
    if (end === index) return text.length - index < 6 ? -text.length - 1 : -index - 1
    index = end - 1
  }
  return -index - 1
}

/** Whether the text ends inside a literal or a number. */
function isCutToken(rest: string): boolean {
  return ['true', 'false', 'null', '-'].some((word) => word.startsWith(rest))
}

function matched(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : index
}
