import {expect, test} from 'vitest'
import {connectionKey} from '../../src/domain/attempts/connection-key.ts'
import {addClosedId, createClosedIds, isClosed} from '../../src/domain/attempts/open-connections.ts'

const idOf = (n: number, last = '0b1d'): string => `${n.toString(16).padStart(8, '0')}-1a6c-4674-a63b-d0febdde${last}`

test('a full id, its short form and no other id have the same key', () => {
  expect(connectionKey('eeb1c9d7…bd18')).toBe(connectionKey('eeb1c9d7-1a6c-4674-a63b-d0febddebd18'))
  const ids = [
    'eeb1c9d7-1a6c-4674-a63b-d0febddebd19',
    'eeb1c9d8-1a6c-4674-a63b-d0febddebd18',
    'conn-1',
    'conn-2',
    'a very strange id',
    '',
  ]
  expect(new Set(ids.map(connectionKey)).size).toBe(ids.length)
})

test('what was let go of is past, and nothing else is', () => {
  const previous = createClosedIds()
  for (let n = 0; n < 100_000; n += 2) addClosedId(previous, connectionKey(idOf(n)))
  const expected = Array.from({length: 100_000}, (_, n) => n).filter(n => isClosed(previous, connectionKey(idOf(n))))
  expect(expected.length).toBe(50_000)
  expect(expected.every(n => n % 2 === 0)).toBe(true)
})

test('only the oldest are forgotten', () => {
  const previous = createClosedIds()
  for (let n = 0; n < 700_000; n += 1) addClosedId(previous, connectionKey(idOf(n)))
  expect(isClosed(previous, connectionKey(idOf(0)))).toBe(false)
  expect(isClosed(previous, connectionKey(idOf(699_999)))).toBe(true)
  expect(isClosed(previous, connectionKey(idOf(699_999 - 250_000)))).toBe(true)
  expect(previous.fresh.length + previous.stale.length).toBeLessThanOrEqual(2 ** 20)
})

test('ids that differ in their first digits only are spread: looking for one passes few others', () => {
  const previous = createClosedIds()
  for (let copy = 0; copy < 300; copy += 1) {
    for (let n = 0; n < 100; n += 1)
      addClosedId(previous, connectionKey(idOf((n * 40_503) ^ (copy << 20), n.toString(16).padStart(4, '0'))))
  }
  const runs = Array.from(previous.fresh, key => (key === 0 ? ' ' : 'x'))
    .join('')
    .split(' ')
  expect(Math.max(...runs.map(run => run.length))).toBeLessThan(200)
})

test('an id of nothing but zeros is one as any other', () => {
  const key = connectionKey('00000000-0000-4000-8000-000000000000')
  const ids = createClosedIds()
  expect(isClosed(ids, key)).toBe(false)
  addClosedId(ids, key)
  expect(isClosed(ids, key)).toBe(true)
})
