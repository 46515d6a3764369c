import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { huntAll, mutantTable } from '../src/mutants/gate.ts'

test('every bug that was put into a backend is caught, as the failure that it leads to', async () => {
  const hunted = await huntAll()
  console.log(mutantTable(hunted))
  expect(hunted.filter(({ by }) => by === null)).toEqual([])
  expect(hunted.filter(({ isExpected }) => !isExpected)).toEqual([])
  expect(hunted).toHaveLength(32)
  const page = readFileSync(new URL('../../../docs/durability.md', import.meta.url), 'utf8')
  const rows = mutantTable(hunted).split('\n').map(cells)
  expect(page.split('\n').map(cells), 'docs/durability.md').toEqual(expect.arrayContaining(rows))
})

/** A row of a table without the width of its columns. */
function cells(line: string): string {
  return line.replaceAll(/-+/g, '-').replaceAll(/ +/g, ' ')
}
