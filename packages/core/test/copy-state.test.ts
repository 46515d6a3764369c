import { expect, test } from 'vitest'
import { copyState } from '../src/index.ts'
import { losingTheAnswer, ScriptedBackend } from './support/scripted-backend.ts'

function filled(): ScriptedBackend {
  const backend = new ScriptedBackend()
  backend.state().landForeign([{ op: 'add', path: '', value: { n: 1 } }], 3)
  backend.state().landForeign([{ op: 'replace', path: '/n', value: 2 }], 3)
  return backend
}

test('copyState writes the newest document as version 1, with its schema version, and reads it back', async () => {
  const from = filled()
  const to = new ScriptedBackend()
  const copy = await copyState(from, to, 'bot')
  expect(copy).toMatchObject({ version: 1, schema: 3, data: { n: 2 } })
  expect(to.state().document).toEqual({ n: 2 })
  expect(from.state().changes).toHaveLength(2)
})

test('copyState never overwrites, and never makes an empty state', async () => {
  const from = filled()
  const to = filled()
  await expect(copyState(from, to, 'bot')).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(to.state().changes).toHaveLength(2)
  const none = new ScriptedBackend()
  await expect(copyState(none, to, 'other')).rejects.toMatchObject({ code: 'INVALID' })
  expect(to.state('other').changes).toEqual([])
})

test('copyState notices a copy that is not what was written', async () => {
  const to = new ScriptedBackend()
  to.state().answers.push((change, land) => {
    land()
    to.state().landForeign([{ op: 'replace', path: '/n', value: 3 }], change.schema)
    return Promise.resolve({ committed: true })
  })
  await expect(copyState(filled(), to, 'bot')).rejects.toMatchObject({ code: 'CORRUPT' })
})

test('copyState passes on what a backend throws', async () => {
  const to = new ScriptedBackend()
  to.state().answers.push(losingTheAnswer(false))
  await expect(copyState(filled(), to, 'bot')).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
})
