/** What `promise` rejects with; fails the test where it resolves. */
export async function rejectionOf(
  promise: Promise<unknown>,
): Promise<NodeJS.ErrnoException & { committed?: boolean }> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    if (error instanceof Error) return error
    throw new TypeError('rejected with something else than an Error', { cause: error })
  }
  throw new Error(`expected a rejection, got ${String(value)}`)
}
