import assert from 'node:assert/strict'
import { HoldfastError, type ErrorCode } from '@holdfast/core'

/** What is demanded of an error. */
export interface ExpectedError {
  /** Left out: any code. */
  readonly code?: ErrorCode
  /** The state that the error has to name. */
  readonly state?: string
  /** Set for errors that come out of a commit. */
  readonly committed?: boolean
}

/** Asserts that `action` throws, at once or later, a HoldfastError as `expected`; gives it back. */
export async function assertFails(
  action: () => unknown,
  expected: ExpectedError,
): Promise<HoldfastError> {
  const error = await failureOf(action)
  assertHoldfastError(error, expected)
  return error
}

/** Asserts that `error` is a HoldfastError as `expected`, with a message. */
export function assertHoldfastError(
  error: unknown,
  expected: ExpectedError,
): asserts error is HoldfastError {
  if (!HoldfastError.is(error)) assert.fail(`not a HoldfastError: ${String(error)}`)
  for (const field of ['code', 'state', 'committed'] as const) {
    if (expected[field] !== undefined) assert.equal(error[field], expected[field], error.message)
  }
  assert.match(error.message, /\S/u, 'an error without a message')
}

/** Runs `action` and gives what it throws; fails when it does not. */
export async function failureOf(action: () => unknown): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error
  }
  return assert.fail('this should have failed, and did not')
}
