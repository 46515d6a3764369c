/** A time as people write it, in UTC: the date, and the time of day only where it is not midnight. */
export function formatTime(timeMs: number): string {
  const iso = new Date(timeMs).toISOString()
  return iso
    .replace(/T00:00:00\.000Z$/, '')
    .replace('T', ' ')
    .replace(/(:00)?(\.000)?Z$/, '')
}
