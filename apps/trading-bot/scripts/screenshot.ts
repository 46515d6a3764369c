// Takes the picture of the crash show's page that the documents show: runs a show, waits until most
// of it is over, and saves what a browser sees.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const picture = join(import.meta.dirname, '../../../docs/images/crash-show.png')
const main = join(import.meta.dirname, '../src/main.ts')
const showArgs = ['--page', '--no-naive', '--crashes', '24', '--speed', '500']
/** Of the 5,105 candles. */
const candlesToWaitFor = 4000

const directory = await mkdtemp(join(tmpdir(), 'screenshot-'))
const show = spawn(process.execPath, [...process.execArgv, main, ...showArgs], {
  cwd: directory,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(show, 'close')
try {
  await takePicture(await pageUrl())
  console.log(picture)
} finally {
  show.kill('SIGTERM')
  await ended
  await rm(directory, { recursive: true })
}

async function pageUrl(): Promise<string> {
  for await (const line of createInterface(show.stdout)) {
    const [, url] = /^Page +(http\S+)$/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('the show ended without a page')
}

async function takePicture(url: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  const page = await browser.newPage({
    viewport: { width: 1200, height: 690 },
    colorScheme: 'dark',
  })
  await page.goto(url)
  await page.waitForFunction(
    (wanted) => {
      const [, done = '0'] = /Candles\s+([\d,]+) of/.exec(document.body.innerText) ?? []
      return Number(done.replace(',', '')) >= wanted
    },
    candlesToWaitFor,
    { timeout: 120_000 },
  )
  await mkdir(dirname(picture), { recursive: true })
  await page.screenshot({ path: picture })
  await browser.close()
}
