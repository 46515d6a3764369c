import { expect, test } from 'vitest'
import { makeTree } from './made-up-tree.ts'
import { docComments } from './rules/doc-comments.ts'
import { environmentReads } from './rules/environment-reads.ts'
import { fileNames } from './rules/file-names.ts'
import { fileSize } from './rules/file-size.ts'
import { indexFiles } from './rules/index-files.ts'

const manifest = { 'packages/core/package.json': '{"name":"@holdfast/core"}' }
const withSource = (text: string, path = 'packages/core/src/a.ts') =>
  makeTree({ ...manifest, [path]: text })

test('a source, test or script is found when it is one line too long', () => {
  const lines = (count: number) => '//\n'.repeat(count)
  const root = makeTree({
    ...manifest,
    'packages/core/src/good.ts': lines(300),
    'packages/core/src/long.ts': lines(301),
    'packages/core/test/good.test.ts': lines(400),
    'packages/core/test/long.test.ts': lines(401),
    'test/long.test.ts': lines(401),
    'scripts/good.mjs': lines(80),
    'scripts/long.mjs': lines(81),
  })
  expect(fileSize(root)).toEqual([
    'packages/core/src/long.ts: 301 lines, at most 300',
    'packages/core/test/long.test.ts: 401 lines, at most 400',
    'test/long.test.ts: 401 lines, at most 400',
    'scripts/long.mjs: 81 lines, at most 80',
  ])
})

test.each(['utils.ts', 'helpers.ts', 'common.ts', 'types.ts', 'utils/a.ts', 'Store.ts', 'a_b.ts'])(
  'a source called %s is found',
  (name) => {
    expect(fileNames(withSource('', `packages/core/src/${name}`))).toHaveLength(1)
    expect(fileNames(withSource('', `packages/core/test/${name}`))).toHaveLength(1)
  },
)

test('names that say what is in a file pass', () => {
  const root = makeTree({
    ...manifest,
    'packages/core/src/state-types.ts': '',
    'packages/core/src/draft/array-draft.ts': '',
    'packages/core/test/state.test.ts': '',
    'packages/core/test/state.test-d.ts': '',
  })
  expect(fileNames(root)).toEqual([])
})

test('an index that does more than re-export is found', () => {
  const text = `export * from './a.ts'\nexport { b } from './b.ts'\nexport const c: number = 1\nimport './d.ts'\nexport {}`
  expect(indexFiles(withSource(text, 'packages/core/src/index.ts'))).toEqual([
    'packages/core/src/index.ts:3: not a re-export',
    'packages/core/src/index.ts:4: not a re-export',
    'packages/core/src/index.ts:5: not a re-export',
  ])
})

test.each([
  ['a function', 'export function name(): void {}'],
  ['a constant', 'export const name: number = 1'],
  ['a class', 'export class name {}'],
  ['an interface', 'export interface name {}'],
  ['a type', 'export type name = number'],
  ['a later export', 'const name: number = 1\nexport { name }'],
  ['an overload', 'export function name(): void\nexport function name(a?: number): void {}'],
])('%s that is exported without a doc comment is found', (_kind, text) => {
  expect(docComments(withSource(text))).toEqual([
    expect.stringMatching(/^packages\/core\/src\/a\.ts:\d: name has no doc comment$/),
  ])
  expect(docComments(withSource(`/** What holds. */\n${text}`))).toEqual([])
})

test('a doc comment counts only when it is one, and stands right before', () => {
  const bare = 'export const a: number = 1'
  expect(docComments(withSource(`// What holds.\n${bare}`))).toHaveLength(1)
  expect(docComments(withSource(`/* What holds. */\n${bare}`))).toHaveLength(1)
  expect(docComments(withSource(`/** Of b. */\nconst b = 2\n${bare}`))).toHaveLength(1)
  expect(
    docComments(withSource(`/** Of a. */\n// oxlint-disable-next-line x -- y\n${bare}`)),
  ).toEqual([])
})

test('what is not exported needs no doc comment', () => {
  expect(docComments(withSource(`const a = 1\nexport { b } from './b.ts'\nexport {}`))).toEqual([])
})

test.each([
  'export const a = process.env.HOME',
  `export const a = process['env']`,
  'export const a = globalThis.process.env',
  'const { env } = process',
  `import { env } from 'node:process'`,
  `import { env as e } from 'process'`,
])('a package that reads the environment is found: %s', (text) => {
  expect(environmentReads(withSource(text))).toEqual([
    'packages/core/src/a.ts:1: a package must not read process.env',
  ])
})

test('process.pid and another env pass', () => {
  const text = `// process.env\nexport const a = [process.pid, import.meta.env, { env: 1 }.env]`
  expect(environmentReads(withSource(text))).toEqual([])
})

test('of all packages, only the commands of holdfast may read the environment', () => {
  const bin = { holdfast: './dist/command.js' }
  const reading = 'export const a = process.env'
  const root = makeTree({
    'packages/core/package.json': JSON.stringify({ name: '@holdfast/core', bin }),
    'packages/core/src/command.ts': reading,
    'packages/holdfast/package.json': JSON.stringify({ name: 'holdfast', bin }),
    'packages/holdfast/src/command.ts': reading,
    'packages/holdfast/src/other.ts': reading,
    'apps/bot/package.json': '{"name":"@holdfast/bot"}',
    'apps/bot/src/main.ts': reading,
  })
  expect(environmentReads(root)).toEqual([
    'packages/core/src/command.ts:1: a package must not read process.env',
    'packages/holdfast/src/other.ts:1: a package must not read process.env',
  ])
})
