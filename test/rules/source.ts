import { parseSync, Visitor, type ParseResult } from 'oxc-parser'
import { readText } from './workspace.ts'

/** A source file, parsed. */
export interface Source {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly program: ParseResult['program']
  readonly comments: ParseResult['comments']
}

/** One place in a source that names another module. */
export interface Import {
  readonly specifier: string
  /** Whether nothing is left of it at run time. */
  readonly isErased: boolean
  readonly line: number
}

/** Parses the file at `path` under `root`. A file that does not parse is an error, not a pass. */
export function readSource(root: string, path: string): Source {
  const text = readText(root, path)
  const { program, comments, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`)
  return { path, text, program, comments }
}

/** The line on which the character at `offset` stands, from 1. */
export function lineAt(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length
}

/** Everything that `source` imports: values, types, re-exports, `import()` and `import('…')` types. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  const add = (specifier: string, isErased: boolean, start: number) =>
    found.push({ specifier, isErased, line: lineAt(source, start) })
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.importKind === 'type', node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type', node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.exportKind === 'type', node.start)
    },
    TSImportType: (node) => add(node.source.value, true, node.start),
    ImportExpression: ({ source: target, start }) => {
      if (target.type === 'Literal' && typeof target.value === 'string') {
        add(target.value, false, start)
      }
    },
  }).visit(source.program)
  return found
}
