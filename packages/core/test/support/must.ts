/** `value`, which the test knows to be there. */
export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there')
  return value
}
