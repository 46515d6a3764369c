import { posix } from 'node:path'
import { importsOf, readSource } from './source.ts'
import { readMembers, sourcePaths } from './workspace.ts'

/**
 * Holds when no source file imports itself by way of others. Types do not count: nothing is left of
 * them at run time, where a module in a cycle would meet another one half made.
 */
export function importCycles(root: string): string[] {
  return readMembers(root).flatMap(({ folder }) => {
    const graph = new Map(
      sourcePaths(root, `${folder}/src`).map((path) => [path, relativeImports(root, path)]),
    )
    return findCycles(graph).map((cycle) => `import cycle: ${cycle.join(' -> ')}`)
  })
}

function relativeImports(root: string, path: string): string[] {
  return importsOf(readSource(root, path))
    .filter(({ specifier, isErased }) => specifier.startsWith('.') && !isErased)
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
}

function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const follow = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start !== -1) cycles.push([...trail.slice(start), path])
    if (start !== -1 || done.has(path)) return
    for (const next of graph.get(path) ?? []) follow(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) follow(path, [])
  return cycles
}
