import { readMembers, sourcePaths } from './workspace.ts'

// Names that say nothing about what a file holds, so that everything ends up in it.
const empty = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'type', 'types'])
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|test-d|bench))?$/

/** Holds when every source is in kebab-case and is named after the one concept that it holds. */
export function fileNames(root: string): string[] {
  const folders = readMembers(root).flatMap(({ folder }) => [`${folder}/src`, `${folder}/test`])
  return [...folders, 'test'].flatMap((folder) =>
    sourcePaths(root, folder).flatMap((path) => {
      const names = path
        .slice(folder.length + 1)
        .replace(/\.ts$/, '')
        .split('/')
      return names.flatMap((name) => {
        if (!kebabCase.test(name)) return [`${path}: ${name} is not in kebab-case`]
        return empty.has(name) ? [`${path}: ${name} does not say what is in it`] : []
      })
    }),
  )
}
