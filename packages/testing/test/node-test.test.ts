import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('./support/node-test-program.ts', import.meta.url))

it.each([
  [[], 0],
  [['--broken'], 1],
])('node:test runs the suite: with %j it ends with %d', (options, status) => {
  const conditions = '--conditions=@holdfast/source'
  const ended = spawnSync(process.execPath, [conditions, program, ...options], { encoding: 'utf8' })
  expect(ended.stdout).toContain('compare and set')
  expect(ended.status, ended.stderr).toBe(status)
})
