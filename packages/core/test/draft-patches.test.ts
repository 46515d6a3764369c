import { expect, it } from 'vitest'
import { z } from 'zod'
import { applyPatches } from '../src/apply-patches.ts'
import { type AnyRecipe, anyDocument, patchesOf } from './support/any-document.ts'

/* oxlint-disable unicorn/no-array-sort, unicorn/no-array-reverse, no-self-assign -- these are what the tests do to drafts */

const document = {
  cash: 1,
  name: 'bot',
  'a/b~c': 1,
  list: [1, 2, 3, 4],
  orders: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
  positions: { btc: { quantity: 1, price: 2 }, eth: { quantity: 3, price: 4 } },
}

it.each<[string, AnyRecipe, unknown[]]>([
  [
    'setting a field replaces it',
    (d) => void (d.cash = 2),
    [{ op: 'replace', path: '/cash', value: 2 }],
  ],
  ['setting a new field adds it', (d) => void (d.fee = 2), [{ op: 'add', path: '/fee', value: 2 }]],
  ['deleting a field removes it', (d) => delete d.cash, [{ op: 'remove', path: '/cash' }]],
  [
    'a name is escaped',
    (d) => void (d['a/b~c'] = 2),
    [{ op: 'replace', path: '/a~1b~0c', value: 2 }],
  ],
  [
    'a deep field is told alone',
    (d) => void (d.positions.btc.price = 5),
    [{ op: 'replace', path: '/positions/btc/price', value: 5 }],
  ],
  [
    'two deep fields are told one by one',
    (d) => void Object.assign(d.positions.eth, { quantity: 5, price: 6 }),
    [
      { op: 'replace', path: '/positions/eth/quantity', value: 5 },
      { op: 'replace', path: '/positions/eth/price', value: 6 },
    ],
  ],
  [
    'what is put in and then changed is told once, as it ends',
    (d) => {
      d.positions.sol = { quantity: 1 }
      d.positions.sol.quantity = 2
      delete d.positions.sol.nothing
    },
    [{ op: 'add', path: '/positions/sol', value: { quantity: 2 } }],
  ],
  ['push adds at the end', (d) => d.list.push(5), [{ op: 'add', path: '/list/4', value: 5 }]],
  ['pop removes the last', (d) => d.list.pop(), [{ op: 'remove', path: '/list/3' }]],
  ['shift removes the first', (d) => d.list.shift(), [{ op: 'remove', path: '/list/0' }]],
  ['unshift adds the first', (d) => d.list.unshift(0), [{ op: 'add', path: '/list/0', value: 0 }]],
  [
    'splice replaces, then adds',
    (d) => d.list.splice(1, 1, 'x', 'y'),
    [
      { op: 'replace', path: '/list/1', value: 'x' },
      { op: 'add', path: '/list/2', value: 'y' },
    ],
  ],
  [
    'splice replaces, then removes',
    (d) => d.orders.splice(0, 2, { id: 'x' }),
    [
      { op: 'replace', path: '/orders/0', value: { id: 'x' } },
      { op: 'remove', path: '/orders/1' },
    ],
  ],
  [
    'an element is told where it stands in the end',
    (d) => {
      const last = d.orders[2]
      d.orders.shift()
      last.id = 'changed'
    },
    [
      { op: 'remove', path: '/orders/0' },
      { op: 'replace', path: '/orders/1/id', value: 'changed' },
    ],
  ],
  [
    'a loop that sets each element twice tells each once',
    (d) => {
      for (const round of [1, 2]) for (const index of d.orders.keys()) d.orders[index].id = round
    },
    [0, 1, 2].map((index) => ({ op: 'replace', path: `/orders/${index}/id`, value: 2 })),
  ],
  [
    'an element set twice is told once',
    (d) => {
      d.list[0] = 5
      d.list[1] = 6
      d.list[0] = 7
    },
    [
      { op: 'replace', path: '/list/0', value: 7 },
      { op: 'replace', path: '/list/1', value: 6 },
    ],
  ],
  [
    'a moved part is added there and removed here',
    (d) => {
      const { btc } = d.positions
      delete d.positions.btc
      d.last = btc
      btc.price = 9
    },
    [
      { op: 'add', path: '/last', value: { quantity: 1, price: 9 } },
      { op: 'remove', path: '/positions/btc' },
    ],
  ],
  [
    'a reversal tells the elements that it moves',
    (d) => d.orders.reverse(),
    [
      { op: 'replace', path: '/orders/0', value: { id: 'c' } },
      { op: 'replace', path: '/orders/2', value: { id: 'a' } },
    ],
  ],
  [
    'an element that stays although all are spliced is not told',
    (d) => d.orders.splice(0, 2, d.orders[1]),
    [{ op: 'remove', path: '/orders/0' }],
  ],
  [
    'an array that is emptied is told whole',
    (d) => void (d.list.length = 0),
    [{ op: 'replace', path: '/list', value: [] }],
  ],
])('%s', (_title, recipe, expected) => {
  const patches = patchesOf(document, recipe)
  expect(patches).toEqual(expected)
  expect(applyPatches(structuredClone(document), patches)).toEqual(afterwards(recipe))
})

