import { HoldfastError, type StateUrl } from '@holdfast/core'

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false }

/**
 * The options that a URL stands for, of any backend that keeps journals. Values that are not what their
 * option wants stay strings: the options' schema says so.
 * @throws HoldfastError `CONFIG` for a URL that names a host, or its directory twice.
 */
export function journalFromUrl({
  scheme,
  path,
  query,
}: StateUrl): Readonly<Record<string, unknown>> {
  if (/^\/\/[^/]/.test(path)) {
    const message =
      `${scheme}:${path} names the host ${JSON.stringify(path.slice(2).split('/')[0])}, and the ${scheme} backend ` +
      `knows this machine only. Write ${scheme}:./directory, or ${scheme}:/directory for an absolute path.`
    throw new HoldfastError('CONFIG', message)
  }
  if (Object.hasOwn(query, 'directory')) {
    const message = `${scheme}:${path} names its directory twice: leave out "directory" after the question mark.`
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
