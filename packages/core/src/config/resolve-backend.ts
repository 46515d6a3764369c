import { z } from 'zod'
import type { BackendModule } from '../backend-module.ts'
import { HoldfastError } from '../error.ts'
import { formatPointer } from '../pointer.ts'
import { isSecretName, parseStateUrl, redactUrl } from './state-url.ts'

/** Where states are kept: a state URL, or the backend's name with its options. */
export type StoreConfig = string | { readonly backend: string; readonly [option: string]: unknown }

/** The module that a configuration names, and its options, checked. */
export interface ResolvedBackend {
  readonly module: BackendModule
  readonly options: unknown
}

/**
 * Finds the module that `config` names and checks its options by the module's own schema.
 * @throws HoldfastError `CONFIG` for a malformed configuration, an unknown backend (the message lists
 * the known ones), an unknown option or a wrong one. Secrets do not stand in messages.
 */
export function resolveBackend(
  config: StoreConfig,
  modules: readonly BackendModule[],
): ResolvedBackend {
  if (typeof config === 'string') return resolveUrl(config, modules)
  if (typeof config !== 'object' || config === null || typeof config.backend !== 'string') {
    throw new HoldfastError(
      'CONFIG',
      'a store is configured by a URL such as "file:./state", or by { backend: "file", … }',
    )
  }
  const { backend, ...options } = config
  const found = modules.find((module) => module.name === backend)
  if (!found) throw unknownBackend(`backend "${backend}"`, modules)
  return { module: found, options: check(found, options, `backend "${backend}"`) }
}

function resolveUrl(text: string, modules: readonly BackendModule[]): ResolvedBackend {
  const url = parseStateUrl(text)
  const found = modules.find((module) => module.schemes.includes(url.scheme))
  if (!found) throw unknownBackend(`scheme "${url.scheme}:" of "${redactUrl(text)}"`, modules)
  const options = fitText(found.options, found.fromUrl(url))
  return { module: found, options: check(found, options, `"${redactUrl(text)}"`) }
}

function unknownBackend(what: string, modules: readonly BackendModule[]): HoldfastError {
  const known = modules.flatMap((module) => module.schemes).map((scheme) => `${scheme}:`)
  return new HoldfastError(
    'CONFIG',
    `${what} is not known. Known are ${known.join(', ')}; pass the module of another in \`backends\``,
  )
}

/** A URL has only text: reads a number or a boolean where the schema refuses the text itself. */
function fitText(
  schema: z.ZodType,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const shape: Readonly<Record<string, z.core.$ZodType>> =
    schema instanceof z.ZodObject ? schema.shape : {}
  const fitted = Object.entries(options).map(([name, value]) => {
    const member = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (typeof value !== 'string' || !member) return [name, value]
    const fit = readings(value).find((reading) => z.safeParse(member, reading).success)
    return [name, fit ?? value]
  })
  return Object.fromEntries(fitted) as Record<string, unknown>
}

function readings(text: string): unknown[] {
  const asNumber = /^-?\d+(?:\.\d+)?$/.test(text) ? [Number(text)] : []
  const asBoolean = text === 'true' || text === 'false' ? [text === 'true'] : []
  return [text, ...asNumber, ...asBoolean]
}

function check(module: BackendModule, options: unknown, what: string): unknown {
  const result = z.safeParse(module.options, options)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => {
    const isSecret = issue.path.some((step) => isSecretName(String(step)))
    const path = formatPointer(issue.path.map(String))
    return { path, message: isSecret ? 'is not valid' : issue.message }
  })
  const told = issues.map(({ path, message }) => `${path.slice(1) || 'options'}: ${message}`)
  const known =
    module.options instanceof z.ZodObject
      ? ` Options of "${module.name}": ${Object.keys(module.options.shape).join(', ')}`
      : ''
  // The zod error is not passed on as cause: it may quote a secret.
  throw new HoldfastError('CONFIG', `${what}: ${told.join('; ')}.${known}`, { issues })
}
