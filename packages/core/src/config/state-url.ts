import type { StateUrl } from '../backend-module.ts'
import { HoldfastError } from '../error.ts'
import { redactUrl } from './secrets.ts'

/**
 * Takes a state URL apart: `scheme:path?query`. Unlike WHATWG URLs it keeps relative paths relative,
 * and `#` is a character like any other. `file:///a` and `file:/a` are the same, and so are
 * `file:///C:/a` and `file:C:/a`.
 * @throws HoldfastError `CONFIG`; the message shows the URL without secrets.
 */
export function parseStateUrl(text: string): StateUrl {
  if (/^[a-z]:[\\/]/i.test(text))
    throw wrong(text, `is a path, not a state URL: write "file:${text}"`)
  const match = /^([a-z][a-z0-9+.-]*):([^?]*)(?:\?(.*))?$/is.exec(text)
  if (!match) throw wrong(text, 'is not a state URL: it needs a scheme, as in "file:./state"')
  const [, scheme = '', path = '', query = ''] = match
  const isRooted = /^\/\/(?=\/)/
  const isDrive = /^\/(?=[a-z]:[\\/])/i
  return {
    scheme: scheme.toLowerCase(),
    path: decode(path.replace(isRooted, '').replace(isDrive, ''), text),
    query: parseQuery(query, text),
  }
}

function parseQuery(query: string, text: string): Record<string, string> {
  const parts = query.split('&').filter((part) => part !== '')
  const entries = parts.map((part) => {
    const [name = '', ...value] = part.replaceAll('+', ' ').split('=')
    return [decode(name, text), decode(value.join('='), text)] as const
  })
  const names = entries.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw wrong(text, `has the option "${twice}" twice`)
  return Object.fromEntries(entries)
}

function decode(part: string, text: string): string {
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw wrong(text, 'has a percent sign that begins no escape: write it %25', cause)
  }
}

function wrong(text: string, what: string, cause?: unknown): HoldfastError {
  return new HoldfastError('CONFIG', `"${redactUrl(text)}" ${what}`, { cause })
}
