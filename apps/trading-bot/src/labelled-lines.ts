import { styleText } from 'node:util'

/** A line for people: what, and how much. */
export type LabelledLine = readonly [label: string, text: string]

const labelWidth = 14

/** Lines below each other, their texts aligned; ends with a line break. */
export function labelledLines(lines: readonly LabelledLine[]): string {
  return lines
    .map(([label, text]) => `${styleText('bold', label.padEnd(labelWidth))}${text}\n`)
    .join('')
}
