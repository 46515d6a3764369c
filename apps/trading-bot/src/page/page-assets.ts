import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A file of the page. */
export interface PageAsset {
  readonly type: string
  readonly content: string
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

const clientFiles = [
  'index.html',
  'page.css',
  'page.js',
  'chart.js',
  'histogram.js',
  'kill-button.js',
  'list.js',
  'log.js',
  'table.js',
]

/**
 * All files of the page by their paths, as they lie here and in the package uplot: nothing is built,
 * and nothing is fetched from elsewhere.
 */
export async function pageAssets(): Promise<ReadonlyMap<string, PageAsset>> {
  const client = join(import.meta.dirname, 'client')
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'))
  const files = [
    ...clientFiles.map((name) => [`/${name}`, join(client, name)] as const),
    ['/uplot.js', join(uplot, 'uPlot.esm.js')] as const,
    ['/uplot.css', join(uplot, 'uPlot.min.css')] as const,
  ]
  const assets = files.map(async ([path, file]): Promise<[string, PageAsset]> => {
    const type = types[path.split('.').at(-1) ?? ''] ?? 'text/plain'
    return [path, { type, content: await readFile(file, 'utf8') }]
  })
  return new Map(await Promise.all(assets))
}
