import type { Durability } from '@holdfast/core'

const words: Readonly<Record<Durability, string>> = {
  none: 'nothing: it is gone when this process ends',
  process: 'kill -9 of the bot; a power cut may take the last commits',
  power: 'kill -9 of the bot, and a power cut',
}

/** What a commit of that durability survives, in words. */
export function survives(durability: Durability): string {
  return words[durability]
}
