/** The steps of a JSON Pointer, unescaped: member names and array indices, outermost first. */
export type Path = readonly (string | number)[]

/** `path` as an RFC 6901 JSON Pointer; the empty path is the empty string. */
export function formatPointer(path: Path): string {
  let pointer = ''
  for (const step of path) {
    pointer += `/${typeof step === 'number' ? step : step.replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  return pointer
}

/**
 * The steps of an RFC 6901 JSON Pointer; array indices stay strings, since a pointer alone does not
 * tell them from member names.
 * @throws TypeError for text that is not a pointer.
 */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return []
  if (typeof pointer !== 'string' || !pointer.startsWith('/') || /~(?![01])/.test(pointer)) {
    throw new TypeError(`${JSON.stringify(pointer)} is not a JSON Pointer`)
  }
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
