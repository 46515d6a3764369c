/** A JSON value, as it stands in a file. */
export type Json = string | number | boolean | null | Json[] | JsonObject

/** A JSON object. Keys such as `__proto__` are data: own properties, never the prototype. */
export interface JsonObject {
  [key: string]: Json
}
