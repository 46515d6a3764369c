/** @import { PageTable } from '../page-message.ts' */

/**
 * The closing table; what is wrong is marked by more than its colour.
 *
 * @param {HTMLElement} table
 * @param {PageTable} content
 */
export function fillTable(table, { titles, rows }) {
  const head = document.createElement('thead')
  head.append(line([cell('th', ''), ...titles.map((title) => cell('th', title))]))
  const body = document.createElement('tbody')
  for (const { label, cells } of rows) {
    const values = cells.map(({ text, isRight }) => {
      const value = cell('td', isRight ? text : `✗ ${text}`)
      value.className = isRight ? 'right' : 'wrong'
      return value
    })
    body.append(line([cell('th', label), ...values]))
  }
  table.replaceChildren(head, body)
}

/**
 * @param {'th' | 'td'} tag
 * @param {string} text
 */
function cell(tag, text) {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

/** @param {readonly HTMLElement[]} cells */
function line(cells) {
  const row = document.createElement('tr')
  row.append(...cells)
  return row
}
