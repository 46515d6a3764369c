import { HoldfastError, type BackendModule, type StateUrl } from '@holdfast/core'
import { journalOptions } from './journal-options.ts'
import { openJournalBackend } from './open-journal-backend.ts'

/** The journal backend for `openStore`: `journal:./state?keep=3` or `{ backend: 'journal', directory: './state' }`. */
export const journalModule: BackendModule<typeof journalOptions> = {
  name: 'journal',
  schemes: ['journal'],
  options: journalOptions,
  fromUrl,
  open: (options, environment) => openJournalBackend(options, { environment }),
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false }

/** Values that are not what their option wants stay strings: the options' schema says so. */
function fromUrl({ path, query }: StateUrl): Readonly<Record<string, unknown>> {
  if (/^\/\/[^/]/.test(path)) {
    const message =
      `journal:${path} names the host ${JSON.stringify(path.slice(2).split('/')[0])}, and the journal backend ` +
      'knows this machine only. Write journal:./directory, or journal:/directory for an absolute path.'
    throw new HoldfastError('CONFIG', message)
  }
  if (Object.hasOwn(query, 'directory')) {
    const message = `journal:${path} names its directory twice: leave out "directory" after the question mark.`
    throw new HoldfastError('CONFIG', message)
  }
  const options: Record<string, unknown> = { ...query, directory: path }
  for (const key of ['keep', 'compactAfterBytes', 'inlineSnapshotBytes']) {
    const text = query[key]
    if (text !== undefined && /^\d+$/.test(text)) options[key] = Number(text)
  }
  const { compactAfterRatio, createDirectory } = query
  if (compactAfterRatio !== undefined && /^\d+(\.\d+)?$/.test(compactAfterRatio)) {
    options['compactAfterRatio'] = Number(compactAfterRatio)
  }
  if (createDirectory !== undefined && Object.hasOwn(booleans, createDirectory)) {
    options['createDirectory'] = booleans[createDirectory]
  }
  // Octal, as everywhere else: a reader of plain numbers must not take it for decimal.
  const { mode } = query
  if (mode !== undefined && /^(0o)?[0-7]{1,4}$/.test(mode)) {
    options['mode'] = Number.parseInt(mode.replace('0o', ''), 8)
  }
  return options
}
