import { aborting } from './conformance/aborting.ts'
import { aliasing } from './conformance/aliasing.ts'
import { badInput } from './conformance/bad-input.ts'
import { bigDocuments } from './conformance/big-documents.ts'
import { closing } from './conformance/closing.ts'
import { compareAndSet } from './conformance/compare-and-set.ts'
import { corruption } from './conformance/corruption.ts'
import { declarations } from './conformance/declarations.ts'
import { envelope } from './conformance/envelope.ts'
import { hints } from './conformance/hints.ts'
import { history } from './conformance/history.ts'
import { names } from './conformance/names.ts'
import { neverWritten } from './conformance/never-written.ts'
import { removing } from './conformance/removing.ts'
import { reopening } from './conformance/reopening.ts'
import { roundTrips } from './conformance/round-trips.ts'
import { Trial, type Check } from './conformance/trial.ts'
import { peeking } from './conformance/peeking.ts'
import { turns } from './conformance/turns.ts'
import { twoHandles } from './conformance/two-handles.ts'
import type { ConformancePlace } from './conformance-place.ts'

/** The test runner, and the backend to be tested. */
export interface ConformanceOptions<Place extends ConformancePlace = ConformancePlace> {
  /** The test runner's function that groups tests. */
  readonly describe: (title: string, body: () => void) => unknown
  /** The test runner's function that declares one test. */
  readonly it: (title: string, body: () => Promise<void>) => unknown
  /** What the titles begin with; 'backend' when left out. */
  readonly name?: string
  /** Makes a place; called once in each test, so that no test sees another's states. */
  readonly setup: () => Place | Promise<Place>
  /**
   * Damages what is stored of the state `name`, so that its newest document can not be read any more.
   * With it the suite also holds the backend to "corrupt is never empty"; without it those tests
   * are not declared.
   */
  readonly damage?: (place: Place, name: string) => void | Promise<void>
  /** How long to wait for a hint before its test fails; 10,000 when left out. */
  readonly hintTimeoutMs?: number
}

/**
 * Declares the tests that every backend must pass: what the contract in `@holdfast/core` says of all
 * backends, and what this one's own `capabilities` claim. A capability that is not claimed has to be
 * refused. What needs a second process or a power cut is not covered.
 */
export function backendConformance<Place extends ConformancePlace>(
  options: ConformanceOptions<Place>,
): void {
  const topics: Record<string, (check: Check<Place>) => void> = {
    declarations,
    'never written': neverWritten,
    'round trips': roundTrips,
    envelope,
    names,
    'compare and set': compareAndSet,
    'two handles': twoHandles,
    're-opening': reopening,
    closing,
    removing,
    history,
    hints: (check) => hints(check, options.hintTimeoutMs ?? 10_000),
    turns,
    peeking,
    'big documents': bigDocuments,
    aliasing,
    'bad input': badInput,
    aborting,
  }
  const { damage } = options
  if (damage !== undefined) topics['corruption'] = (check) => corruption(check, damage)
  for (const [topic, declare] of Object.entries(topics)) {
    options.describe(`${options.name ?? 'backend'}: ${topic}`, () => {
      declare((title, body) => {
        options.it(title, () => Trial.run(options.setup, body))
      })
    })
  }
}
