import { fileURLToPath } from 'node:url'

/** How a program of this app is started from its source, as a process of its own. */
export const fromSource: { readonly execArgv: string[]; readonly env: NodeJS.ProcessEnv } = {
  execArgv: ['--conditions=@holdfast/source', '--disable-warning=ExperimentalWarning'],
  // Compiling the source anew is most of what a short process does otherwise.
  env: {
    ...process.env,
    NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/children', import.meta.url)),
  },
}
