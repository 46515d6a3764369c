import { expect, test } from 'vitest'
import { parseStateUrl } from '../src/config/state-url.ts'
import { HoldfastError } from '../src/index.ts'

const none = {}

test.each([
  ['file:./state', { scheme: 'file', path: './state', query: none }],
  ['file:state', { scheme: 'file', path: 'state', query: none }],
  ['file:../a/b', { scheme: 'file', path: '../a/b', query: none }],
  ['file:/srv/state', { scheme: 'file', path: '/srv/state', query: none }],
  ['file:///srv/state', { scheme: 'file', path: '/srv/state', query: none }],
  ['file://host/state', { scheme: 'file', path: '//host/state', query: none }],
  ['file:C:\\bots\\state', { scheme: 'file', path: 'C:\\bots\\state', query: none }],
  ['file:C:/bots/state', { scheme: 'file', path: 'C:/bots/state', query: none }],
  ['file:///C:/bots/state', { scheme: 'file', path: 'C:/bots/state', query: none }],
  ['file:my%20bots/50%25', { scheme: 'file', path: 'my bots/50%', query: none }],
  ['file:my bots/a+b', { scheme: 'file', path: 'my bots/a+b', query: none }],
  ['file:a#b', { scheme: 'file', path: 'a#b', query: none }],
  ['file:a%3Fb', { scheme: 'file', path: 'a?b', query: none }],
  ['memory:', { scheme: 'memory', path: '', query: none }],
  ['MEMORY:', { scheme: 'memory', path: '', query: none }],
  ['git+ssh:x', { scheme: 'git+ssh', path: 'x', query: none }],
  ['file:a?', { scheme: 'file', path: 'a', query: none }],
  [
    'file:a?keep=3&name=a%26b+c=d',
    { scheme: 'file', path: 'a', query: { keep: '3', name: 'a&b c=d' } },
  ],
  ['file:a?b?c=d', { scheme: 'file', path: 'a', query: { 'b?c': 'd' } }],
  ['file:a?flag&&x=', { scheme: 'file', path: 'a', query: { flag: '', x: '' } }],
  ['file:a\nb', { scheme: 'file', path: 'a\nb', query: none }],
])('%j is taken apart without resolving anything', (text, expected) => {
  expect(parseStateUrl(text)).toEqual(expected)
})

test('an option named __proto__ is an option like any other', () => {
  const { query } = parseStateUrl('file:a?__proto__=x')
  expect(Object.keys(query)).toEqual(['__proto__'])
})

test.each([
  ['', 'needs a scheme'],
  ['./state', 'needs a scheme, as in "file:./state"'],
  ['/srv/state', 'needs a scheme'],
  ['//host/state', 'needs a scheme'],
  ['1file:x', 'needs a scheme'],
  [':x', 'needs a scheme'],
  ['C:\\bots\\state', 'write "file:C:\\bots\\state"'],
  ['c:/bots', 'write "file:c:/bots"'],
  ['file:100%', '%25'],
  ['file:a?x=%zz', '%25'],
  ['file:a?keep=1&keep=2', 'has the option "keep" twice'],
  ['file:a?keep=1&k%65ep=1', 'has the option "keep" twice'],
])('%j is refused, and the message says what to do', (text, part) => {
  expect(() => parseStateUrl(text)).toThrow(
    expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining(part) }),
  )
  expect(() => parseStateUrl(text)).toThrow(HoldfastError)
})
