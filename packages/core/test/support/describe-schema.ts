import type { z } from 'zod'

/** A schema in few words, for the report of a property that does not hold. */
export function describeSchema(schema: z.core.$ZodType, depth = 0): string {
  const { def } = (schema as z.core.$ZodTypes)._zod
  const inner = (below: z.core.$ZodType): string =>
    depth > 8 ? '…' : describeSchema(below, depth + 1)
  const all = (below: readonly z.core.$ZodType[]): string =>
    below.map((one) => inner(one)).join(', ')
  const checked = (def.checks?.length ?? 0) > 0 ? '!' : ''
  switch (def.type) {
    case 'object': {
      const members = Object.entries(def.shape).map(([key, member]) => `${key}: ${inner(member)}`)
      return `${checked}{${members.join(', ')}${def.catchall ? `, ...${inner(def.catchall)}` : ''}}`
    }
    case 'record':
      return `${checked}record(${inner(def.keyType)}, ${inner(def.valueType)})`
    case 'array':
      return `${checked}${inner(def.element)}[]`
    case 'tuple':
      return `${checked}[${all(def.items)}${def.rest ? `, ...${inner(def.rest)}` : ''}]`
    case 'union':
      return `${checked}${'discriminator' in def ? String(def.discriminator) : 'union'}(${all(def.options)})`
    case 'intersection':
      return `${checked}and(${all([def.left, def.right])})`
    case 'pipe':
      return `${checked}pipe(${all([def.in, def.out])})`
    case 'lazy':
      return `${checked}lazy`
    case 'optional':
    case 'nullable':
    case 'readonly':
    case 'default':
    case 'prefault':
    case 'catch':
      return `${checked}${def.type}(${inner(def.innerType)})`
    case 'literal':
      return `${checked}${JSON.stringify(def.values)}`
    default:
      return `${checked}${def.type}`
  }
}
