import { Visitor } from 'oxc-parser'
import { lineAt, readSource, type Source } from './source.ts'
import { readMembers, sourcePaths, type Member } from './workspace.ts'

/** Holds when no package reads `process.env`, save the commands that `holdfast` installs. */
export function environmentReads(root: string): string[] {
  return readMembers(root)
    .filter(({ isApp }) => !isApp)
    .flatMap((member) => {
      const commands = new Set(commandPaths(member))
      return sourcePaths(root, `${member.folder}/src`)
        .filter((path) => !commands.has(path))
        .map((path) => readSource(root, path))
        .flatMap(reads)
    })
}

/** The sources of what `bin` names: `./dist/command.js` is built from `src/command.ts`. */
function commandPaths({ folder, manifest }: Member): string[] {
  if (manifest.name !== 'holdfast') return []
  return Object.values(manifest.bin).map((path) =>
    path.replace(/^(?:\.\/)?dist\//, `${folder}/src/`).replace(/\.js$/, '.ts'),
  )
}

function reads(source: Source): string[] {
  const found: string[] = []
  const add = (start: number) =>
    found.push(`${source.path}:${lineAt(source, start)}: a package must not read process.env`)
  new Visitor({
    MemberExpression: (node) => {
      if (nameOf(node.property) === 'env' && isProcess(node.object)) add(node.start)
    },
    VariableDeclarator: ({ id, init, start }) => {
      if (id.type !== 'ObjectPattern' || init === null || !isProcess(init)) return
      const keys = id.properties.map((each) => (each.type === 'Property' ? nameOf(each.key) : ''))
      if (keys.includes('env')) add(start)
    },
    ImportDeclaration: ({ source: target, specifiers, start }) => {
      if (target.value !== 'node:process' && target.value !== 'process') return
      const isEnv = specifiers.some(
        (each) => each.type === 'ImportSpecifier' && nameOf(each.imported) === 'env',
      )
      if (isEnv) add(start)
    },
  }).visit(source.program)
  return found
}

/** `process`, or `anything.process` such as `globalThis.process`. */
function isProcess(node: { readonly type: string; readonly property?: unknown }): boolean {
  return nameOf(node.type === 'MemberExpression' ? node.property : node) === 'process'
}

/** The name that an identifier or a string literal stands for. */
function nameOf(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  if ('name' in node && typeof node.name === 'string') return node.name
  return 'value' in node && typeof node.value === 'string' ? node.value : undefined
}
