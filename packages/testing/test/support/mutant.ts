import type { Backend, Sequence } from '@holdfast/core'
import type { ListPlace, Mutation } from './list-backend.ts'

/** A backend with one bug, and where the suite has to find it. */
export interface Mutant {
  readonly bug: string
  readonly topic: string
  readonly mutation: Mutation
}

/** The mutants of one topic, from what is wrong with each. */
export function mutantsOf(
  topic: string,
  mutations: Readonly<Record<string, Mutation>>,
): readonly Mutant[] {
  return Object.entries(mutations).map(([bug, mutation]) => ({ bug, topic, mutation }))
}

/** Replaces methods of every backend. */
export function inBackends(
  replace: (backend: Backend, place: ListPlace) => Partial<Backend>,
): Mutation {
  return (backend, place) => ({ ...backend, ...replace(backend, place) })
}

/** Replaces methods of every sequence. */
export function inSequences(
  replace: (sequence: Sequence, name: string, place: ListPlace) => Partial<Sequence>,
): Mutation {
  return inBackends((backend, place) => ({
    open: async (name, options) => {
      const sequence = await backend.open(name, options)
      return { ...sequence, ...replace(sequence, name, place) }
    },
  }))
}

/** Changes every value of a document on its way out, innermost first; undefined drops it. */
export function distorting(distort: (value: unknown, key: string) => unknown): Mutation {
  return inSequences((sequence) => ({
    load: async (options) => {
      const snapshot = await sequence.load(options)
      if (snapshot === null) return null
      const text = JSON.stringify(snapshot.data)
      return { ...snapshot, data: JSON.parse(text, (key, value: unknown) => distort(value, key)) }
    },
  }))
}

/** Keeps every state under another name than the one that it was given. */
export function renaming(rename: (name: string) => string): Mutation {
  return inBackends((backend) => ({
    open: (name, options) => backend.open(rename(name), options),
    remove: (name, options) => backend.remove(rename(name), options),
  }))
}
