/** A count for people: `5,105`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en')
}
