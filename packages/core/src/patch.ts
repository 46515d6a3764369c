import type { Json } from './json.ts'

/**
 * One step of a change: an RFC 6902 operation whose `path` is an RFC 6901 JSON Pointer. The empty
 * path is the whole document. Values are in their stored (encoded) form.
 */
export type Patch =
  | { readonly op: 'add'; readonly path: string; readonly value: Json }
  | { readonly op: 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
