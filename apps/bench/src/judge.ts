import type { Bar, Contest, Side } from './contest.ts'
import { atMost, type Outcome, type Verdict } from './outcome.ts'
import type { Measurement } from './race.ts'
import { ratioOfMedians, spread } from './statistics.ts'

/** Turns durations into the rows of `contest`'s report and judges its bars. */
export function judge(contest: Contest, measurements: readonly Measurement[]): Outcome {
  const { name, title, baseline, bars } = contest
  const roundsOf = ({ contender, size }: Side) => {
    const found = measurements.find((each) => each.contender === contender && each.size === size)
    if (found === undefined)
      throw new TypeError(`${contender.name} was not measured: ${size.label}`)
    return found.roundsMs
  }
  const rows = measurements.map(({ contender, size, roundsMs }) => ({
    size: size.label,
    contender: contender.name,
    survives: contender.survives,
    ms: spread(roundsMs.flat()),
    ratio: ratioOfMedians(roundsMs, roundsOf({ contender: baseline, size })),
  }))
  const verdicts = bars.map((bar) => judgeBar(bar, roundsOf(bar), roundsOf(bar.against)))
  return { name, title, baseline: baseline.name, rows, figures: [], verdicts }
}

type Rounds = Measurement['roundsMs']

function judgeBar({ contender, size, against, limit }: Bar, own: Rounds, other: Rounds): Verdict {
  const subject = `${size.label}: ${contender.name}`
  const isSameSize = against.size === size
  const peer = isSameSize ? against.contender.name : sideName(against, contender.name)
  if ('atMost' in limit) {
    const measured = ratioOfMedians(own, other)
    const bar = `${subject} at most ${limit.atMost} x ${peer}`
    return atMost(bar, measured, limit.atMost)
  }
  const measured = ratioOfMedians(other, own)
  const bar = `${subject} at least ${limit.timesFaster} x faster than ${peer}`
  return { bar, measured, limit: limit.timesFaster, isMet: measured.p50 >= limit.timesFaster }
}

function sideName({ contender, size }: Side, known: string): string {
  return contender.name === known ? `itself at ${size.label}` : `${contender.name} at ${size.label}`
}
