import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { SourceEdit } from './mutant.ts'

const workspace = new URL('../../../../packages/', import.meta.url).href

/**
 * Loads a workspace package with `edits` made in its source, and in that of the packages below it: a
 * module graph of its own, beside the sound one. Nothing on the disk is touched.
 * @throws Error where a line is not found exactly once, or its file is never loaded: a mutant that is
 * none would be caught by nobody.
 */
export async function loadMutant<Module>(
  specifier: string,
  name: string,
  edits: readonly SourceEdit[],
): Promise<Module> {
  const query = `?mutant=${encodeURIComponent(`${specifier} ${name}`)}`
  const made = new Set<SourceEdit>()
  const hooks = registerHooks({
    resolve(wanted, context, next) {
      const resolved = next(wanted, context)
      if (context.parentURL?.endsWith(query) !== true && wanted !== specifier) return resolved
      if (!resolved.url.startsWith(workspace)) return resolved
      return { ...resolved, url: resolved.url + query }
    },
    load(url, context, next) {
      if (!url.endsWith(query)) return next(url, context)
      const path = fileURLToPath(url.slice(0, -query.length))
      const wanted = edits.filter(({ file }) => path.endsWith(file))
      if (wanted.length === 0) return next(url, context)
      let source = readFileSync(path, 'utf8')
      for (const edit of wanted) {
        source = edited(source, edit, path)
        made.add(edit)
      }
      return { format: 'module-typescript', source, shortCircuit: true }
    },
  })
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module itself, but for a line
    const loaded = (await import(specifier)) as Module
    const missing = edits.find((edit) => !made.has(edit))
    if (missing !== undefined) throw new Error(`${specifier} does not load ${missing.file}`)
    return loaded
  } finally {
    hooks.deregister()
  }
}

function edited(source: string, { find, replace }: SourceEdit, path: string): string {
  const count = source.split(find).length - 1
  if (count === 1) return source.replace(find, () => replace)
  const where = pathToFileURL(path).href
  throw new Error(`The line of a mutant stands ${count} times in ${where}, not once: ${find}`)
}
