import { lineAt, readSource, type Source } from './source.ts'
import { readMembers, sourcePaths } from './workspace.ts'

type Statement = Source['program']['body'][number]

/** Holds when everything that a package's source exports has a doc comment. */
export function docComments(root: string): string[] {
  return readMembers(root)
    .filter(({ isApp }) => !isApp)
    .flatMap(({ folder }) => sourcePaths(root, `${folder}/src`))
    .map((path) => readSource(root, path))
    .flatMap(undocumented)
}

/** An overloaded function is documented once, at any of its signatures. */
function undocumented(source: Source): string[] {
  const exportedLater = new Set(source.program.body.flatMap(locallyExportedNames))
  const documented = new Set<string>()
  const bare = new Map<string, number>()
  for (const statement of source.program.body) {
    const isExport = statement.type === 'ExportNamedDeclaration'
    const names = declaredNames(isExport ? statement.declaration : statement)
    for (const name of names.filter((each) => isExport || exportedLater.has(each))) {
      if (hasDocComment(source, statement.start)) documented.add(name)
      else bare.set(name, statement.start)
    }
  }
  return [...bare]
    .filter(([name]) => !documented.has(name))
    .map(([name, start]) => `${source.path}:${lineAt(source, start)}: ${name} has no doc comment`)
}

/** The names in `export { a, b as c }`, as they are declared in this file. */
function locallyExportedNames(statement: Statement): string[] {
  if (statement.type !== 'ExportNamedDeclaration' || statement.source !== null) return []
  return statement.specifiers.flatMap(({ local }) =>
    local.type === 'Identifier' ? [local.name] : [],
  )
}

function declaredNames(declaration: Statement | null): string[] {
  if (declaration?.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  }
  if (declaration === null || !('id' in declaration)) return []
  return declaration.id?.type === 'Identifier' ? [declaration.id.name] : []
}

/** Whether only white space and other comments stand between a doc comment and `start`. */
function hasDocComment(source: Source, start: number): boolean {
  let end = start
  for (const comment of source.comments.toReversed()) {
    if (comment.end > end) continue
    if (source.text.slice(comment.end, end).trim() !== '') return false
    if (comment.type === 'Block' && comment.value.startsWith('*')) return true
    end = comment.start
  }
  return false
}
