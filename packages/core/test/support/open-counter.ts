import { z } from 'zod'
import { openStore, type State, type Store } from '../../src/index.ts'
import { ScriptedBackend, scriptedModule, type ScriptedState } from './scripted-backend.ts'

export interface Counter {
  n: number
  log: string[]
  m: Record<string, number>
}

const counterSchema: z.ZodType<Counter> = z.object({
  n: z.number(),
  log: z.array(z.string()),
  m: z.record(z.string(), z.number()),
})

export interface OpenedCounter {
  readonly state: State<Counter>
  readonly stored: ScriptedState
  readonly backend: ScriptedBackend
  readonly store: Store
}

/** A state `bot` over a scripted backend: a new one, or another handle on a given one. */
export async function openCounter(
  backend: ScriptedBackend = new ScriptedBackend(),
): Promise<OpenedCounter> {
  const store = await openStore('scripted:', { backends: [scriptedModule(backend)] })
  const initial = (): Counter => ({ n: 0, log: [], m: {} })
  const state = await store.open('bot', { schema: counterSchema, initial })
  return { state, stored: backend.state(), backend, store }
}
