import {expect, test} from 'vitest'
import {clientEntries} from '../../src/app/rows/client-entries.ts'
import {admission, apply, at, clientsOf, every, refusal} from '../domain/event-builders.ts'

const tokenless = (n: number, seconds: number) =>
  refusal(n, seconds, {text: 'unauthorized: gateway token missing', authReason: 'token_missing'})

const rowsAt = (lines: Parameters<typeof apply>[0], seconds: number): string[] =>
  clientEntries(clientsOf(apply(lines)), at(seconds)).map(
    ({tally, state, otherReasons}) => `${tally?.reason} ${state} +${otherReasons}`,
  )

const storm = every(20, 1, refusal)

test('a refusal of another kind in the midst of a storm does not take it over, nor the first row', () => {
  const before = rowsAt([...storm, ...every(10, 1, refusal, 20)], 30)
  const rows = rowsAt([...storm, tokenless(7001, 19.5), ...every(10, 1, refusal, 20), tokenless(7002, 29.5)], 30)
  expect(before).toEqual(['token-mismatch storm +0'])
  expect(rows).toEqual(['token-mismatch storm +1'])
})

test('a storm that goes on for another reason is soon that reason', () => {
  expect(rowsAt([...storm, ...every(10, 1, tokenless, 20)], 30)).toEqual(['token-missing storm +1'])
})

test('a client that got in again is back for an hour, then simply in', () => {
  const page = {client: {id: 'openclaw-control-ui', mode: 'webchat', version: '1.2.3'}}
  const lines = [refusal(1, 20, page), admission(2, 30)]
  expect(rowsAt(lines, 60)).toEqual(['token-mismatch back +0'])
  expect(rowsAt(lines, 4000)).toEqual(['undefined in +0'])
})
