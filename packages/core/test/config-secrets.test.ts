import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type BackendModule, HoldfastError, openStore, type StoreConfig } from '../src/index.ts'
import { isSecretName, redactUrl } from '../src/config/secrets.ts'

const secret = 'hunter2/?#&@50%'

/** A module whose schema and whose `fromUrl` quote everything that they are given. */
const talkative: BackendModule = {
  name: 'db',
  schemes: ['db'],
  options: z
    .strictObject({
      url: z.string().optional(),
      password: z
        .string()
        .regex(/^never$/)
        .optional(),
      nested: z.strictObject({ apiKey: z.string() }).optional(),
      list: z.array(z.strictObject({ token: z.string() })).optional(),
    })
    .superRefine((value, context) => {
      const message = `wrong: ${Object.values(value)
        .map((member) => JSON.stringify(member))
        .join()}`
      context.addIssue({ code: 'custom', message })
    }),
  fromUrl: ({ path, query }) => {
    if (path.startsWith('//')) return { url: `db:${path}`, ...query }
    throw new HoldfastError('CONFIG', `db:${path}?${JSON.stringify(query)} has no host`, {
      cause: new Error(path),
    })
  },
  open: () => Promise.reject(new Error('it was opened')),
}

const escaped = encodeURIComponent(secret)

test.each<[StoreConfig]>([
  [`db://bot:${escaped}@host/state`],
  [`db://bot:${secret}@host/state`],
  [`db://${escaped}@host/state`],
  [`db:bot:${escaped}@host`],
  [`redis://bot:${secret}@host/0`],
  [`redis:bot:hunter2@host/0`],
  [`bot:hunter2@host`],
  [`//bot:hunter2@host`],
  [`db://host?password=${escaped}`],
  [`db://host?pass%77ord=${escaped}`],
  [`db://host?x=1&apiKey=${escaped}&y=2`],
  [`db://host?password=${escaped}&password=${escaped}`],
  [`db://host?password=hunter2%`],
  [`db:.?token=${escaped}`],
  [{ backend: 'db', password: secret }],
  [{ backend: 'db', nested: { apiKey: secret } }],
  [{ backend: 'db', list: [{ token: secret }] }],
  [{ backend: 'db', url: `db://bot:${escaped}@host` }],
  [{ backend: 'db', url: `db://host?secret=${escaped}` }],
  [{ backend: 'db', unknown: secret, clientSecret: secret }],
  [{ backend: `db://bot:${secret}@host` }],
])('%j is refused without showing its secret anywhere in the error', async (config) => {
  const error: unknown = await openStore(config, { backends: [talkative] }).catch(
    (reason: unknown) => reason,
  )
  expect(HoldfastError.is(error, 'CONFIG')).toBe(true)
  const shown = inspect(error, { depth: Infinity, showHidden: true }).replace(/\n +at .*/g, '')
  expect(shown).not.toContain('hunter2')
  expect(shown).not.toContain('50%')
})

test.each([
  ['file:./my@dir/state', 'file:./my@dir/state'],
  ['file:/srv/@scope/state', 'file:/srv/@scope/state'],
  ['file:///srv/@scope/state', 'file:///srv/@scope/state'],
  ['file:C:\\a@b', 'file:C:\\a@b'],
  ['file:state?keep=3&mode=0640', 'file:state?keep=3&mode=0640'],
  ['db://bot:pw@host/x?token=t&keep=1', 'db://bot:***@host/x?token=***&keep=1'],
  ['db://host/x', 'db://host/x'],
])('%s is shown as %s', (text, shown) => {
  expect(redactUrl(text)).toBe(shown)
})

test('names tell secrets from options', () => {
  const secrets = ['password', 'PGPASSWORD', 'dbPass', 'pwd', 'passphrase', 'secretKey', 'api_key']
  const more = [
    'key',
    'accessKeyId',
    'encryptionKey',
    'authToken',
    'credentials',
    'clientSecret',
    'auth',
  ]
  const options = [
    'keep',
    'keyspace',
    'directory',
    'author',
    'mode',
    'passive',
    'bypass-cache',
    'user',
  ]
  expect([...secrets, ...more].filter((name) => !isSecretName(name))).toEqual([])
  expect(options.filter((name) => isSecretName(name))).toEqual([])
})
