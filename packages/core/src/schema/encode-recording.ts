import { type Container, isContainer, setOwn } from '../container.ts'
import { invalidAt } from '../copy-json.ts'
import { ArrayEdit } from '../draft/array-edit.ts'
import type { Edit, Operation } from '../draft/edit.ts'
import type { EditedContainer, Recording } from '../draft/recording.ts'
import type { Json } from '../json.ts'
import type { Patch } from '../patch.ts'
import { formatPointer, type Path, pointerBelow } from '../pointer.ts'
import { type Place, Places } from './places.ts'
import type { SchemaNode } from './schema-node.ts'
import { toStored } from './stored-form.ts'
import { runBackward, runForward } from './zod-run.ts'

/** One edited container and what its schema asks for. */
interface Planned {
  readonly edited: EditedContainer
  /** The container's own schema; undefined where the schema does not know the place. */
  readonly node: SchemaNode | undefined
  /** The places with checks that the change lies in or below; of one place, the inner check first. */
  readonly checks: readonly Place[]
  /** The outermost closed place that the change lies in: it is written whole. */
  readonly closed: Place | undefined
}

/**
 * Validates what a recipe did to the document in `holder.root`, as far as the change reaches and no
 * further, and tells it as patches in stored form. Afterwards the document in memory holds what
 * reading the patches back would give.
 * @throws HoldfastError `INVALID` with the path of everything that is wrong; the caller undoes.
 */
export function encodeRecording(
  root: SchemaNode,
  holder: Container,
  recording: Recording,
): readonly Patch[] {
  const planned: Planned[] = []
  const closed: Place[] = []
  const checked: Place[] = []
  for (const edited of recording.edited) {
    const item = plan(root, holder, edited)
    planned.push(item)
    if (item.closed) closed.push(item.closed)
    for (const check of item.checks) checked.push(check)
  }
  const wholes = Places.of(closed)
  for (const { edited, checks } of planned) {
    // Only who looks at the whole has to see a deleted key gone: its order costs no more than that.
    if (checks.length > 0 || wholes.reach(edited.path)) edited.edit.settle(true)
  }
  const patches: Patch[] = []
  for (const item of planned) {
    if (!wholes.reach(item.edited.path)) encodeEdit(root, item, patches)
  }
  for (const whole of wholes.outermost) patches.push(replaceWhole(holder, recording, whole))
  // One that stands further out may rely on those below.
  for (const check of Places.of(checked).innermostFirst) {
    // What is written whole was checked whole.
    if (!wholes.reach(check.path)) runChecks(holder, check)
  }
  for (const { edited } of planned) edited.edit.settle(false)
  return patches
}

function plan(root: SchemaNode, holder: Container, edited: EditedContainer): Planned {
  const path = edited.path
  if (path === null) return { edited, node: undefined, checks: [], closed: undefined }
  let node = root
  let value: unknown = holder['root']
  const checks: Place[] = []
  for (let depth = 0; ; depth++) {
    const place = node.place(value)
    const isEnd = depth === path.length
    if (place === undefined || (isEnd && isWhole(node, value, edited.edit))) {
      return { edited, node: place, checks, closed: { path: path.slice(0, depth), node } }
    }
    const views = node.views(value)
    for (let index = views.length - 1; index >= 0; index--) {
      const view = views[index]
      if (view?.checks) checks.push({ path: path.slice(0, depth), node: view })
    }
    const step = path[depth]
    if (step === undefined) return { edited, node: place, checks, closed: undefined }
    if (!isContainer(value)) throw new TypeError(`no container at ${formatPointer(path)}`)
    const child = place.child(step)
    if (typeof child === 'string') return { edited, node: undefined, checks, closed: undefined }
    value = value[step]
    node = child
  }
}

/**
 * Whether one change to a container changes what its other members have to be: so it is with a tuple,
 * and with a union whose tag changes.
 */
