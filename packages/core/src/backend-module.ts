import type { z } from 'zod'
import type { Backend } from './backend.ts'
import type { Environment } from './environment.ts'

/** A state URL, taken apart: `scheme:path?query`. */
export interface StateUrl {
  /** Without the colon, in lower case. */
  readonly scheme: string
  /** What stands between the colon and the question mark, percent-decoded; may be empty. */
  readonly path: string
  /** The query, decoded; each key stands at most once. */
  readonly query: Readonly<Record<string, string>>
}

/** What a backend package exports: how to name, check and open its backend. */
export interface BackendModule<Options extends z.ZodType = z.ZodType> {
  /** The name in the object form: `{ backend: 'file', … }`. */
  readonly name: string
  /** The schemes in the URL form, without colon. */
  readonly schemes: readonly string[]
  /**
   * What the backend takes, as a strict object; the same schema checks the URL form and the object
   * form. Options whose name says so (password, secret, token, key) are redacted in messages.
   */
  readonly options: Options
  /**
   * The options that a URL stands for. Values from the query may be left as the strings they are:
   * numbers and booleans are read as `options` wants them.
   */
  fromUrl(url: StateUrl): Readonly<Record<string, unknown>>
  /** Opens the backend. Creates nothing that `commit` would not need. */
  open(options: z.output<Options>, environment: Environment): Promise<Backend>
}
