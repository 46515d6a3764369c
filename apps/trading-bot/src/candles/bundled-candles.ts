import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'

/** The bundled candles for people. */
export const bundledTitle = 'the S&P 500, daily (npm package vega-datasets)'

/** What the bundled candles are of. */
export const bundledSymbol = 'SPX'

/**
 * The path of the S&P 500's daily candles from 2000 to 2020 in the package vega-datasets. Its
 * `exports` give only the entry module, so the data is found from there.
 */
export function bundledCandles(): string {
  const entry = createRequire(import.meta.url).resolve('vega-datasets')
  return resolve(dirname(entry), '../data/sp500-2000.csv')
}
