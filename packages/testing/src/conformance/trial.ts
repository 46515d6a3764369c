import type { Backend, Sequence } from '@holdfast/core'
import type { ConformancePlace } from '../conformance-place.ts'

/** Declares one test: `title` is the sentence that `body` tries to refute, in a place of its own. */
export type Check<Place extends ConformancePlace = ConformancePlace> = (
  title: string,
  body: (trial: Trial<Place>) => Promise<void>,
) => void

/** The state that a test works on when its name does not matter. */
export const stateName = 'trading'

/** One run of one test: a place, and every handle that the test opened on it. */
export class Trial<Place extends ConformancePlace = ConformancePlace> {
  readonly place: Place
  readonly #handles: Backend[] = []

  private constructor(place: Place) {
    this.place = place
  }

  /** Runs `body` on a fresh place; then, whatever came of it, closes the handles and disposes of it. */
  static async run<Place extends ConformancePlace>(
    setup: () => Place | Promise<Place>,
    body: (trial: Trial<Place>) => Promise<void>,
  ): Promise<void> {
    const trial = new Trial(await setup())
    const errors: unknown[] = []
    const attempt = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        errors.push(error)
      }
    }
    await attempt(() => body(trial))
    for (const handle of trial.#handles) await attempt(() => handle.close())
    await attempt(() => trial.place.dispose())
    if (errors.length > 1) throw new AggregateError(errors, String(errors[0]))
    if (errors.length === 1) throw errors[0]
  }

  /** Opens another handle on the place. */
  async open(): Promise<Backend> {
    const backend = await this.place.open()
    this.#handles.push(backend)
    return backend
  }

  /** Opens `name` through a handle of its own. */
  async openSequence(name: string = stateName): Promise<Sequence> {
    const backend = await this.open()
    return backend.open(name)
  }
}
