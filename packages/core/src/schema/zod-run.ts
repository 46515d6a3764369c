import { z } from 'zod'
import { HoldfastError, type InvalidIssue } from '../error.ts'
import { formatPointer, type Path } from '../pointer.ts'

type Schema = z.core.$ZodType

/** `INVALID` with every issue, its paths below `path`. */
function invalid(issues: readonly z.core.$ZodIssue[], path: Path): HoldfastError {
  const told: InvalidIssue[] = issues.map((issue) => ({
    path: formatPointer([
      ...path,
      ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
    ]),
    message: issue.message,
  }))
  const text = told
    .slice(0, 5)
    .map((issue) => `${issue.path === '' ? 'the document' : issue.path}: ${issue.message}`)
    .join('; ')
  const rest = told.length > 5 ? ` (and ${told.length - 5} more)` : ''
  return new HoldfastError('INVALID', `${text}${rest}`, { issues: told })
}

/**
 * `value` from its form in memory to its stored form, validated on the way.
 * @throws HoldfastError `INVALID` with paths below `path`.
 */
export function runBackward(schema: Schema, value: unknown, path: Path): unknown {
  let result: z.ZodSafeParseResult<unknown>
  try {
    result = z.safeEncode(schema, value)
  } catch (error) {
    throw thrown(error, path)
  }
  return dataOf(result, path)
}

/**
 * `value` from its stored form to its form in memory, validated on the way.
 * @throws HoldfastError `INVALID` with paths below `path`.
 */
export function runForward(schema: Schema, value: unknown, path: Path): unknown {
  let result: z.ZodSafeParseResult<unknown>
  try {
    result = z.safeParse(schema, value)
  } catch (error) {
    throw thrown(error, path)
  }
  return dataOf(result, path)
}

function dataOf(result: z.ZodSafeParseResult<unknown>, path: Path): unknown {
  if (result.success) return result.data
  throw invalid(result.error.issues, path)
}

/** What a check or a codec threw instead of telling an issue. */
function thrown(error: unknown, path: Path): HoldfastError {
  const why = error instanceof Error ? error.message : String(error)
  const message =
    error instanceof z.core.$ZodAsyncError
      ? 'the schema has an asynchronous check, which an update cannot wait for'
      : `a check or codec of the schema threw: ${why}`
  const told = { path: formatPointer(path), message }
  const where = told.path === '' ? 'the document' : told.path
  return new HoldfastError('INVALID', `${where}: ${message}`, { issues: [told], cause: error })
}
