import { expect, test } from 'vitest'
import { makeTree } from './made-up-tree.ts'
import { errorTable } from './rules/error-table.ts'
import { manifests } from './rules/manifests.ts'
import { privatePlaces } from './rules/private-places.ts'
import { releaseGroup } from './rules/release-group.ts'

const errorTree = (codes: string, rows: readonly string[]) =>
  makeTree({
    'packages/core/src/error.ts': `export const errorCodes = ${codes}`,
    'packages/core/README.md': ['| code | when |', '| --- | --- |', ...rows].join('\n'),
  })

test('an error table with a row for each code passes, in any order', () => {
  const root = errorTree(`['IO', 'NO_SPACE'] as const`, ['| `NO_SPACE` | full |', '| `IO` | x |'])
  expect(errorTable(root)).toEqual([])
})

test('a missing, an unknown and a doubled row of the error table are found', () => {
  const rows = ['| `IO` | x |', '| `IO` | y |', '| `OLD` | z |']
  expect(errorTable(errorTree(`['IO', 'NO_SPACE'] as const`, rows))).toEqual([
    'packages/core/README.md: no row for NO_SPACE',
    'packages/core/README.md: IO is no error code, or has two rows',
    'packages/core/README.md: OLD is no error code, or has two rows',
  ])
})

test('error codes that cannot be found are an error, not an empty table', () => {
  expect(errorTable(errorTree('someCodes', []))).toEqual([
    'packages/core/src/error.ts: no errorCodes found',
  ])
})

const releaseTree = (fixed: unknown) =>
  makeTree({
    '.changeset/config.json': JSON.stringify({ fixed }),
    'packages/a/package.json': '{"name":"a"}',
    'packages/b/package.json': '{"name":"b"}',
    'apps/c/package.json': '{"name":"c","private":true}',
  })

test('a fixed group of all public packages passes', () => {
  expect(releaseGroup(releaseTree([['b', 'a']]))).toEqual([])
})

test('a package that is left out of the fixed group is found, and so is a private one in it', () => {
  expect(releaseGroup(releaseTree([['a', 'c']]))).toEqual([
    '.changeset/config.json: b is not in the fixed group',
    '.changeset/config.json: c is not a public package',
  ])
})

test('two fixed groups are found', () => {
  expect(releaseGroup(releaseTree([['a'], ['b']]))).toEqual([
    '.changeset/config.json: 2 fixed groups, there must be one',
  ])
})

const goodManifest = {
  name: 'a',
  description: 'A package',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  files: ['dist', 'src', 'CHANGELOG.md'],
  engines: { node: '>=22.12.0' },
  exports: {
    '.': { '@holdfast/source': './src/index.ts', types: './dist/i.d.ts', default: './dist/i.js' },
    './package.json': './package.json',
  },
  scripts: { build: '', typecheck: '', test: '', 'package:check': '' },
}

test('a manifest of the one form passes', () => {
  const root = makeTree({ 'packages/a/package.json': JSON.stringify(goodManifest) })
  expect(manifests(root)).toEqual([])
})

test.each([
  ['a package must be public', { private: true }],
  ['type must be "module"', { type: 'commonjs' }],
  ['license must be "MIT"', { license: 'ISC' }],
  ['description is missing', { description: undefined }],
  ['sideEffects must be false', { sideEffects: undefined }],
  ['engines.node must be ">=22.12.0"', { engines: { node: '>=20' } }],
  ['files needs dist, src and CHANGELOG.md', { files: ['dist', 'src'] }],
  ['exports must name the source first', { exports: { '.': { default: './dist/i.js' } } }],
  ['exports must name the source first', { exports: { '.': './dist/i.js' } }],
  ['script package:check is missing', { scripts: { build: '', typecheck: '', test: '' } }],
])('%s: found when it is not so', (problem, change) => {
  const manifest = JSON.stringify({ ...goodManifest, ...change })
  expect(manifests(makeTree({ 'packages/a/package.json': manifest }))).toEqual([
    `packages/a/package.json: ${problem}`,
  ])
})

test('an app that could be published is found', () => {
  expect(manifests(makeTree({ 'apps/a/package.json': '{"name":"a"}' }))).toEqual([
    'apps/a/package.json: an app must be private',
  ])
})

// In pieces, so that this file does not name such places itself.
const slash = '/'
const npm = 'npmjs.org'
test.each([
  [`cd ${slash}work/main`, `${slash}work/`],
  [`see ${slash}root/.npmrc`, `${slash}root/`],
  [`HOME=${slash}root\n`, `${slash}root`],
  [`from registry.${npm}`, `registry.${npm}`],
  [
    `https:${slash}${slash}npm-registry.local${slash}a`,
    `${slash}${slash}npm-registry.local${slash}`,
  ],
])('a file that says %j is found', (text, named) => {
  expect(privatePlaces(makeTree({ 'docs/a.md': `Title\n${text}` }))).toEqual([
    `docs/a.md:2: names ${named}`,
  ])
})

test('a JSON Pointer, a relative path and the word registry pass', () => {
  const text = `'/root' ./work/a src/root/b the registry; https://github.com/a/b`
  expect(privatePlaces(makeTree({ 'a.md': text }))).toEqual([])
})

test('what git does not keep is not looked at', () => {
  const text = `${slash}root/`
  const root = makeTree({
    '.gitignore': 'dist\n/state\n',
    'node_modules/a.md': text,
    'a/dist/a.md': text,
    'state/a.md': text,
    'a/state/a.md': text,
  })
  expect(privatePlaces(root)).toEqual([`a/state/a.md:1: names ${text}`])
})
