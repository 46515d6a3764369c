import { HoldfastError } from '@holdfast/core'
import { expect, test } from 'vitest'
import { BotError } from '../src/bot-error.ts'
import { ChildFailure } from '../src/child-failure.ts'
import { failure } from '../src/failure.ts'

test.each([
  [new BotError('usage', 'no'), 2, 'error: no'],
  [new BotError('candles', 'no'), 2, 'error: no'],
  [new BotError('state', 'no'), 3, 'error: no'],
  [new BotError('exchange', 'no'), 5, 'error: no'],
  [new HoldfastError('CORRUPT', 'no'), 3, 'error: CORRUPT: no'],
  [new HoldfastError('LOCKED', 'no'), 4, 'error: LOCKED: no'],
  [new ChildFailure('bot', 4, 'error: LOCKED: no\n'), 4, 'error: the bot: LOCKED: no'],
  [new ChildFailure('bot', null, ''), 1, 'error: the bot: it ended with null and said nothing'],
  [new Error('no'), 1, 'error: internal: no (--debug shows where)'],
  ['no', 1, 'error: internal: no (--debug shows where)'],
])('%s has an exit code and one line', (error, exitCode, message) => {
  expect(failure(error, false)).toEqual({ exitCode, message })
})

test('an error that closing failed after is told in the place of the one of closing', () => {
  const error = new SuppressedError(new Error('closing'), new HoldfastError('IO', 'first'))
  expect(failure(error, false)).toEqual({ exitCode: 3, message: 'error: IO: first' })
})

test('a stack trace is shown for debugging alone', () => {
  const error = new BotError('usage', 'no')
  expect(failure(error, false).message).not.toContain('failure.test')
  expect(failure(error, true).message).toContain('failure.test')
})
