import type { Page } from 'playwright-core'

/**
 * The texts of a page whose contrast to what is behind them is below 4.5, or 3 for large ones: WCAG 2.2,
 * success criterion 1.4.3, with its formulas for contrast and relative luminance.
 */
export function lowContrasts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Rgb = [number, number, number, number]
    const parse = (color: string): Rgb => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number)
      return [red, green, blue, alpha]
    }
    const luminance = ([red, green, blue]: Rgb): number => {
      const linear = [red, green, blue].map((channel) => {
        const part = channel / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      const [r = 0, g = 0, b = 0] = linear
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const behind = (element: Element | null): Rgb => {
      if (element === null) return [255, 255, 255, 1]
      const color = parse(getComputedStyle(element).backgroundColor)
      return color[3] === 1 ? color : behind(element.parentElement)
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const low: string[] = []
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const { parentElement: element, textContent } = node
      if (element === null || !textContent?.trim() || !element.checkVisibility()) continue
      const style = getComputedStyle(element)
      const sizePx = Number.parseFloat(style.fontSize)
      const isLarge = sizePx >= 24 || (sizePx >= 18.66 && Number(style.fontWeight) >= 700)
      const [one, other] = [luminance(parse(style.color)), luminance(behind(element))]
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
      if (ratio < (isLarge ? 3 : 4.5)) low.push(`${ratio.toFixed(2)} ${textContent.trim()}`)
    }
    return low
  })
}
