import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTree } from './made-up-tree.ts'

const root = join(import.meta.dirname, '..')
const manifest = {
  name: 'made-up',
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  files: ['dist', 'src', 'CHANGELOG.md'],
  engines: { node: '>=22.12.0' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
}
const good = {
  'package.json': JSON.stringify(manifest),
  'README.md': '# made-up\n',
  LICENSE: 'MIT\n',
  'CHANGELOG.md': '# made-up\n',
  'src/index.ts': 'export const a: number = 1\n',
  'dist/index.js': 'export const a = 1\n',
  'dist/index.d.ts': 'export declare const a: number\n',
}

function checkPackage(files: Readonly<Record<string, string>>): Promise<string> {
  const argv = [join(root, 'scripts/package-check.mjs')]
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`
  const options = { cwd: makeTree(files), env: { ...process.env, PATH: path } }
  return new Promise((resolve) =>
    execFile(process.execPath, argv, options, (error, output, errors) =>
      resolve(`${error === null ? 'passed' : 'failed'}: ${output}${errors}`),
    ),
  )
}

test('a package that is complete passes', async () => {
  expect(await checkPackage(good)).toBe('passed: 7 files, no findings\n')
})

test('what is missing, stray or stale in a tarball is found', async () => {
  const { 'README.md': _readme, ...files } = good
  const tree = {
    ...files,
    'dist/old.js': '',
    'notes.txt': '',
    'package.json': JSON.stringify({ ...manifest, files: [...manifest.files, 'notes.txt'] }),
  }
  const result = await checkPackage(tree)
  expect(result).toMatch(/^failed: /)
  expect(result).toContain('README.md is not in the tarball')
  expect(result).toContain('dist/old.js has no source')
  expect(result).toContain('notes.txt must not be in the tarball')
})

test('what publint finds fails the check', async () => {
  const exports = { '.': { default: './dist/index.js', types: './dist/index.d.ts' } }
  const tree = { ...good, 'package.json': JSON.stringify({ ...manifest, exports }) }
  expect(await checkPackage(tree)).toMatch(/^failed: publint: /m)
})

test('what attw finds fails the check', async () => {
  const exports = { '.': './dist/index.js', './other': './dist/other.js' }
  const tree = {
    ...good,
    'src/other.ts': '',
    'dist/other.js': 'export const b = 1\n',
    'package.json': JSON.stringify({ ...manifest, exports }),
  }
  expect(await checkPackage(tree)).toMatch(/attw: /)
})
