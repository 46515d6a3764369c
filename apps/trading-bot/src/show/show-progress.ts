import { formatCount } from '../format-count.ts'
import { formatMoney } from '../format-money.ts'
import { formatTime } from '../format-time.ts'
import type { Progress } from '../progress.ts'
import type { Part, PartModel } from './part-model.ts'
import type { ShowModel } from './show-model.ts'

const lookMs = 100

/** Shows how the slowest of the `parts` goes on, until the function that it gives is called. */
export function followProgress(
  model: ShowModel,
  parts: readonly Part[],
  progress: Progress,
): () => void {
  const total = model.candles.length
  const show = (): void => {
    const runs = parts.map((part) => model.part(part))
    const done = Math.min(...runs.map(({ index }) => index + 1))
    if (done > 0 && progress.isDue(done, total)) {
      progress.show({ done, total, text: textOf(model, runs, done) })
    }
  }
  const timer = setInterval(show, lookMs)
  return () => {
    clearInterval(timer)
    show()
    progress.end()
  }
}

function textOf({ candles }: ShowModel, runs: readonly PartModel[], done: number): string {
  const time = formatTime(candles[done - 1]?.timeMs ?? 0)
  const equity = formatMoney(runs[0]?.equity[done - 1] ?? '0')
  const kills = runs.map(({ part, crashes }) => {
    return part === 'uninterrupted' ? part : `${part} killed ${formatCount(crashes.length)} ×`
  })
  return `${time}  ${equity}  ${kills.join(', ')}`
}
