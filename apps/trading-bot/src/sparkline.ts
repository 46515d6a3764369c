const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/**
 * Draws values as a line of at most `width` characters; where there are more values than that, each
 * character is the mean of an equal share of them. Empty for no values, level for equal ones.
 */
export function sparkline(values: readonly number[], width: number): string {
  const points = shrink(values, Math.min(width, values.length))
  const lowest = Math.min(...points)
  const range = Math.max(...points) - lowest
  const top = levels.length - 1
  return points
    .map((point) => levels[range === 0 ? 0 : Math.round(((point - lowest) / range) * top)])
    .join('')
}

function shrink(values: readonly number[], width: number): number[] {
  return Array.from({ length: width }, (_, index) => {
    const start = Math.floor((index * values.length) / width)
    const end = Math.floor(((index + 1) * values.length) / width)
    const share = values.slice(start, end)
    return share.reduce((sum, value) => sum + value, 0) / share.length
  })
}
