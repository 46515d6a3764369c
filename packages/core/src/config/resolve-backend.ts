import { z } from 'zod'
import type { BackendModule, StateUrl } from '../backend-module.ts'
import { HoldfastError } from '../error.ts'
import { formatPointer } from '../pointer.ts'
import { definitionOf } from '../schema/definition.ts'
import { blotOut, isSecretName, redactUrl, secretsOf } from './secrets.ts'
import { parseStateUrl } from './state-url.ts'

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
  if (!found) throw unknownBackend(`backend "${redactUrl(backend)}"`, modules)
  const what = `backend "${backend}"`
  return { module: found, options: check(found, options, what, secretsOf(options)) }
}

function resolveUrl(text: string, modules: readonly BackendModule[]): ResolvedBackend {
  const url = parseStateUrl(text)
  const found = modules.find((module) => module.schemes.includes(url.scheme))
  if (!found) throw unknownBackend(`scheme "${url.scheme}:" of "${redactUrl(text)}"`, modules)
  const secrets = secretsOf(text)
  const options = fitText(found.options, optionsOf(found, url, secrets))
  const what = `"${redactUrl(text)}"`
  return {
    module: found,
    options: check(found, options, what, [...secrets, ...secretsOf(options)]),
  }
}

function optionsOf(
  module: BackendModule,
  url: StateUrl,
  secrets: readonly string[],
): Readonly<Record<string, unknown>> {
  try {
    return module.fromUrl(url)
  } catch (error) {
    // The error itself is not passed on as cause: it may quote a secret.
    if (!HoldfastError.is(error)) throw error
    throw new HoldfastError(error.code, blotOut(error.message, secrets))
  }
}

function unknownBackend(what: string, modules: readonly BackendModule[]): HoldfastError {
  const known = modules.flatMap((module) => module.schemes).map((scheme) => `${scheme}:`)
  const told = known.length === 0 ? 'No backend is known' : `Known are ${known.join(', ')}`
  return new HoldfastError(
    'CONFIG',
    `${what} is not known. ${told}; pass the module of another in \`backends\``,
  )
}

/** A URL has only text: reads a number or a boolean where the schema refuses the text itself. */
function fitText(
  schema: z.ZodType,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const shape = shapeOf(schema) ?? {}
  const fitted = Object.entries(options).map(([name, value]) => {
    const member = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (typeof value !== 'string' || !member) return [name, value] as const
    const fit = readings(value).find((reading) => z.safeParse(member, reading).success)
    return [name, fit ?? value] as const
  })
  return Object.fromEntries<unknown>(fitted)
}

/** The members of an object schema, be it of zod or zod/mini, of this copy of zod or another. */
function shapeOf(schema: z.core.$ZodType): z.core.$ZodShape | undefined {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'object':
      return def.shape
    case 'pipe':
      return shapeOf(def.in)
    case 'optional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return shapeOf(def.innerType)
    default:
      return undefined
  }
}

function readings(text: string): unknown[] {
  const asNumber = /^-?\d+(?:\.\d+)?$/.test(text) ? [Number(text)] : []
  const asBoolean = text === 'true' || text === 'false' ? [text === 'true'] : []
  return [text, ...asNumber, ...asBoolean]
}

function check(
  module: BackendModule,
  options: unknown,
  what: string,
  secrets: readonly string[],
): unknown {
  const result = z.safeParse(module.options, options)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => {
    const isSecret = issue.path.some((step) => isSecretName(String(step)))
    const path = formatPointer(issue.path.map(String))
    return { path, message: isSecret ? 'is not valid' : blotOut(issue.message, secrets) }
  })
  const told = issues.map(({ path, message }) => `${path.slice(1) || 'options'}: ${message}`)
  const shape = shapeOf(module.options)
  const known = shape ? ` Options of "${module.name}": ${Object.keys(shape).join(', ')}` : ''
  // The zod error is not passed on as cause: it may quote a secret.
  throw new HoldfastError('CONFIG', `${what}: ${told.join('; ')}.${known}`, { issues })
}
