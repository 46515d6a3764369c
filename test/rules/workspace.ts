import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const dependenciesSchema = z.record(z.string(), z.string()).default({})

const manifestSchema = z.looseObject({
  name: z.string(),
  private: z.boolean().default(false),
  type: z.string().optional(),
  license: z.string().optional(),
  description: z.string().optional(),
  sideEffects: z.boolean().optional(),
  files: z.array(z.string()).default([]),
  bin: z.record(z.string(), z.string()).default({}),
  engines: z.record(z.string(), z.string()).default({}),
  exports: z.record(z.string(), z.unknown()).default({}),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: dependenciesSchema,
  devDependencies: dependenciesSchema,
  peerDependencies: dependenciesSchema,
  optionalDependencies: dependenciesSchema,
})

/** A package.json, as far as the rules look at it. */
export type Manifest = z.output<typeof manifestSchema>

/** One package or app of the workspace. */
export interface Member {
  /** From the root, with forward slashes: `packages/core`. */
  readonly folder: string
  readonly isApp: boolean
  readonly manifest: Manifest
}

/** Every package and app under `root`, packages first, by folder. */
export function readMembers(root: string): Member[] {
  return ['packages', 'apps'].flatMap((parent) =>
    namesIn(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => ({
        folder,
        isApp: parent === 'apps',
        manifest: manifestSchema.parse(readJson(root, `${folder}/package.json`)),
      })),
  )
}

/** What the JSON file at `path` under `root` holds. */
export function readJson(root: string, path: string): unknown {
  return JSON.parse(readText(root, path))
}

/** The text of the file at `path` under `root`. */
export function readText(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** The `.ts` files below `folder`, as paths from `root`; none where the folder does not exist. */
export function sourcePaths(root: string, folder: string): string[] {
  return filePaths(root, folder).filter((path) => path.endsWith('.ts'))
}

/**
 * Every file below `folder` that people wrote, as paths from `root` with forward slashes: what git
 * would keep, by the names and the anchored paths in `.gitignore`.
 */
export function filePaths(root: string, folder: string): string[] {
  const gitignore = join(root, '.gitignore')
  const lines = existsSync(gitignore) ? readFileSync(gitignore, 'utf8').split('\n') : []
  return walk(root, folder, new Set([...lines, '.git', 'node_modules']))
}

function walk(root: string, folder: string, ignored: ReadonlySet<string>): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
      if (ignored.has(entry.name) || ignored.has(`/${path}`)) return []
      if (entry.isDirectory()) return walk(root, path, ignored)
      return entry.isFile() ? [path] : []
    })
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : []
}
