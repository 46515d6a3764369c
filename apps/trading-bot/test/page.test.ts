import { request } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { openPage } from './browser.ts'
import { lowContrasts } from './contrast.ts'
import { madeUpShow, madeUpTable } from './made-up-show.ts'
import { ShowPage } from '../src/page/show-page.ts'

test('the page shows how the bot stands, and goes on by itself', async () => {
  const { page: served, trade } = await madeUpShow()
  const { page, problems } = await openPage(served.url)
  const figures = page.locator('#figures')
  await expect.poll(() => figures.innerText()).toContain('120 of 200')
  expect(await figures.innerText()).toMatch(/Equity\s+1,119\.00/)
  expect(await figures.innerText()).toMatch(/Crashes\s+1 of 5/)
  expect(await page.locator('#holdings').innerText()).toMatch(/Position\s+9\.5 from 101\.25/)
  expect(await page.locator('#recoveries').innerText()).toMatch(
    /ACME-000059-buy had been taken by the exchange/,
  )
  expect(await page.locator('#orders').innerText()).toContain('ACME-000119-sell: filled')
  expect(await page.locator('#status').innerText()).toBe('The bot trades: process 4712, life 2.')
  for (let index = 120; index < 150; index += 1) trade(index)
  await expect.poll(() => figures.innerText()).toContain('150 of 200')
  expect(problems).toEqual([])
})

test('the chart draws the curve, and a mark for each crash in its colour', async () => {
  const { page: served } = await madeUpShow()
  const { page } = await openPage(served.url)
  const chart = page.locator('#chart')
  await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/Equity 1119, .*1 crashes/)
  const colors = await page.locator('#chart canvas').evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d')
    if (context === null) return []
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Set<string>()
    for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 3).join())
    return [...seen]
  })
  // --crash and --equity of page.css, light.
  expect(colors).toContain('180,35,24')
  expect(colors).toContain('11,107,85')
})

test('the button can be reached and pressed by keyboard, and kills the bot', async () => {
  const { page: served, kills, model } = await madeUpShow()
  const { page } = await openPage(served.url)
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('kill')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('#kill-answer').innerText()).toBe('kill -9 4712')
  expect(kills).toEqual([4712])
  model.take('holdfast', { kind: 'killed', index: 119 })
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.locator('#kill-answer').innerText())
    .toBe('The bot is dead just now.')
  expect(kills).toEqual([4712])
})

test('all that scrolls can be reached by keyboard, and what has the focus is seen', async () => {
  const { page: served } = await madeUpShow()
  served.end(madeUpTable)
  const { page } = await openPage(served.url)
  const reached: string[] = []
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    const outline = await focused.evaluate((element) => getComputedStyle(element).outlineStyle)
    const name = await focused.evaluate(({ id, className }) => id || className)
    expect(outline, name).toBe('solid')
    reached.push(name)
  }
  expect(reached).toEqual(['kill', 'scroll', 'recoveries', 'orders'])
})

test.each([
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
  [320, 'light'],
] as const)(
  'at %d px, %s, all text has contrast AA and nothing is cut off',
  async (width, colorScheme) => {
    const { page: served } = await madeUpShow()
    served.end(madeUpTable)
    const { page, problems } = await openPage(served.url, { width, colorScheme })
    await expect.poll(() => page.locator('#table tbody tr').count()).toBe(9)
    expect(await lowContrasts(page)).toEqual([])
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(scrollWidth).toBeLessThanOrEqual(width)
    expect(problems).toEqual([])
  },
)

test('what is wrong in the closing table is marked by more than a colour', async () => {
  const { page: served } = await madeUpShow()
  served.end(madeUpTable)
  const { page } = await openPage(served.url)
  await expect
    .poll(() => page.locator('.wrong').allInnerTexts())
    .toEqual(['✗ -17.00', '✗ 3', '✗ no'])
})

test('a page that is closed in the middle is not waited for', async () => {
  const { page: served } = await madeUpShow()
  const { page } = await openPage(served.url)
  expect(served.viewers).toBe(1)
  const deserted = served.deserted(new AbortController().signal)
  await page.close()
  await deserted
  expect(served.viewers).toBe(0)
})

test('the page says so when the show has ended, and can be looked at on', async () => {
  const { page: served } = await madeUpShow()
  const { page } = await openPage(served.url)
  await served[Symbol.asyncDispose]()
  await expect.poll(() => page.locator('#status').innerText()).toMatch(/^The show has ended/)
  expect(await page.locator('#figures').innerText()).toContain('120 of 200')
  expect(await page.locator('#kill').isDisabled()).toBe(true)
})

test('only the page itself can kill: no token, a foreign origin or a foreign host are refused', async () => {
  const { page: served, kills } = await madeUpShow()
  const html = await (await fetch(served.url)).text()
  const token = /name="kill-token" content="([\da-f]+)"/.exec(html)?.[1] ?? ''
  const kill = (headers: Record<string, string>): Promise<number> =>
    statusOf(`${served.url}/kill`, 'POST', headers)
  expect(await kill({})).toBe(403)
  expect(await kill({ 'x-kill-token': token.replace(/^./, 'x') })).toBe(403)
  expect(await kill({ 'x-kill-token': token, origin: 'http://example.org' })).toBe(403)
  expect(await kill({ 'x-kill-token': token, host: 'example.org' })).toBe(403)
  expect(await statusOf(`${served.url}/kill`, 'GET', { 'x-kill-token': token })).toBe(405)
  expect(await statusOf(`${served.url}/events`, 'GET', { host: 'example.org' })).toBe(403)
  expect(kills).toEqual([])
  expect(await kill({ 'x-kill-token': token, origin: served.url })).toBe(200)
  expect(kills).toEqual([4712])
})

test('a port that is taken is an error that names it and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const { model } = await madeUpShow()
  await expect(ShowPage.open(model, port)).rejects.toThrow(
    `port ${port} is taken by another program. Give another one with --port`,
  )
})

/** The status of an answer; unlike fetch it lets any header be sent. */
function statusOf(url: string, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    asked.on('error', reject).end()
  })
}
