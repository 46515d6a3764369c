import type { Benchmark } from './benchmark.ts'

/**
 * The benchmarks that `names` mean, each a benchmark's own name or the word that a group of them
 * begins with; all where there is no name.
 * @throws TypeError for a name that means none.
 */
export function choose(
  benchmarks: readonly Benchmark[],
  names: readonly string[],
): readonly Benchmark[] {
  if (names.length === 0) return benchmarks
  const unknown = names.find((name) => !benchmarks.some((benchmark) => isMeant(benchmark, name)))
  if (unknown !== undefined) {
    const known = benchmarks.map(({ name }) => name).join(', ')
    throw new TypeError(`there is no benchmark ${JSON.stringify(unknown)}, only ${known}`)
  }
  return benchmarks.filter((benchmark) => names.some((name) => isMeant(benchmark, name)))
}

function isMeant(benchmark: Benchmark, name: string): boolean {
  return benchmark.name === name || benchmark.name.startsWith(`${name}-`)
}
