import { HoldfastError, type BackendModule, type StateUrl } from '@holdfast/core'
import { fileOptions } from './file-options.ts'
import { openFileBackend } from './open-file-backend.ts'

/** The file backend for `openStore`: `file:./state?keep=3` or `{ backend: 'file', directory: './state' }`. */
export const fileModule: BackendModule<typeof fileOptions> = {
  name: 'file',
  schemes: ['file'],
  options: fileOptions,
  fromUrl,
  open: (options, environment) => openFileBackend(options, { environment }),
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false }

/** Values that are not what their option wants stay strings: the options' schema says so. */
function fromUrl({ path, query }: StateUrl): Readonly<Record<string, unknown>> {
  if (/^\/\/[^/]/.test(path)) {
    const message =
      `file:${path} names the host ${JSON.stringify(path.slice(2).split('/')[0])}, and the file backend ` +
      'knows this machine only. Write file:./directory, or file:/directory for an absolute path.'
    throw new HoldfastError('CONFIG', message)
  }
  if (Object.hasOwn(query, 'directory')) {
    const message = `file:${path} names its directory twice: leave out "directory" after the question mark.`
    throw new HoldfastError('CONFIG', message)
  }
  const options: Record<string, unknown> = { ...query, directory: path }
  for (const key of ['keep', 'indent']) {
    const text = query[key]
    if (text !== undefined && /^\d+$/.test(text)) options[key] = Number(text)
  }
  for (const key of ['envelope', 'createDirectory']) {
    const text = query[key]
    if (text !== undefined && Object.hasOwn(booleans, text)) options[key] = booleans[text]
  }
  // Octal, as everywhere else: a reader of plain numbers must not take it for decimal.
  const { mode } = query
  if (mode !== undefined && /^(0o)?[0-7]{1,4}$/.test(mode)) {
    options['mode'] = Number.parseInt(mode.replace('0o', ''), 8)
  }
  return options
}
