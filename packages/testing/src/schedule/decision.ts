/** One step of a schedule. */
export type Decision =
  /** Process `id` makes so many calls. */
  | { readonly kind: 'run'; readonly id: number; readonly calls: number }
  /** Process `id` is not told to go on for so many decisions. */
  | { readonly kind: 'pause'; readonly id: number; readonly decisions: number }
  /** Process `id` dies, after so many bytes of the write that it is about to make. */
  | { readonly kind: 'kill'; readonly id: number; readonly bytes: number }
  /** The work of a killed process is begun again, by a new one. */
  | { readonly kind: 'restart'; readonly id: number }
  /** So many milliseconds go by. */
  | { readonly kind: 'wait'; readonly durationMs: number }
  /** The power fails; `draw` decides what of the unsynced survives. */
  | { readonly kind: 'power'; readonly draw: number }

const letters = { run: 'r', pause: 'p', kill: 'k', restart: 's', wait: 'w', power: 'x' } as const
const start = 'schedule1'

/** A schedule as one word, from which `replaySchedule` makes it again. */
export function formatSchedule(seed: number, decisions: readonly Decision[]): string {
  return [start, seed, decisions.map(format).join('.')].join(':')
}

function format(decision: Decision): string {
  const letter = letters[decision.kind]
  switch (decision.kind) {
    case 'run':
      return `${letter}${decision.id}-${decision.calls}`
    case 'pause':
      return `${letter}${decision.id}-${decision.decisions}`
    case 'kill':
      return `${letter}${decision.id}-${decision.bytes}`
    case 'restart':
      return `${letter}${decision.id}`
    case 'wait':
      return `${letter}${decision.durationMs}`
    case 'power':
      break
  }
  return `${letter}${decision.draw}`
}

/** What `formatSchedule` was given. @throws TypeError for any other text. */
export function parseSchedule(text: string): { seed: number; decisions: Decision[] } {
  const [version, seed, list] = text.trim().split(':')
  if (version !== start || seed === undefined || !/^\d+$/.test(seed) || list === undefined) {
    throw new TypeError(`${JSON.stringify(text)} is not the replay of a schedule`)
  }
  return {
    seed: Number(seed),
    decisions: list
      .split('.')
      .filter((part) => part !== '')
      .map(parse),
  }
}

function parse(part: string): Decision {
  const [, letter, first, second] = /^([rpkswx])(\d+)(?:-(\d+))?$/.exec(part) ?? []
  const [id, count] = [Number(first), Number(second ?? 0)]
  switch (letter) {
    case 'r':
      return { kind: 'run', id, calls: count }
    case 'p':
      return { kind: 'pause', id, decisions: count }
    case 'k':
      return { kind: 'kill', id, bytes: count }
    case 's':
      return { kind: 'restart', id }
    case 'w':
      return { kind: 'wait', durationMs: id }
    case 'x':
      return { kind: 'power', draw: id }
    default:
      throw new TypeError(`${JSON.stringify(part)} is no decision of a schedule`)
  }
}
