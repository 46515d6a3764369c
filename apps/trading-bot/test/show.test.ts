import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openPage } from './browser.ts'
import { runShow, startShow } from './show-process.ts'
import { shortenedCandles } from './shortened-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** Many orders in few candles. */
const busy = ['--fast', '2', '--slow', '5', '--no-page']

/** The cells of a row of the closing table. */
function row(stdout: string, label: string): string[] {
  const line = stdout.split('\n').find((each) => each.startsWith(label)) ?? ''
  return line
    .slice(30)
    .trim()
    .split(/\s{2,}/)
}

test.each(['journal', 'file', 'lockfile'])(
  'on %s: a bot that is killed again and again ends as one that was left alone, a naive one does not',
  async (backend) => {
    const directory = await temporaryDirectory()
    const candles = ['--candles', await shortenedCandles(directory, 400), ...busy]
    const args = ['--state', `${backend}:`, '--crashes', '8', ...candles]
    const { exitCode, stdout, stderr } = await runShow(args, directory)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(row(stdout, 'kill -9')).toEqual(['0', '8', '8'])
    for (const label of ['Orders doubled', 'Orders lost', 'Torn states']) {
      expect(row(stdout, label).slice(0, 2)).toEqual(['0', '0'])
    }
    const [, equity] = row(stdout, 'Final equity, by the state')
    expect(row(stdout, 'Final equity, by the exchange').slice(0, 2)).toEqual([equity, equity])
    const [wanted, atExchange, naive] = row(stdout, 'Orders at the exchange')
    expect(Number(wanted)).toBeGreaterThan(40)
    expect(atExchange).toBe(wanted)
    expect(row(stdout, 'Orders in the state').slice(0, 2)).toEqual([wanted, wanted])
    // Answers that do not come are enough for that: the naive bot sends such orders again.
    expect(naive).toMatch(/^✗ /)
    expect(stdout).toMatch(/^holdfast +as if it had never been killed/m)
    expect(await readdir(join(directory, 'state'))).toEqual([backend])
  },
  120_000,
)

test('--naive runs the naive bot alone, and ends with 1 since its numbers are wrong', async () => {
  const directory = await temporaryDirectory()
  const candles = ['--candles', await shortenedCandles(directory, 200), ...busy]
  const { exitCode, stdout } = await runShow(['--naive', '--crashes', '2', ...candles], directory)
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^ +uninterrupted +naive$/m)
  expect(await readdir(directory)).toEqual(['candles-200.csv'])
})

test('the kill button ends a real bot, which goes on from where it was', async () => {
  const directory = await temporaryDirectory()
  const candles = ['--candles', await shortenedCandles(directory, 300), '--speed', '60']
  const args = ['--page', '--no-naive', '--crashes', '0', ...candles]
  const show = startShow(args, directory)
  const url = await show.printed(/^Page +(\S+)$/m)
  const { page, problems } = await openPage(url)
  const status = (): Promise<string> => page.locator('#status').innerText()
  await expect.poll(status).toMatch(/life 1\.$/)
  await page.locator('#kill').click()
  await expect.poll(status).toMatch(/life 2\.$/)
  const over = page.locator('#table tbody tr').first()
  await expect.poll(() => over.innerText()).toMatch(/kill -9\s+0\s+1/)
  expect(problems).toEqual([])
  await page.close()
  const { exitCode, stdout, stderr } = await show.end
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^Page +stays as long as somebody looks at it/m)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the show and every process of it',
  async (name) => {
    const directory = await temporaryDirectory()
    const show = startShow(['--no-page', '--speed', '100'], directory)
    await show.printed(/^100 % .*(uninterrupted)/m)
    show.child.kill(name)
    expect(await show.end).toMatchObject({ exitCode: name === 'SIGINT' ? 130 : 143, stderr: '' })
    expect(await childrenOf(directory)).toEqual([])
  },
)

test('the processes of a show that was killed end by themselves', async () => {
  const directory = await temporaryDirectory()
  const show = startShow(['--no-page', '--speed', '100'], directory)
  await show.printed(/^100 % .*(uninterrupted)/m)
  show.child.kill('SIGKILL')
  await show.end
  await expect.poll(() => childrenOf(directory)).toEqual([])
})

test('a page whose port is taken is an error before anything runs', async () => {
  const directory = await temporaryDirectory()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const { exitCode, stderr, stdout } = await runShow(['--page', '--port', String(port)], directory)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(new RegExp(`^error: port ${port} is taken by another program`))
})

test.each([
  [['--crashes', 'many'], 2, '--crashes must be a whole number from 0'],
  [['--candles', 'none.csv'], 2, 'no such file'],
  [['--state', 'nowhere:x'], 3, 'CONFIG'],
  [['--fresh'], 2, "Unknown option '--fresh'"],
])('%j is an error of one line', async (args, exitCode, text) => {
  const end = await runShow([...args, '--no-page', '--no-naive'], await temporaryDirectory())
  expect(end.exitCode).toBe(exitCode)
  expect(end.stderr).toMatch(/^error: [^\n]*\n$/)
  expect(end.stderr).toContain(text)
})

test('the bot ends with 5 when its exchange cannot be reached, and wrote nothing', async () => {
  const directory = await temporaryDirectory()
  const exchange = ['--exchange', 'http://127.0.0.1:9', '--patience', '100']
  const { exitCode, stderr } = await runShow(['bot', ...exchange], directory)
  expect(exitCode).toBe(5)
  expect(stderr).toMatch(
    /^error: the exchange gave no answer for 0\.1 s\..*127\.0\.0\.1:9: ECONNREFUSED/,
  )
  expect(await readdir(directory)).toEqual([])
})

/** The processes of this program whose current folder is `directory`. */
async function childrenOf(directory: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.includes(`SHOW_TEST=${directory}`)) found.push(pid)
  }
  return found
}
