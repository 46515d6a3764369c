/** Where the samples of a measurement lie. */
export interface Spread {
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p99: number
}

/** The `q`-quantile (0 to 1) of `samples`, linear between neighbours; `samples` keep their order. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) {
    throw new TypeError('a quantile needs at least one sample')
  }
  return below + (above - below) * (position - Math.floor(position))
}

/** The quartiles of `samples` and their 99th percentile. */
export function spread(samples: readonly number[]): Spread {
  return {
    p25: quantile(samples, 0.25),
    p50: quantile(samples, 0.5),
    p75: quantile(samples, 0.75),
    p99: quantile(samples, 0.99),
  }
}

/**
 * How the medians of two contenders compare, round by round. Each round gives one ratio: what
 * slows a whole round down (another process, a busy disk) slows both sides, and cancels out.
 */
export function ratioOfMedians(
  rounds: readonly (readonly number[])[],
  baselineRounds: readonly (readonly number[])[],
): Spread {
  if (rounds.length !== baselineRounds.length) {
    throw new TypeError('both sides of a ratio need the same rounds')
  }
  return spread(
    rounds.map((round, index) => quantile(round, 0.5) / quantile(baselineRounds[index] ?? [], 0.5)),
  )
}
