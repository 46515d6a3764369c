import { filePaths, readText } from './workspace.ts'

// A path below one machine's own folders, or one that ends there in prose.
const machinePath = /(?<![\w.)\]}-])\/(?:work|root)(?:\/|(?=[\s`),;:]|$))/m
// Where packages are fetched from is the reader's configuration, never the repository's.
const registryHost =
  /\bregistry\.(?=[a-z])[\w-]+(?:\.[a-z]+)*\.(?:com|dev|io|net|org)\b|\/\/[\w.-]*registry[\w.-]*[:/]/

/** Holds when no file names a place that exists on one machine or in one network alone. */
export function privatePlaces(root: string): string[] {
  return filePaths(root, '.').flatMap((path) => {
    const text = readText(root, path)
    return [machinePath, registryHost].flatMap((pattern) => {
      const found = pattern.exec(text)
      if (found === null) return []
      const line = text.slice(0, found.index).split('\n').length
      return [`${path}:${line}: names ${found[0]}`]
    })
  })
}
