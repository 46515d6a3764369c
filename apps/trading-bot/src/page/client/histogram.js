/**
 * A row for each column of the histogram, with a bar as long as its share.
 *
 * @param {HTMLElement} table
 * @param {readonly number[]} bounds
 * @param {readonly number[]} counts
 */
export function fillHistogram(table, bounds, counts) {
  const most = Math.max(1, ...counts)
  const rows = counts.map((count, index) => {
    const bound = bounds[index]
    const title = bound === undefined ? `above ${bounds.at(-1)} ms` : `${bound} ms`
    return row(title, count, count / most)
  })
  table.querySelector('tbody')?.replaceChildren(...rows)
}

/**
 * @param {string} title
 * @param {number} count
 * @param {number} share
 */
function row(title, count, share) {
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = title
  const bar = document.createElement('span')
  bar.className = 'bar'
  bar.style.width = `${Math.round(share * 70)}%`
  const cell = document.createElement('td')
  cell.append(bar, count.toLocaleString('en'))
  const line = document.createElement('tr')
  line.append(head, cell)
  return line
}
