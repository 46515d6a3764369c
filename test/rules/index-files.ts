import { lineAt, readSource } from './source.ts'
import { readMembers, sourcePaths } from './workspace.ts'

/** Holds when every `index.ts` re-exports, and does nothing else. */
export function indexFiles(root: string): string[] {
  return readMembers(root)
    .flatMap(({ folder }) => sourcePaths(root, `${folder}/src`))
    .filter((path) => path.endsWith('/index.ts'))
    .map((path) => readSource(root, path))
    .flatMap((source) =>
      source.program.body
        .filter((node) => {
          if (node.type === 'ExportAllDeclaration') return false
          return node.type !== 'ExportNamedDeclaration' || node.source === null
        })
        .map(({ start }) => `${source.path}:${lineAt(source, start)}: not a re-export`),
    )
}
