import { Visitor } from 'oxc-parser'
import { readSource } from './source.ts'
import { readText } from './workspace.ts'

const sourcePath = 'packages/core/src/error.ts'
const readmePath = 'packages/core/README.md'

/** Holds when the table of errors in core's README has one row for each error code, and no other. */
export function errorTable(root: string): string[] {
  const codes = errorCodes(root)
  const rows = [...readText(root, readmePath).matchAll(/^\| *`([A-Z_]+)` *\|/gm)].map(
    ([, code]) => code ?? '',
  )
  return [
    ...(codes.length === 0 ? [`${sourcePath}: no errorCodes found`] : []),
    ...codes
      .filter((code) => !rows.includes(code))
      .map((code) => `${readmePath}: no row for ${code}`),
    ...rows
      .filter((code, index) => !codes.includes(code) || rows.indexOf(code) !== index)
      .map((code) => `${readmePath}: ${code} is no error code, or has two rows`),
  ]
}

function errorCodes(root: string): string[] {
  const codes: string[] = []
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || id.name !== 'errorCodes') return
      const list = init?.type === 'TSAsExpression' ? init.expression : init
      if (list?.type !== 'ArrayExpression') return
      for (const element of list.elements) {
        if (element?.type === 'Literal' && typeof element.value === 'string')
          codes.push(element.value)
      }
    },
  }).visit(readSource(root, sourcePath).program)
  return codes
}
