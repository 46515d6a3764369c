import { readMembers, type Manifest } from './workspace.ts'

// pnpm adds README.md and LICENSE by itself, but not the change log.
const published = ['dist', 'src', 'CHANGELOG.md']

/** Holds when every published manifest is of one form, and every app is private. */
export function manifests(root: string): string[] {
  return readMembers(root).flatMap(({ folder, isApp, manifest }) => {
    if (isApp) return manifest.private ? [] : [`${folder}/package.json: an app must be private`]
    return problems(manifest).map((problem) => `${folder}/package.json: ${problem}`)
  })
}

function problems(manifest: Manifest): string[] {
  const expected: readonly (readonly [boolean, string])[] = [
    [!manifest.private, 'a package must be public'],
    [manifest.type === 'module', 'type must be "module"'],
    [manifest.license === 'MIT', 'license must be "MIT"'],
    [manifest.description !== undefined, 'description is missing'],
    [manifest.sideEffects === false, 'sideEffects must be false'],
    [manifest.engines['node'] === '>=22.12.0', 'engines.node must be ">=22.12.0"'],
    [
      published.every((name) => manifest.files.includes(name)),
      'files needs dist, src and CHANGELOG.md',
    ],
    [Object.values(manifest.exports).every(isSourceFirst), 'exports must name the source first'],
    ...['build', 'typecheck', 'test', 'package:check'].map(
      (script) => [script in manifest.scripts, `script ${script} is missing`] as const,
    ),
  ]
  return expected.flatMap(([holds, problem]) => (holds ? [] : [problem]))
}

/** An entry of code names `src` before `types` and `default` in `dist`; a plain file is a string. */
function isSourceFirst(entry: unknown): boolean {
  if (typeof entry === 'string') return entry.endsWith('.json')
  if (typeof entry !== 'object' || entry === null) return false
  return Object.keys(entry).join() === '@holdfast/source,types,default'
}
