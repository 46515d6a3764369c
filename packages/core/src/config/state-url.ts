import type { StateUrl } from '../backend-module.ts'
import { HoldfastError } from '../error.ts'

/**
 * Takes a state URL apart: `scheme:path?query`. Unlike WHATWG URLs it keeps relative paths relative,
 * and `#` is a character like any other. `file:///a` and `file:/a` are the same.
 * @throws HoldfastError `CONFIG`; the message shows the URL without secrets.
 */
export function parseStateUrl(text: string): StateUrl {
  const match = /^([a-z][a-z0-9+.-]*):([^?]*)(?:\?(.*))?$/is.exec(text)
  if (!match) {
    throw new HoldfastError(
      'CONFIG',
      `"${redactUrl(text)}" is not a state URL: it needs a scheme, as in "file:./state"`,
    )
  }
  const [, scheme = '', path = '', query = ''] = match
  return {
    scheme: scheme.toLowerCase(),
    path: decode(path.replace(/^\/\/(?=\/)/, ''), text),
    query: parseQuery(query, text),
  }
}

function parseQuery(query: string, text: string): Record<string, string> {
  const entries = [...new URLSearchParams(query)]
  const keys = entries.map(([key]) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) {
    throw new HoldfastError('CONFIG', `"${redactUrl(text)}": option "${twice}" stands there twice`)
  }
  return Object.fromEntries(entries)
}

function decode(path: string, text: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    const message = `"${redactUrl(text)}": a percent sign in the path has to be written %25`
    throw new HoldfastError('CONFIG', message, { cause: error })
  }
}

/** Whether an option's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return /pass(?:word|wd|phrase)?|secret|token|credential|(?:^|[_-]|api|private|access)key/i.test(name)
}

/** `text`, a URL or what was meant to be one, with passwords and secret options blotted out. */
export function redactUrl(text: string): string {
  return text
    .replace(/(\/\/[^/?#:@]*:)[^/?#]*@/, '$1***@')
    .replaceAll(/([?&]([^=&]+)=)([^&]*)/g, (whole: string, start: string, name: string) =>
      isSecretName(decodeLoosely(name)) ? `${start}***` : whole,
    )
}

function decodeLoosely(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
