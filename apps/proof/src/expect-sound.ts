/** @throws Error that tells of every failure, with what makes it again, where there is one. */
export function expectSound(
  name: string,
  failures: readonly { readonly error: unknown; readonly replay: string }[],
): void {
  if (failures.length === 0) return
  const texts = failures.map(({ error, replay }) => `${String(error)}\n  ${replay}`)
  throw new Error(`${name}:\n${texts.join('\n')}`, { cause: failures[0]?.error })
}
