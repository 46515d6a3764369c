import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeTree } from './made-up-tree.ts'
import { extractPrograms, type Program } from './programs/extract.ts'
import {
  createProject,
  runProgram,
  saveProgram,
  typeCheck,
  type Ended,
} from './programs/project.ts'

const root = join(import.meta.dirname, '..')
const programs = extractPrograms(root)

async function run(program: Program, all: readonly Program[]): Promise<Ended> {
  const project = await createProject(root)
  const folder = await saveProgram(project, program, all)
  return runProgram(root, project, folder, program.fileName)
}

async function expectToRun(program: Program, all: readonly Program[]): Promise<void> {
  const { code, output, errors } = await run(program, all)
  expect(code, output + errors).toBe(0)
  expect(output).toBe(program.output === undefined ? output : `${program.output}\n`)
}

describe('the whole programs in the documents', () => {
  test('the README shows one', () => {
    expect(programs.map(({ document }) => document)).toContain('README.md')
  })

  test('they type-check under a reader’s strict settings', async () => {
    const project = await createProject(root)
    for (const program of programs) await saveProgram(project, program, programs)
    expect(await typeCheck(root, project)).toEqual({ code: 0, output: '', errors: '' })
  })

  test.each(programs)('$document, line $line runs, and prints what is said', async (program) => {
    await expectToRun(program, programs)
  })
})

describe('a program in a made-up document', () => {
  const fence = '```'
  const show = (code: string, after = '') => `# Title\n\n${fence}ts\n${code}\n${fence}\n${after}`
  const sideEffect = `import 'node:fs'\n`

  async function runShown(document: string) {
    const made = extractPrograms(makeTree({ 'README.md': document }))
    for (const program of made) await expectToRun(program, made)
    return made
  }

  test('passes when it prints what the text block after it says', async () => {
    const text = `\nIt prints:\n\n${fence}text\n1\n2\n${fence}\n`
    const made = await runShown(show(`${sideEffect}console.log('1\\n2')`, text))
    expect(made).toMatchObject([{ document: 'README.md', line: 3, output: '1\n2' }])
  })

  test('fails when it prints something else', async () => {
    const document = show(`${sideEffect}console.log('1')`, `${fence}text\n2\n${fence}\n`)
    await expect(runShown(document)).rejects.toThrow('expected')
  })

  test('fails when it throws', async () => {
    await expect(runShown(show(`${sideEffect}throw new Error('on purpose')`))).rejects.toThrow(
      'on purpose',
    )
  })

  test('may import another one of the same document by the name in its first line', async () => {
    const one = show('// one.ts\nexport const one: number = 1')
    const two = show(
      `import { one } from './one.ts'\nconsole.log(one)`,
      `${fence}text\n1\n${fence}\n`,
    )
    expect(await runShown(one + two)).toHaveLength(2)
  })

  test('is run by vitest when it is a test', async () => {
    const showTest = (value: number) =>
      show(`import { expect, test } from 'vitest'\ntest('one', () => expect(${value}).toBe(1))`)
    expect(await runShown(showTest(1))).toMatchObject([{ fileName: 'program.test.ts' }])
    await expect(runShown(showTest(2))).rejects.toThrow('expected 2 to be 1')
  })

  test('fails the type check when it has a type error', async () => {
    const made = extractPrograms(
      makeTree({ 'README.md': show(`${sideEffect}const a: string = 1`) }),
    )
    const project = await createProject(root)
    for (const program of made) await saveProgram(project, program, made)
    expect((await typeCheck(root, project)).output).toContain('TS2322')
  })

  test('is not taken for one when it is a fragment, or in another language', () => {
    const fragment = show('store.close()') + show('import x').replace(`${fence}ts`, `${fence}js`)
    expect(extractPrograms(makeTree({ 'README.md': fragment }))).toEqual([])
  })

  test('a text block about something else is not its output', () => {
    const document = show(sideEffect, `A paragraph.\n\n${fence}text\n2\n${fence}\n`)
    expect(extractPrograms(makeTree({ 'README.md': document }))).toMatchObject([
      { output: undefined },
    ])
  })
})
