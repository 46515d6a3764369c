import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const execute = promisify(execFile)
const child = join(import.meta.dirname, 'children/beyond-a-limit.ts')

test('a write beyond the file size limit is an error, and not the end of the process', async () => {
  const command = 'ulimit -f 16; exec "$0" --conditions=@holdfast/source "$1" "$2"'
  const argv = ['-c', command, process.execPath, child, temporaryFolder()]
  const { stdout } = await execute('sh', argv)
  expect(stdout).toBe('NO_SPACE\n')
})
