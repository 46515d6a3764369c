import { HoldfastError, type ErrorCode } from '@holdfast/core'
import { expect } from 'vitest'

/** Expects a HoldfastError with `code` and the other properties given, and gives it back. */
export async function expectFailure(
  action: Promise<unknown>,
  code: ErrorCode,
  properties: { committed?: boolean; state?: string } = {},
): Promise<HoldfastError> {
  const error = await action.then(
    () => expect.fail(`this should have failed with ${code}`),
    (reason: unknown) => reason,
  )
  if (!HoldfastError.is(error)) throw error
  expect({ code: error.code, message: error.message }).toEqual({ code, message: error.message })
  expect(error).toMatchObject(properties)
  return error
}
