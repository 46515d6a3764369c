// Runs the tests of the published packages on every Node.js line that they support, each fetched
// by npx: `npm run test:runtimes`. With arguments, on these versions: `… -- 22.12.0`. The apps and
// the repository's own checks are left out: they run on the one Node.js that the repository pins.

import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

// The newest of each line that stands in `engines`; 24.21.0 is not there for every platform.
const supported = ['22.23.2', '24.21.0']
const { positionals } = parseArgs({ allowPositionals: true })
const versions = positionals.length === 0 ? supported : positionals
const vitest = 'node node_modules/vitest/vitest.mjs run --project "packages/*"'

const failed = versions.filter((version) => {
  console.log(`\nNode.js ${version}`)
  const argv = ['--yes', '-p', `node@${version}`, '-c', `node --version && ${vitest}`]
  return spawnSync('npx', argv, { stdio: 'inherit' }).status !== 0
})
if (failed.length > 0) console.error(`\nfailed on Node.js ${failed.join(' and ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
