// The page: takes what the show tells, and puts it where it belongs.

import { createChart } from './chart.js'
import { fillHistogram } from './histogram.js'
import { fillList } from './list.js'
import { fillLog } from './log.js'
import { prepareKillButton } from './kill-button.js'
import { fillTable } from './table.js'

/** @import { PageShow, PageUpdate } from '../page-message.ts' */
/** @import { Chart } from './chart.js' */

/** @type {Chart | undefined} */
let chart
/** @type {number[]} */
let bounds = []
const killButton = prepareKillButton()

const events = new EventSource('/events')
events.addEventListener('show', ({ data }) => begin(JSON.parse(data)))
events.addEventListener('update', ({ data }) => update(JSON.parse(data)))
events.addEventListener('error', () => {
  killButton.disable()
  say('The show has ended, and its page with it. npm start begins another one.')
})

/** @param {PageShow} show */
function begin(show) {
  bounds = [...show.latencyBoundsMs]
  chart?.destroy()
  chart = createChart(element('chart'), show)
}

/** @param {PageUpdate} message */
function update(message) {
  say(message.status)
  killButton.setAlive(message.isAlive && !message.isOver)
  chart?.update(message.equity, message.crashes)
  fillList(element('figures'), message.figures)
  fillList(element('holdings'), message.holdings)
  fillHistogram(element('histogram'), bounds, message.histogram)
  fillLog(element('recoveries'), message.recoveries, 'None yet: the bot was not killed.')
  fillLog(element('orders'), message.orders, 'None yet.')
  element('result').hidden = message.table === null
  if (message.table !== null) fillTable(element('table'), message.table)
}

/** @param {string} text */
function say(text) {
  const status = element('status')
  // Setting the same text again would be read out again.
  if (status.textContent !== text) status.textContent = text
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`there is no #${id}`)
  return found
}
