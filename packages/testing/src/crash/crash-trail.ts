/** One power cut of a trail: at which moment of the run, and what of the unsynced survived. */
export interface CrashStep {
  readonly point: number
  readonly survivors: readonly number[]
}

const start = 'crash1'

/** A crash as one word, from which `replayCrash` makes it again: `crash1:<seed>:<point>=<survivors>:…`. */
export function formatTrail(seed: number, steps: readonly CrashStep[]): string {
  const parts = steps.map(({ point, survivors }) => `${point}=${survivors.join('.')}`)
  return [start, seed, ...parts].join(':')
}

/** What `formatTrail` was given. @throws TypeError for any other text. */
export function parseTrail(text: string): { seed: number; steps: CrashStep[] } {
  const [version, seed, ...parts] = text.trim().split(':')
  const steps = parts.map((part) => /^(\d+)=((?:-?\d+(?:\.-?\d+)*)?)$/.exec(part))
  if (version !== start || seed === undefined || !/^\d+$/.test(seed) || steps.includes(null)) {
    throw new TypeError(`${JSON.stringify(text)} is not the replay of a crash`)
  }
  return {
    seed: Number(seed),
    steps: steps.map((match) => ({
      point: Number(match?.[1]),
      survivors: (match?.[2] ?? '')
        .split('.')
        .filter((id) => id !== '')
        .map(Number),
    })),
  }
}
