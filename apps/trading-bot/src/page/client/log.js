/** @import { PageLogLine } from '../page-message.ts' */

/**
 * The lines of a log, newest first.
 *
 * @param {HTMLElement} list
 * @param {readonly PageLogLine[]} lines
 * @param {string} none is what to say where there is no line.
 */
export function fillLog(list, lines, none) {
  const text = JSON.stringify(lines)
  if (list.dataset['shown'] === text) return
  list.dataset['shown'] = text
  list.replaceChildren(...(lines.length === 0 ? [item(none)] : lines.map(line)))
}

/** @param {PageLogLine} line */
function line({ timeMs, text }) {
  const time = document.createElement('time')
  time.textContent = new Date(timeMs).toISOString().slice(0, 10)
  const element = item(text)
  element.prepend(time)
  return element
}

/** @param {string} text */
function item(text) {
  const element = document.createElement('li')
  element.textContent = text
  return element
}
