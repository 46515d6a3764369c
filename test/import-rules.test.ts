import { expect, test } from 'vitest'
import { makeTree } from './made-up-tree.ts'
import { importCycles } from './rules/import-cycles.ts'
import { importDirection } from './rules/import-direction.ts'

const manifest = (name: string, more = {}) => JSON.stringify({ name, ...more })
const core = { 'packages/core/package.json': manifest('@holdfast/core') }
const fs = { 'packages/fs/package.json': manifest('@holdfast/fs') }
const file = { 'packages/file/package.json': manifest('@holdfast/file') }
const memory = { 'packages/memory/package.json': manifest('@holdfast/memory') }
const testing = { 'packages/testing/package.json': manifest('@holdfast/testing') }

test('arrows that point down pass', () => {
  const root = makeTree({
    ...core,
    ...fs,
    ...testing,
    'packages/file/package.json': manifest('@holdfast/file', {
      dependencies: { '@holdfast/core': '', '@holdfast/fs': '', zod: '' },
      devDependencies: { '@holdfast/testing': '' },
    }),
    'packages/file/src/index.ts': `export * from './a.ts'`,
    'packages/file/src/a.ts': `import '@holdfast/fs'\nimport 'node:fs'\nimport 'zod'`,
    'packages/file/test/a.test.ts': `import '../src/a.ts'\nimport '@holdfast/testing'`,
    'apps/bot/package.json': manifest('@holdfast/bot', { dependencies: { '@holdfast/fs': '' } }),
  })
  expect(importDirection(root)).toEqual([])
})

test.each(['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'])(
  'an arrow that points up in %s is found',
  (field) => {
    const path = 'packages/core/package.json'
    const upward = manifest('@holdfast/core', { [field]: { '@holdfast/file': '' } })
    expect(importDirection(makeTree({ ...file, [path]: upward }))).toEqual([
      'packages/core/package.json: @holdfast/core must not depend on @holdfast/file',
    ])
  },
)

test.each([
  `import '@holdfast/file'`,
  `import type { A } from '@holdfast/file'`,
  `export { a } from '@holdfast/file'`,
  `export * from '@holdfast/file/deep'`,
  `export const load = () => import('@holdfast/file')`,
  `export type A = import('@holdfast/file').A`,
])('an arrow that points sideways is found in: %s', (statement) => {
  const root = makeTree({ ...memory, ...file, 'packages/memory/src/a.ts': `\n${statement}\n` })
  expect(importDirection(root)).toEqual([
    expect.stringMatching(/^packages\/memory\/src\/a\.ts:2: @holdfast\/memory must not import/),
  ])
})

test('an import that only a comment or a string shows is none', () => {
  const text = `// import '@holdfast/file'\nexport const a = "import '@holdfast/file'"`
  expect(importDirection(makeTree({ ...core, ...file, 'packages/core/src/a.ts': text }))).toEqual(
    [],
  )
})

test('the conformance suite is for tests alone, and not for what it stands on', () => {
  const suite = `import '@holdfast/testing'`
  const root = makeTree({
    ...core,
    ...memory,
    ...testing,
    'packages/memory/src/a.ts': suite,
    'packages/memory/test/a.test.ts': suite,
    'packages/core/test/a.test.ts': suite,
  })
  expect(importDirection(root)).toEqual([
    'packages/core/test/a.test.ts:1: @holdfast/core must not import @holdfast/testing',
    'packages/memory/src/a.ts:1: @holdfast/memory must not import @holdfast/testing',
  ])
})

test('a package for which no arrows are written down is found', () => {
  const root = makeTree({ 'packages/new/package.json': manifest('@holdfast/new') })
  expect(importDirection(root)).toEqual([
    'packages/new: no arrows are written down for @holdfast/new',
  ])
})

test.each(['node:fs', 'node:fs/promises', 'fs'])('core that imports %s is found', (specifier) => {
  const root = makeTree({ ...core, 'packages/core/src/a.ts': `import '${specifier}'` })
  expect(importDirection(root)).toEqual([
    `packages/core/src/a.ts:1: core must not touch files, but imports ${specifier}`,
  ])
})

test('a relative import that leaves its package is found', () => {
  const leaving = `import '../../fs/src/a.ts'`
  const root = makeTree({ ...core, ...fs, 'packages/core/src/a.ts': leaving })
  expect(importDirection(root)).toEqual([
    'packages/core/src/a.ts:1: ../../fs/src/a.ts leaves packages/core',
  ])
})

test('files that import one another in a ring are found, once', () => {
  const root = makeTree({
    ...core,
    'packages/core/src/a.ts': `import './deep/b.ts'`,
    'packages/core/src/deep/b.ts': `import '../c.ts'`,
    'packages/core/src/c.ts': `export * from './a.ts'`,
    'packages/core/src/d.ts': `import './a.ts'`,
  })
  expect(importCycles(root)).toEqual([
    'import cycle: packages/core/src/a.ts -> packages/core/src/deep/b.ts -> packages/core/src/c.ts -> packages/core/src/a.ts',
  ])
})

test('a ring that only types close is none', () => {
  const root = makeTree({
    ...core,
    'packages/core/src/a.ts': `import './b.ts'`,
    'packages/core/src/b.ts': `import type { A } from './a.ts'`,
  })
  expect(importCycles(root)).toEqual([])
})

test('a file that does not parse is an error, not a pass', () => {
  const root = makeTree({ ...core, 'packages/core/src/a.ts': 'import from' })
  expect(() => importDirection(root)).toThrow('packages/core/src/a.ts')
})
