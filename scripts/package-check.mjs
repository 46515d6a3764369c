// Checks one package as it would be published: run it in the package's folder, after its build.
// Packs it, looks into the tarball, and lets publint and attw judge it. Needs no network.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const findings = []
const folder = mkdtempSync(join(tmpdir(), 'holdfast-package-'))
try {
  await check(pack(folder))
} finally {
  rmSync(folder, { recursive: true })
}
for (const finding of findings) console.error(finding)
process.exitCode = findings.length === 0 ? 0 : 1

/** Packs the package in the current folder, and returns the path of its tarball. */
function pack(destination) {
  // pnpm puts the workspace's LICENSE into each tarball, and real ranges in the place of `catalog:`
  // and `workspace:`.
  return JSON.parse(must('pnpm', 'pack', '--json', '--pack-destination', destination)).filename
}

async function check(tarball) {
  const listing = must('tar', '-tzf', tarball).trim().split('\n')
  const paths = listing.map((path) => path.replace(/^package\//, ''))
  checkContents(paths, must('tar', '-xzOf', tarball, 'package/package.json'))
  const { buffer } = new Uint8Array(readFileSync(tarball))
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  findings.push(...messages.map((message) => `publint: ${formatMessage(message, pkg)}`))
  const attw = run('attw', '--profile', 'esm-only', '--no-emoji', '--format', 'ascii', tarball)
  if (attw.status !== 0) findings.push(`attw: ${attw.stdout}${attw.stderr}`)
  if (findings.length === 0) console.log(`${paths.length} files, no findings`)
}

function checkContents(paths, manifest) {
  const wanted = ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']
  if (existsSync('CHANGELOG.md')) wanted.push('CHANGELOG.md')
  const missing = wanted.filter((path) => !paths.includes(path))
  findings.push(...missing.map((path) => `${path} is not in the tarball`))
  // A file that is neither built, nor source, nor about the package was not meant to be published.
  const meant = /^(?:(?:dist|src)\/.+|[A-Z]+(?:\.md)?|package\.json)$/
  const stray = paths.filter((path) => !meant.test(path))
  findings.push(...stray.map((path) => `${path} must not be in the tarball`))
  // What was built from a source that is gone would still be published.
  const sources = new Set(paths.filter((path) => path.startsWith('src/')).map(stem))
  const stale = paths.filter((path) => path.startsWith('dist/') && !sources.has(stem(path)))
  findings.push(...stale.map((path) => `${path} has no source: remove dist, and build again`))
  const left = ['catalog:', 'workspace:'].filter((protocol) => manifest.includes(`"${protocol}`))
  findings.push(...left.map((protocol) => `package.json still says ${protocol}`))
}

/** `dist/draft/array-draft.d.ts.map` and `src/draft/array-draft.ts` have the same stem. */
function stem(path) {
  return path.replace(/^(?:dist|src)\//, '').replace(/(?:\.d)?\.(?:ts|js)(?:\.map)?$/, '')
}

function must(command, ...argv) {
  const { status, stdout, stderr } = run(command, ...argv)
  if (status !== 0) throw new Error(`${command} ${argv.join(' ')} failed: ${stderr}${stdout}`)
  return stdout
}

function run(command, ...argv) {
  const result = spawnSync(command, argv, { encoding: 'utf8' })
  if (result.error !== undefined) throw result.error
  return result
}
