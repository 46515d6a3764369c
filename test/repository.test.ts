import { join } from 'node:path'
import { expect, test } from 'vitest'
import { docComments } from './rules/doc-comments.ts'
import { environmentReads } from './rules/environment-reads.ts'
import { errorTable } from './rules/error-table.ts'
import { fileNames } from './rules/file-names.ts'
import { fileSize } from './rules/file-size.ts'
import { importCycles } from './rules/import-cycles.ts'
import { importDirection } from './rules/import-direction.ts'
import { indexFiles } from './rules/index-files.ts'
import { manifests } from './rules/manifests.ts'
import { privatePlaces } from './rules/private-places.ts'
import { releaseGroup } from './rules/release-group.ts'

const root = join(import.meta.dirname, '..')

test.each([
  ['imports point one way, and none leaves its package', importDirection],
  ['no source file imports itself by way of others', importCycles],
  ['no file is too long to be read in one go', fileSize],
  ['every file is in kebab-case and named after what it holds', fileNames],
  ['index.ts only re-exports', indexFiles],
  ['everything exported has a doc comment', docComments],
  ['no package reads process.env, save the commands of holdfast', environmentReads],
  ['the error table in core’s README has a row for each code', errorTable],
  ['every published manifest is of one form', manifests],
  ['every public package is released under the one version', releaseGroup],
  ['no file names a place on one machine or in one network', privatePlaces],
])('%s', (_title, rule) => {
  expect(rule(root)).toEqual([])
})
