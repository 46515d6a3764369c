import { posix } from 'node:path'
import { importsOf, readSource } from './source.ts'
import { readMembers, sourcePaths, type Member } from './workspace.ts'

// What each package may stand on; apps may use everything. A new package adds its row here and to
// ARCHITECTURE.md.
const everything = 'everything'
const arrows: Readonly<Record<string, readonly string[] | typeof everything>> = {
  '@holdfast/core': [],
  '@holdfast/fs': [],
  '@holdfast/memory': ['@holdfast/core'],
  '@holdfast/file': ['@holdfast/core', '@holdfast/fs'],
  '@holdfast/journal': ['@holdfast/core', '@holdfast/fs'],
  '@holdfast/lockfile': ['@holdfast/core', '@holdfast/fs', '@holdfast/journal'],
  '@holdfast/testing': ['@holdfast/core', '@holdfast/fs'],
  holdfast: everything,
}
// Tests may also use the conformance suite, save in the packages that it stands on itself.
const conformance = '@holdfast/testing'

/**
 * Holds when every manifest and every import follows the arrows, core imports no file system, and
 * no relative import leaves its package.
 */
export function importDirection(root: string): string[] {
  const members = readMembers(root)
  const ours = new Set(members.map(({ manifest }) => manifest.name))
  return members.flatMap((member) => [
    ...manifestFindings(member, ours),
    ...importFindings(root, member, ours, 'src', allowed(member, ours)),
    ...importFindings(root, member, ours, 'test', allowedInTests(member, ours)),
  ])
}

function allowed({ manifest, isApp }: Member, ours: ReadonlySet<string>): ReadonlySet<string> {
  const row = isApp ? everything : (arrows[manifest.name] ?? [])
  const names = row === everything ? ours : new Set(row)
  return names.difference(new Set([manifest.name]))
}

function allowedInTests(member: Member, ours: ReadonlySet<string>): ReadonlySet<string> {
  const below = arrows[conformance] ?? []
  const names = allowed(member, ours)
  if (below.includes(member.manifest.name)) return names
  return names.union(new Set([conformance]))
}

function manifestFindings(member: Member, ours: ReadonlySet<string>): string[] {
  const { folder, manifest, isApp } = member
  if (!isApp && !(manifest.name in arrows)) {
    return [`${folder}: no arrows are written down for ${manifest.name}`]
  }
  const published = { ...manifest.dependencies, ...manifest.peerDependencies }
  const wrong = (names: object, may: ReadonlySet<string>) =>
    Object.keys(names).filter((name) => ours.has(name) && !may.has(name))
  return [
    ...wrong({ ...published, ...manifest.optionalDependencies }, allowed(member, ours)),
    ...wrong(manifest.devDependencies, allowedInTests(member, ours)),
  ].map((name) => `${folder}/package.json: ${manifest.name} must not depend on ${name}`)
}

function importFindings(
  root: string,
  { folder, manifest }: Member,
  ours: ReadonlySet<string>,
  part: 'src' | 'test',
  may: ReadonlySet<string>,
): string[] {
  return sourcePaths(root, `${folder}/${part}`).flatMap((path) =>
    importsOf(readSource(root, path)).flatMap(({ specifier, line }) => {
      const at = `${path}:${line}`
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(path), specifier)
        return target.startsWith(`${folder}/`) ? [] : [`${at}: ${specifier} leaves ${folder}`]
      }
      const isFileSystem = /^(?:node:)?fs(?:\/|$)/.test(specifier)
      if (isFileSystem && part === 'src' && manifest.name === '@holdfast/core') {
        return [`${at}: core must not touch files, but imports ${specifier}`]
      }
      const name = packageName(specifier)
      if (!ours.has(name) || may.has(name)) return []
      return [`${at}: ${manifest.name} must not import ${specifier}`]
    }),
  )
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
