import type { Json } from '@holdfast/core'

/** The member `name` of a recorded object. @throws TypeError where it is no object, or has none. */
export function memberOf(value: Json, name: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const member = value[name]
    if (member !== undefined) return member
  }
  throw new TypeError(`a member ${name} is missing in ${JSON.stringify(value)}`)
}