function isWhole(node: SchemaNode, container: unknown, edit: Edit): boolean {
  if (node.kind === 'tuple') return true
  if (node.kind !== 'union') return false
  const views = node.views(container)
  const tags = new Set<string | number | undefined>(views.map((view) => view.discriminator))
  if (views.at(-1)?.kind === 'tuple') return true
  return edit.operations().some((operation) => tags.has(operation.key))
}

/** Adds what tells one edit to `patches`. */
function encodeEdit(root: SchemaNode, { edited, node }: Planned, patches: Patch[]): void {
  const { edit, path } = edited
  if (path === null) {
    patches.push({ op: 'replace', path: '', value: encodeMember(edit, 'root', root, []) })
  } else if (edit instanceof ArrayEdit && edit.isWhole) {
    patches.push(replaceArray(node, edit, path))
  } else {
    const above = formatPointer(path)
    for (const operation of edit.operations()) {
      patches.push(encodeOperation(node, edit, operation, path, above))
    }
  }
}

function encodeOperation(
  node: SchemaNode | undefined,
  edit: Edit,
  operation: Operation,
  containerPath: Path,
  containerPointer: string,
): Patch {
  const { op, key } = operation
  const path = [...containerPath, key]
  const pointer = pointerBelow(containerPointer, key)
  if (op === 'remove') {
    if (!node?.requires(key)) return { op, path: pointer }
    throw invalidAt(pointer, 'the schema requires this key: it cannot be deleted')
  }
  const child = node?.child(key) ?? 'unknown'
  if (typeof child === 'string') throw invalidAt(pointer, 'the schema does not know this key')
  if (node?.keySchema) runBackward(node.keySchema, key, path)
  return { op, path: pointer, value: encodeMember(edit, key, child, path, operation.value) }
}

/** The stored form of a member that was put in; the document takes on the live form of it. */
function encodeMember(
  edit: Edit,
  key: string | number,
  node: SchemaNode,
  path: Path,
  value: unknown = edit.container[key],
): Json {
  const { stored, live } = toStored(node, value, path)
  if (!Object.is(live, value)) {
    const place = placeOf(edit.container, key, value)
    if (place !== undefined) setOwn(edit.container, place, live)
  }
  return stored
}

/** Where a member that was put in at `key` stands now: the elements of an array may have shifted. */
function placeOf(container: Container, key: string | number, value: unknown) {
  if (!Array.isArray(container) || Object.is(container[Number(key)], value)) return key
  const index = container.findIndex((element) => Object.is(element, value))
  return index === -1 ? undefined : index
}

function replaceArray(node: SchemaNode | undefined, edit: ArrayEdit, path: Path): Patch {
  if (!node) throw invalidAt(formatPointer(path), 'the schema does not know this key')
  const { stored, live } = toStored(node, edit.container, path)
  if (live !== edit.container && Array.isArray(live)) edit.rearrange(live)
  return { op: 'replace', path: formatPointer(path), value: stored }
}

function replaceWhole(holder: Container, recording: Recording, { path, node }: Place): Patch {
  const { container, key } = memberAt(holder, path)
  const value = container[key]
  const { stored, live } = toStored(node, value, path)
  if (live !== value) {
    setOwn(container, key, live)
    recording.add({
      undo: () => setOwn(container, key, value),
      redo: () => setOwn(container, key, live),
    })
  }
  return { op: 'replace', path: formatPointer(path), value: stored }
}

/** Runs the checks of one place on the value there, whose members are valid. */
function runChecks(holder: Container, { path, node }: Place): void {
  const { container, key } = memberAt(holder, path)
  if (node.checks) runForward(node.checks, container[key], path)
}

function memberAt(holder: Container, path: Path): { container: Container; key: string | number } {
  let container = holder
  let key: string | number = 'root'
  for (const step of path) {
    const value = container[key]
    if (!isContainer(value)) throw new TypeError(`no container above ${formatPointer(path)}`)
    container = value
    key = step
  }
  return { container, key }
}
