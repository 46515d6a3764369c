import assert from 'node:assert/strict'
import type { Sequence } from '@holdfast/core'
import { mustCommit } from './must-commit.ts'
import { stateName, type Check } from './trial.ts'

/** A hint reaches who listens, and nobody else. It may come at any other time too. */
export function hints(check: Check, timeoutMs: number): void {
  const nextHint = (sequence: Sequence): Promise<boolean> =>
    isCalled((listener) => sequence.onHint(listener), timeoutMs)
  const noHint = `no hint within ${timeoutMs} ms`

  check('a commit by another handle is hinted at', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    for (let base = 0; base < 3; base += 1) {
      const hint = nextHint(reader)
      await mustCommit(writer, { base, data: base })
      assert.ok(await hint, noHint)
    }
  })

  check('every listener is called', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    const all = [nextHint(reader), nextHint(reader), nextHint(await trial.openSequence())]
    await mustCommit(writer, { base: 0, data: 1 })
    assert.deepStrictEqual(await Promise.all(all), [true, true, true], noHint)
  })

  check('a listener that was disposed of is not called', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    let calls = 0
    const disposed = reader.onHint(() => {
      calls += 1
    })
    disposed[Symbol.dispose]()
    disposed[Symbol.dispose]()
    const hint = nextHint(reader)
    await mustCommit(writer, { base: 0, data: 1 })
    assert.ok(await hint, noHint)
    assert.equal(calls, 0)
  })

  check('disposing of a listener leaves the others, the same function too', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    const hint = isCalled((listener) => {
      reader.onHint(listener)
      reader.onHint(listener)[Symbol.dispose]()
    }, timeoutMs)
    await mustCommit(writer, { base: 0, data: 1 })
    assert.ok(await hint, noHint)
  })

  check('a listener of a closed sequence is not called', async (trial) => {
    const backend = await trial.open()
    const [closed, reader] = [await backend.open(stateName), await backend.open(stateName)]
    const writer = await trial.openSequence()
    let calls = 0
    closed.onHint(() => {
      calls += 1
    })
    await closed.close()
    const hint = nextHint(reader)
    await mustCommit(writer, { base: 0, data: 1 })
    assert.ok(await hint, noHint)
    assert.equal(calls, 0)
  })
}

/** Whether the listener that `listen` is given is called in time. */
function isCalled(listen: (listener: () => void) => unknown, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, false)
    listen(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
