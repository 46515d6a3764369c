import { channel } from 'node:diagnostics_channel'
import { onTestFinished } from 'vitest'

/** What is told on a diagnostics channel from now on, until the test is over. */
export function messages(name: string): Record<string, unknown>[] {
  const heard: Record<string, unknown>[] = []
  const listen = (message: unknown): void => void heard.push(message as Record<string, unknown>)
  channel(name).subscribe(listen)
  onTestFinished(() => {
    channel(name).unsubscribe(listen)
  })
  return heard
}

/** Resolves with the next message on a diagnostics channel. */
export function nextMessage(name: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      channel(name).unsubscribe(listen)
      resolve(message as Record<string, unknown>)
    }
    channel(name).subscribe(listen)
    onTestFinished(() => {
      channel(name).unsubscribe(listen)
    })
  })
}
