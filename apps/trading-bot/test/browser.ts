import { chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

/** Debian's; scripts/install-system-packages.sh installs it. */
const executablePath = '/usr/bin/chromium'

/** What a page is opened with. */
export interface OpenPageOptions {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** A page in a real browser, and what went wrong in it. */
export interface BrowserPage {
  readonly page: Page
  /** Errors on the console, exceptions, and requests that left the page's own host. */
  readonly problems: readonly string[]
}

/** Opens `url` in a browser that ends with the test. */
export async function openPage(url: string, options: OpenPageOptions = {}): Promise<BrowserPage> {
  const { width = 1280, colorScheme = 'light' } = options
  // Tests run as root in a container, where chromium's own sandbox cannot be.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme })
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== url && protocol !== 'data:') problems.push(`request to ${request.url()}`)
  })
  await page.goto(url)
  await expect.poll(() => page.locator('#figures dd').count()).toBeGreaterThan(0)
  return { page, problems }
}
