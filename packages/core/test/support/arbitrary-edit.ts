import * as fc from 'fast-check'
import { isContainer } from '../../src/container.ts'
import { Decimal } from './decimal.ts'
import { smallJson, unknownKey } from './arbitrary-schema.ts'

/** One thing that a recipe may do, told by numbers that are fitted to the document it meets. */
export interface RandomEdit {
  /** Which member to go down into, level by level. */
  readonly picks: readonly number[]
  readonly act: 'set' | 'other' | 'move' | 'delete' | 'insert' | 'cut' | 'rearrange' | 'date'
  readonly name: string
  readonly value: () => unknown
}

const leaf: fc.Arbitrary<() => unknown> = fc.constantFrom(
  () => 5n,
  () => new Date(1000),
  () => new Decimal(5n),
  () => Number.NaN,
  () => new Map([['x', 1]]),
  () => ({ kind: 'two', a: 'x' }),
)

export const arbitraryEdit: fc.Arbitrary<RandomEdit> = fc.record({
  picks: fc.array(fc.nat(7), { maxLength: 4 }),
  act: fc.constantFrom(
    'set',
    'other',
    'other',
    'other',
    'move',
    'delete',
    'insert',
    'cut',
    'rearrange',
    'date',
  ),
  name: fc.constantFrom('a', 'b', 'c/d~', 'kind', 'k', 'overlong'),
  value: fc.oneof(
    leaf,
    smallJson.map((json) => () => structuredClone(json)),
  ),
})

/**
 * Does `edit` to `document`, be it a draft or plain: the same in both cases.
 * @param other A whole document, from which fitting values are taken.
 */
export function carryOut(
  edit: RandomEdit,
  document: unknown,
  other: unknown,
  isDraft: boolean,
): void {
  const { place, steps } = descend(edit, document)
  if (place === undefined) return
  const keys = Object.keys(place)
    .filter((key) => key !== unknownKey)
    .toSorted()
  const key = keys[edit.name.length % Math.max(keys.length, 1)] ?? edit.name
  const fitting = steps.reduce<unknown>(
    (value, step) => (isContainer(value) ? value[step] : undefined),
    other,
  )
  if (Array.isArray(place)) editArray(edit, place, fitting)
  else editObject(edit, place, key, fitting, isDraft)
}

function editArray(edit: RandomEdit, array: unknown[], fitting: unknown): void {
  const index = array.length === 0 ? 0 : (edit.picks[0] ?? 0) % array.length
  const fresh =
    copied(Array.isArray(fitting) ? fitting[index % Math.max(fitting.length, 1)] : undefined) ??
    edit.value()
  switch (edit.act) {
    case 'set':
      if (array.length > 0) array[index] = edit.value()
      return
    case 'other':
      if (array.length > 0) array[index] = fresh
      else array.push(fresh)
      return
    case 'move':
      if (array.length > 0) array.push(array.shift())
      return
    case 'insert':
      array.splice(index, 0, fresh)
      return
    case 'delete':
      array.pop()
      return
    case 'cut':
      array.splice(index, 2, fresh)
      return
    case 'rearrange':
      array.reverse()
      return
    case 'date':
      for (const element of array) if (element instanceof Date) element.setTime(5)
  }
}

function editObject(
  edit: RandomEdit,
  object: Record<string, unknown>,
  key: string,
  fitting: unknown,
  isDraft: boolean,
): void {
  const fresh =
    isContainer(fitting) && Object.hasOwn(fitting, key) ? copied(fitting[key]) : edit.value()
  switch (edit.act) {
    case 'set':
      object[edit.name] = edit.value()
      return
    case 'other':
      if (isContainer(fitting))
        for (const [name, value] of Object.entries(fitting)) object[name] = copied(value)
      return
    case 'insert':
    case 'rearrange':
      object[key] = fresh
      return
    case 'move':
      // A draft takes in a copy; a plain object would share.
      if (Object.hasOwn(object, key))
        object[edit.name] = isDraft ? object[key] : copied(object[key])
      return
    case 'delete':
      delete object[key]
      return
    case 'cut':
      for (const name of Object.keys(object))
        if (!(isContainer(fitting) && Object.hasOwn(fitting, name))) delete object[name]
      return
    case 'date':
      for (const member of Object.values(object)) if (member instanceof Date) member.setTime(5)
  }
}

interface Place {
  readonly place: Record<string, unknown> | unknown[] | undefined
  readonly steps: readonly string[]
}

function descend({ picks }: RandomEdit, document: unknown): Place {
  let place = isPlace(document) ? document : undefined
  const steps: string[] = []
  for (const pick of picks) {
    if (place === undefined) break
    const members: Record<string, unknown> = Object.fromEntries(Object.entries(place))
    const keys = Object.keys(members)
      .filter((key) => isPlace(members[key]))
      .toSorted()
    const key = keys[pick % Math.max(keys.length, 1)]
    if (key === undefined || pick === 7) break
    steps.push(key)
    const member = members[key]
    place = isPlace(member) ? member : undefined
  }
  return { place, steps }
}

function isPlace(value: unknown): value is Record<string, unknown> | unknown[] {
  return isContainer(value)
}

/** A deep copy in which instances of immutable classes are shared. */
export function copied(value: unknown): unknown {
  if (value instanceof Date) return new Date(value)
  if (value instanceof Map) return new Map(value)
  if (Array.isArray(value)) return value.map((element) => copied(element))
  if (!isContainer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copied(member)]))
}
