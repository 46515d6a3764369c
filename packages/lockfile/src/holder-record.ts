import type { Holder } from '@holdfast/core'

/**
 * What a ticket's file says, for people and for `LOCKED`: one line of JSON. It has the same length at
 * each beat, so that it can be written over in place.
 */
export function encodeHolder(holder: Holder, beatMs: number): Buffer {
  const { pid, host, since, command } = holder
  const beat = new Date(beatMs).toISOString()
  return Buffer.from(`${JSON.stringify({ holdfast: 1, pid, host, since, command, beat })}\n`)
}

/** What `encodeHolder` was given, or null where the text is torn, or somebody else's. */
export function parseHolder(text: string): Holder | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  if (typeof value !== 'object' || value === null) return null
  const { pid, host, since, command }: Partial<Record<keyof Holder, unknown>> = value
  if (typeof pid !== 'number' || typeof host !== 'string') return null
  if (typeof since !== 'string' || typeof command !== 'string') return null
  return { pid, host, since, command }
}
