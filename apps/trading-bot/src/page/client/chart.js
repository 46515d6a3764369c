import uPlot from 'uplot'

/** @import { PageShow, PageUpdate } from '../page-message.ts' */

/**
 * The chart of equity and price, with a mark for each crash.
 *
 * @typedef {object} Chart
 * @property {(equity: PageUpdate['equity'], crashes: readonly number[]) => void} update
 * @property {() => void} destroy
 */

/**
 * Draws into `place`, as wide as it is, in its colours.
 *
 * @param {HTMLElement} place
 * @param {PageShow} show
 * @returns {Chart}
 */
export function createChart(place, { times, prices, symbol }) {
  /** @type {(number | null)[]} */
  const equity = times.map(() => null)
  /** @type {(number | null)[]} */
  const shownPrices = times.map(() => null)
  /** @type {readonly number[]} */
  let crashes = []
  const plot = new uPlot(
    optionsFor(place, symbol, () => crashes.map((index) => times[index] ?? 0)),
    [[...times], equity, shownPrices],
  )
  place.replaceChildren(plot.root)
  const resize = new ResizeObserver(() => plot.setSize(sizeOf(place)))
  resize.observe(place)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const redraw = () => plot.redraw(false)
  scheme.addEventListener('change', redraw)
  return {
    update({ from, values }, marks) {
      for (const [offset, value] of values.entries()) {
        equity[from + offset] = value
        shownPrices[from + offset] = prices[from + offset] ?? null
      }
      const isNew = values.length > 0 || marks.length !== crashes.length
      crashes = marks
      const last = equity.findLast((value) => value !== null)
      const text = `Equity ${last ?? 'not known yet'}, price of ${symbol}, ${marks.length} crashes`
      place.setAttribute('aria-label', text)
      if (isNew) plot.setData([[...times], equity, shownPrices])
    },
    destroy() {
      resize.disconnect()
      scheme.removeEventListener('change', redraw)
      plot.destroy()
    },
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} symbol
 * @param {() => number[]} crashTimes
 * @returns {uPlot.Options}
 */
function optionsFor(place, symbol, crashTimes) {
  const axis = {
    stroke: () => color(place, '--faint'),
    grid: { stroke: () => color(place, '--line'), width: 1 },
    ticks: { stroke: () => color(place, '--line'), width: 1 },
  }
  return {
    ...sizeOf(place),
    scales: { x: { range: (plot) => span(plot) } },
    series: [
      { value: (_, seconds) => (seconds === null ? '' : isoDate(seconds)) },
      { label: 'equity', scale: 'equity', stroke: () => color(place, '--equity'), width: 2 },
      { label: symbol, scale: 'price', stroke: () => color(place, '--price'), width: 1 },
    ],
    axes: [
      axis,
      { ...axis, scale: 'equity', size: 64 },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot declares the sides as a const enum, of which nothing is left at run time
      { ...axis, scale: 'price', side: 1, size: 56, grid: { show: false } },
    ],
    hooks: { draw: [(plot) => drawCrashes(plot, crashTimes(), color(place, '--crash'))] },
  }
}

/**
 * A line from the top to the bottom for each crash, with a small triangle above.
 *
 * @param {uPlot} plot
 * @param {readonly number[]} crashTimes
 * @param {string} stroke
 */
function drawCrashes(plot, crashTimes, stroke) {
  const { ctx, bbox } = plot
  const size = 5 * devicePixelRatio
  ctx.save()
  ctx.strokeStyle = stroke
  ctx.fillStyle = stroke
  ctx.lineWidth = devicePixelRatio
  for (const time of crashTimes) {
    const x = Math.round(plot.valToPos(time, 'x', true))
    ctx.globalAlpha = 0.35
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.globalAlpha = 1
    ctx.beginPath()
    ctx.moveTo(x - size, bbox.top)
    ctx.lineTo(x + size, bbox.top)
    ctx.lineTo(x, bbox.top + 1.6 * size)
    ctx.fill()
  }
  ctx.restore()
}

/**
 * The whole time from the start: the curve grows into it.
 *
 * @param {uPlot} plot
 * @returns {[number, number]}
 */
function span({ data: [times] }) {
  return [times[0] ?? 0, times.at(-1) ?? 1]
}

/** @param {HTMLElement} place */
function sizeOf(place) {
  // The legend stands below the canvas, within the same room.
  const legendHeight = 34
  return { width: place.clientWidth, height: Math.max(120, place.clientHeight - legendHeight) }
}

/**
 * @param {HTMLElement} place
 * @param {string} name
 */
function color(place, name) {
  // A custom property keeps `light-dark()` as it was written; a real one resolves it.
  const probe = document.createElement('i')
  probe.style.color = `var(${name})`
  place.append(probe)
  const value = getComputedStyle(probe).color
  probe.remove()
  return value
}

/** @param {number} seconds */
function isoDate(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}