it.each<[string, AnyRecipe]>([
  ['reading', (d) => JSON.stringify(d)],
  ['an assignment of what is there', (d) => void (d.cash = 1)],
  ['an assignment of a part to its own place', (d) => void (d.positions = d.positions)],
  ['an assignment of an element to its own place', (d) => void (d.orders[1] = d.orders[1])],
  [
    'a change that is taken back',
    (d) => {
      d.cash = 2
      d.cash = 1
      d.list[1] = 7
      d.list[0] = 8
      d.list[1] = 2
      d.list[0] = 1
    },
  ],
  [
    'a part that is taken out and put back',
    (d) => {
      const { btc } = d.positions
      d.positions.btc = null
      d.positions.btc = btc
    },
  ],
  [
    'a deleted key that is put back',
    (d) => {
      delete d.cash
      d.cash = 1
    },
  ],
  [
    'a new key that is deleted again',
    (d) => {
      d.fee = { deep: 1 }
      delete d.fee
    },
  ],
  ['a push that is popped', (d) => d.list.push(d.list.push(5) && d.list.pop()) && d.list.pop()],
  ['a pop that is pushed back', (d) => d.orders.push(d.orders.pop())],
  ['a shift that is unshifted', (d) => d.orders.unshift(d.orders.shift())],
  ['a splice of elements for themselves', (d) => d.orders.splice(0, 3, ...d.orders)],
  ['a sort of what is sorted', (d) => d.list.sort()],
  ['two reversals', (d) => d.orders.reverse().reverse()],
  [
    'a deletion of nothing',
    (d) => delete d.nothing && d.list.splice(1, 0) && ([].length = d.list.length),
  ],
  ['a length that is the same', (d) => void (d.list.length = 4)],
])('%s yields no patch', (_title, recipe) => {
  expect(patchesOf(document, recipe)).toEqual([])
})

it('a change of an element that was taken out and put back is told alone', () => {
  const patches = patchesOf(document, (d) => {
    const order = d.orders.pop()
    order.id = 'z'
    d.orders.push(order)
  })
  expect(patches).toEqual([{ op: 'replace', path: '/orders/2/id', value: 'z' }])
})

it('a bulk change of an array takes no more to tell than the array', () => {
  const numbers = Array.from({ length: 2000 }, (_, index) => index)
  expect(patchesOf({ numbers }, (d) => d.numbers.reverse())).toEqual([
    { op: 'replace', path: '/numbers', value: numbers.toReversed() },
  ])
  expect(patchesOf({ numbers }, (d) => d.numbers.splice(0, 1990))).toEqual([
    { op: 'replace', path: '/numbers', value: numbers.slice(1990) },
  ])
  expect(patchesOf({ numbers }, (d) => d.numbers.splice(0, 10))).toHaveLength(10)
})

it('what was put in, spoiled and taken out again does not count, and the rest is told once', () => {
  const schema = z.object({
    list: z.array(z.object({ n: z.number().max(9), tags: z.array(z.string()) })),
  })
  const json = { list: [1, 2, 3].map((n) => ({ n, tags: [] })) }
  const live = anyDocument(json, schema)
  const { patches } = live.change((d) => {
    d.list.push({ n: 4, tags: [] })
    d.list.unshift({ n: 0, tags: [] })
    d.list[2].tags.push('x')
    delete d.list[3].tags[0]
    // Not the last splice: the recorder does not see that it takes out what the first one put in.
    d.list.at(-1).n = 99
    d.list.pop()
  })
  const patched = applyPatches(structuredClone(json), patches)
  expect(patched).toEqual(live.value)
  expect(live.value).toMatchObject({ list: [{ n: 0 }, { n: 1 }, { n: 2, tags: ['x'] }, { n: 3 }] })
})

function afterwards(recipe: AnyRecipe): unknown {
  const live = anyDocument(document)
  live.change(recipe)
  return live.value
}
