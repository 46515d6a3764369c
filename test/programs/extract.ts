import { filePaths, readText } from '../rules/workspace.ts'

/** A whole program that a document shows. */
export interface Program {
  /** The document, from the root of the repository. */
  readonly document: string
  /** The line of the document on which it begins. */
  readonly line: number
  /** Whether its first line, such as `// my-backend.ts`, names its file. */
  readonly isNamed: boolean
  /** The name it is saved under. */
  readonly fileName: string
  readonly code: string
  /** What it prints, where the document says so. */
  readonly output: string | undefined
}

interface Block {
  readonly info: string
  readonly line: number
  readonly body: readonly string[]
  /** What stands between the block before and this one. */
  readonly before: readonly string[]
}

/**
 * The whole programs in every Markdown file under `root`: blocks marked `ts` that begin with an
 * import, or with a comment that names their file. Other `ts` blocks are fragments. A `text` block
 * that follows a program, at once or after a line that ends in a colon, is what it prints.
 */
export function extractPrograms(root: string): Program[] {
  return filePaths(root, '.')
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => programsIn(path, readText(root, path)))
}

function programsIn(document: string, text: string): Program[] {
  const blocks = blocksIn(text.split('\n'))
  return blocks.flatMap(({ info, line, body }, index) => {
    const named = /^\/\/ ([a-z0-9.-]+\.ts)$/.exec(body[0] ?? '')?.[1]
    if (info !== 'ts' || (named === undefined && !body[0]?.startsWith('import '))) return []
    const code = body.join('\n')
    const isTest = /from ['"]vitest['"]/.test(code)
    const fileName = named ?? `program${isTest ? '.test' : ''}.ts`
    return [
      {
        document,
        line,
        isNamed: named !== undefined,
        fileName,
        code,
        output: outputIn(blocks[index + 1]),
      },
    ]
  })
}

function outputIn(next: Block | undefined): string | undefined {
  if (next?.info !== 'text') return undefined
  const prose = next.before.filter((line) => line.trim() !== '')
  const isAbout = prose.length === 0 || (prose.length === 1 && prose[0]?.trimEnd().endsWith(':'))
  return isAbout ? next.body.join('\n') : undefined
}

function blocksIn(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let end = -1
  while (true) {
    const start = lines.findIndex((line, index) => index > end && line.startsWith('```'))
    if (start === -1) return blocks
    const before = lines.slice(end + 1, start)
    end = lines.indexOf('```', start + 1)
    if (end === -1) throw new SyntaxError(`the block on line ${start + 1} has no end`)
    const info = lines[start]?.slice(3).trim() ?? ''
    blocks.push({ info, line: start + 1, body: lines.slice(start + 1, end), before })
  }
}
