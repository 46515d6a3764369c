import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { readMembers } from '../rules/workspace.ts'
import type { Program } from './extract.ts'

/** What a process ended with. */
export interface Ended {
  /** 0, another exit code, or the signal's name. */
  readonly code: unknown
  readonly output: string
  readonly errors: string
}

const timeoutMs = 120_000

// A reader's own settings: strict, and no more than that.
const compilerOptions = {
  strict: true,
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  customConditions: ['@holdfast/source'],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
}

const vitestConfig = `
const conditions = ['@holdfast/source', 'module', 'node', 'development|production']
export default { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } }
`

/**
 * Makes a project like a reader's, outside the repository, in which the workspace's packages and
 * the repository's own dependencies are installed. Removed when the test ends.
 */
export async function createProject(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-programs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  await writeFile(join(folder, 'vitest.config.js'), vitestConfig)
  for (const name of ['zod', 'vitest', '@types']) {
    await install(folder, name, join(root, 'node_modules', name))
  }
  for (const { folder: member, manifest, isApp } of readMembers(root)) {
    if (!isApp) await install(folder, manifest.name, join(root, member))
  }
  return folder
}

async function install(folder: string, name: string, target: string): Promise<void> {
  const link = join(folder, 'node_modules', name)
  await mkdir(dirname(link), { recursive: true })
  await symlink(target, link, 'dir')
}

/** Saves `program` in a folder of its own, beside the named programs of the same document. */
export async function saveProgram(
  project: string,
  program: Program,
  all: readonly Program[],
): Promise<string> {
  const folder = await mkdtemp(join(project, 'program-'))
  const beside = all.filter((each) => each.document === program.document && each.isNamed)
  for (const { fileName, code } of [...beside, program]) {
    await writeFile(join(folder, fileName), `${code}\n`)
  }
  return folder
}

/** Runs a saved program, as a reader would: tests by vitest, others by Node itself. */
export function runProgram(
  root: string,
  project: string,
  folder: string,
  fileName: string,
): Promise<Ended> {
  const argv = fileName.endsWith('.test.ts')
    ? [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--root',
        project,
        join(folder, fileName),
      ]
    : ['--conditions=@holdfast/source', join(folder, fileName)]
  return run(argv, folder)
}

/** Type-checks everything saved in `project`. */
export function typeCheck(root: string, project: string): Promise<Ended> {
  return run([join(root, 'node_modules/typescript/bin/tsc'), '--project', project], project)
}

function run(argv: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd, timeout: timeoutMs }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), output, errors }),
    )
  })
}
