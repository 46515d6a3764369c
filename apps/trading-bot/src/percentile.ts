/** The value that the given part of all values does not exceed (nearest rank); undefined for none. */
export function percentile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
}
