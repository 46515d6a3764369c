import { filePaths, readMembers, readText, sourcePaths } from './workspace.ts'

const maxSourceLines = 300
const maxTestLines = 400
const maxScriptLines = 80

/** Holds when every source, test and script is short enough to be read in one go. */
export function fileSize(root: string): string[] {
  const folders = readMembers(root).map(({ folder }) => folder)
  return [
    ...folders.flatMap((folder) =>
      longer(root, sourcePaths(root, `${folder}/src`), maxSourceLines),
    ),
    ...[...folders.map((folder) => `${folder}/test`), 'test'].flatMap((folder) =>
      longer(root, sourcePaths(root, folder), maxTestLines),
    ),
    ...longer(root, filePaths(root, 'scripts'), maxScriptLines),
  ]
}

function longer(root: string, paths: readonly string[], max: number): string[] {
  return paths.flatMap((path) => {
    const lines = readText(root, path).trimEnd().split('\n').length
    return lines > max ? [`${path}: ${lines} lines, at most ${max}`] : []
  })
}
