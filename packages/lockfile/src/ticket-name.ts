import { formatInstance, parseInstance, type Instance } from '@holdfast/fs'

/** What the lock is wanted for: one turn among many writers, or the state to oneself. */
export type LockKind = 'shared' | 'exclusive'

/** Who stands in the queue, or has the lock, as the name of its ticket says. */
export interface TicketName {
  readonly text: string
  readonly kind: LockKind
  readonly instance: Instance
}

const letters = { shared: 's', exclusive: 'x' } as const
const timeDigits = 9
const pattern = /^[\da-z]{9}\.([sx])\.([\da-z-]+)\.[\da-f]{16}$/

/**
 * A name that no other ticket has. Names sort by the time of their making: that is the order of the
 * queue, and no more than that, since clocks jump.
 * @param token At least 16 hexadecimal digits of randomness.
 */
export function ticketName(
  kind: LockKind,
  instance: Instance,
  nowMs: number,
  token: string,
): TicketName {
  const time = Math.max(0, Math.trunc(nowMs)).toString(36).padStart(timeDigits, '0')
  const text = `${time}.${letters[kind]}.${formatInstance(instance)}.${token.slice(0, 16)}`
  return { text, kind, instance }
}

/** What `ticketName` was given, or null where `text` is not its work: a stranger's file. */
export function parseTicketName(text: string): TicketName | null {
  const [, letter, token = ''] = pattern.exec(text) ?? []
  const instance = parseInstance(token)
  if (letter === undefined || instance === null) return null
  return { text, kind: letter === 'x' ? 'exclusive' : 'shared', instance }
}
