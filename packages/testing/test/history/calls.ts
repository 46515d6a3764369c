import type { Json } from '@holdfast/core'
import type { Operation } from '../../src/index.ts'

interface Client<Input, Output> {
  /** From `begin` to `end`, with what it returned. */
  did(begin: number, end: number, input: Input, output: Output): Operation<Input, Output>
  /** Begun, and never heard of again. */
  began(begin: number, input: Input): Operation<Input, Output>
}

/** Writes down the operations of one process, by hand. */
export function client<Input extends Json, Output extends Json>(
  process: string,
  key = 'k',
): Client<Input, Output> {
  return {
    did: (begin, end, input, output) => {
      return { process, key, begin: BigInt(begin), end: BigInt(end), input, output }
    },
    began: (begin, input) => ({ process, key, begin: BigInt(begin), end: null, input }),
  }
}
