import { backendConformance, type ConformancePlace } from '../../src/index.ts'

/** One test of the suite, not run yet. */
export interface CollectedTest {
  readonly topic: string
  readonly title: string
  readonly body: () => Promise<void>
}

/** The tests that the suite declares for `setup`, as a runner would be given them. */
export function collectSuite<Place extends ConformancePlace>(
  setup: () => Place,
  damage?: (place: Place, name: string) => void,
  hintTimeoutMs = 10_000,
): CollectedTest[] {
  const tests: CollectedTest[] = []
  let topic = ''
  backendConformance({
    describe: (title, body) => {
      topic = title.replace('backend: ', '')
      body()
    },
    it: (title, body) => tests.push({ topic, title, body }),
    setup,
    ...(damage === undefined ? {} : { damage }),
    hintTimeoutMs,
  })
  return tests
}

/** The titles of the tests that fail, in order, with what each of them said. */
export async function failuresOf(tests: readonly CollectedTest[]): Promise<Map<string, unknown>> {
  const failures = new Map<string, unknown>()
  for (const { title, body } of tests) {
    try {
      await body()
    } catch (error) {
      failures.set(title, error)
    }
  }
  return failures
}
