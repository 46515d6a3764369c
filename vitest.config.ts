import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests read the source: nothing has to be built first.
const conditions = ['@holdfast/source', 'module', 'node', 'development|production']
const roots = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(new URL(`./${parent}/`, import.meta.url)).map((name) => `${parent}/${name}`),
)

// Time ends what hangs and measures nothing: a machine that is busy with something else may take
// ten times as long.
const patience = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [['repository', '.'], ...roots.map((root) => [root, root])].map(([name, root]) => ({
      extends: true as const,
      test: { name, root, include: ['test/**/*.test.ts'], ...patience },
    })),
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'] },
  },
})
