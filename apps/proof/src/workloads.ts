import { type BackendStep, SeededRandom } from '@holdfast/testing'

const commit = (state: string, bytes: number): BackendStep => ({ kind: 'commit', state, bytes })
const remove = (state: string): BackendStep => ({ kind: 'remove', state })
const reopen: BackendStep = { kind: 'reopen' }
const load = (state: string): BackendStep => ({ kind: 'load', state })

/** Nothing, one byte less than a block, five blocks: with what stands around them. */
const sizes = [0, 511, 5 * 512]

const vocabulary: readonly BackendStep[] = [
  ...['a', 'b'].flatMap((state) => sizes.map((bytes) => commit(state, bytes))),
  remove('a'),
  load('a'),
  reopen,
]

/** Every sequence of at most three steps that begins with a commit, and changes something else than by it. */
export function shortWorkloads(): BackendStep[][] {
  const firsts = vocabulary.filter(({ kind }) => kind === 'commit')
  const one = firsts.map((step) => [step])
  const two = one.flatMap((steps) => vocabulary.map((step) => [...steps, step]))
  const three = two.flatMap((steps) => vocabulary.map((step) => [...steps, step]))
  return [...one, ...two, ...three]
}

/** A sequence of at most `most` steps that `random` draws. */
export function randomWorkload(random: SeededRandom, most: number): BackendStep[] {
  const draw = (): BackendStep => vocabulary[random.below(vocabulary.length)] ?? reopen
  return Array.from({ length: 2 + random.below(most - 1) }, draw)
}

/** One that has everything in it: what a bug has to get past. */
export const thoroughWorkload: readonly BackendStep[] = [
  commit('a', 0),
  commit('a', 600),
  reopen,
  commit('a', 10),
  remove('a'),
  commit('a', 10),
  commit('a', 1200),
]
