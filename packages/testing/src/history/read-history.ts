import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '@holdfast/core'
import { memberOf } from './member-of.ts'
import type { Operation, UnknownOperation } from './operation.ts'
import type { SequentialModel } from './sequential-model.ts'

const suffix = '.history.jsonl'

/**
 * Reads what all processes recorded in `directory`, the operations by their beginnings. An operation
 * without an end is of unknown outcome. A last piece of a line, left by a process that was killed, is
 * passed over: an operation whose beginning is not whole had not begun.
 * @throws TypeError for lines that no recorder wrote, naming file and line; the system's error.
 */
export async function readHistory<Input extends Json, Output extends Json>(
  directory: string,
  model: Pick<SequentialModel<Json, Input, Output>, 'parseInput' | 'parseOutput'>,
): Promise<Operation<Input, Output>[]> {
  const operations: Operation<Input, Output>[] = []
  for (const name of (await readdir(directory)).toSorted()) {
    if (!name.endsWith(suffix)) continue
    const path = join(directory, name)
    const begun = new Map<number, Operation<Input, Output>>()
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    for (const [index, line] of lines.entries()) {
      try {
        take(JSON.parse(line), begun, model)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new TypeError(`${path}:${index + 1} is no line of a history: ${reason}`, {
          cause: error,
        })
      }
    }
    operations.push(...begun.values())
  }
  return operations.toSorted((a, b) => Number(a.begin - b.begin))
}

function take<Input extends Json, Output extends Json>(
  line: Json,
  begun: Map<number, Operation<Input, Output>>,
  model: Pick<SequentialModel<Json, Input, Output>, 'parseInput' | 'parseOutput'>,
): void {
  if (has(line, 'begin')) {
    const operation: UnknownOperation<Input> = {
      process: textOf(line, 'process'),
      key: textOf(line, 'key'),
      input: model.parseInput(memberOf(line, 'input')),
      begin: timeOf(line),
      end: null,
    }
    begun.set(numberOf(line, 'begin'), operation)
    return
  }
  const id = numberOf(line, has(line, 'end') ? 'end' : 'withdraw')
  const operation = begun.get(id)
  if (operation === undefined || operation.end !== null) {
    throw new TypeError(`no operation ${id} is under way`)
  }
  if (has(line, 'withdraw')) {
    begun.delete(id)
    return
  }
  const output = model.parseOutput(memberOf(line, 'output'))
  begun.set(id, { ...operation, end: timeOf(line), output })
}

function has(line: Json, name: string): boolean {
  return typeof line === 'object' && line !== null && name in line
}

function numberOf(line: Json, name: string): number {
  const value = memberOf(line, name)
  if (typeof value === 'number') return value
  throw new TypeError(`${name} is no number`)
}

function textOf(line: Json, name: string): string {
  const value = memberOf(line, name)
  if (typeof value === 'string') return value
  throw new TypeError(`${name} is no text`)
}

function timeOf(line: Json): bigint {
  const value = textOf(line, 'at')
  if (!/^\d+$/.test(value)) throw new TypeError('at is no time')
  return BigInt(value)
}
