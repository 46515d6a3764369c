import { progressBar, progressLines, type Progress } from './progress.ts'

/** Whether people are watching, and the output can be drawn over. */
export function isTerminal(): boolean {
  return process.stdout.isTTY && process.env['TERM'] !== 'dumb'
}

/** Progress as the output can show it; `textWidth` is the room that its text needs beside a bar. */
export function terminalProgress(textWidth?: number): Progress {
  const { stdout } = process
  return isTerminal()
    ? progressBar(stdout, () => performance.now(), textWidth)
    : progressLines(stdout)
}

/** Writes to the output. */
export function writeOut(text: string): void {
  process.stdout.write(text)
}
