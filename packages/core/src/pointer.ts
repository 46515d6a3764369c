/** The steps of a JSON Pointer, unescaped: member names and array indices, outermost first. */
export type Path = readonly (string | number)[]

/** `path` as an RFC 6901 JSON Pointer; the empty path is the empty string. */
export function formatPointer(path: Path): string {
  let pointer = ''
  for (const step of path) pointer = pointerBelow(pointer, step)
  return pointer
}

/** The pointer that leads from where `pointer` leads to `step`. */
export function pointerBelow(pointer: string, step: string | number): string {
  return `${pointer}/${typeof step === 'number' ? step : escaped(step)}`
}

/**
 * The steps of an RFC 6901 JSON Pointer; array indices stay strings, since a pointer alone does not
 * tell them from member names.
 * @throws TypeError for text that is not a pointer.
 */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return []
  const isPointer = typeof pointer === 'string' && pointer.startsWith('/')
  const isEscaped = isPointer && pointer.includes('~')
  if (!isPointer || (isEscaped && /~(?![01])/.test(pointer))) {
    throw new TypeError(`${JSON.stringify(pointer)} is not a JSON Pointer`)
  }
  const steps = pointer.slice(1).split('/')
  if (!isEscaped) return steps
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function escaped(step: string): string {
  if (!step.includes('~') && !step.includes('/')) return step
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
