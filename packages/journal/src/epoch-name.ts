/** The file of epoch `number`, 1 or more. */
export function epochName(number: number): string {
  return `${String(number).padStart(8, '0')}.jsonl`
}

/** The epoch that the file `name` holds, or null where `epochName` gives no such name. */
function epochNumber(name: string): number | null {
  const number = Number(/^(\d{8,15})\.jsonl$/.exec(name)?.[1] ?? 0)
  return number > 0 && epochName(number) === name ? number : null
}

/** The epochs among the names of a directory, lowest first. Every other file is ignored. */
export function epochsIn(names: readonly string[]): number[] {
  return names
    .map(epochNumber)
    .filter((number) => number !== null)
    .toSorted((a, b) => a - b)
}

/** The epoch file that `name` is the temporary of, or null where it is no such name. */
export function temporaryTarget(name: string): string | null {
  const target = /^\.(\d{8,15}\.jsonl)\..+\.tmp$/.exec(name)?.[1]
  return target !== undefined && epochNumber(target) !== null ? target : null
}

/** Whether `name` is that of a damaged epoch which was set aside. */
export function isSetAside(name: string): boolean {
  return /^\d{8,15}\.jsonl\.corrupt-/.test(name)
}
