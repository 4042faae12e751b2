import {describe, expect, test} from 'vitest'
import {noTransitions, toldOf, transition} from '../../src/domain/diagnosis/transition.ts'

/** What is told, and when, of what is seen from second to second. */
const toldIn = (seenAt: (second: number) => string, seconds: number): {at: number; seen: string; changes: number}[] => {
  let known = noTransitions
  const told: {at: number; seen: string; changes: number}[] = []
  for (let second = 0; second <= seconds; second += 1) {
    const {next, tells} = transition(known, seenAt(second).split(' '), second * 1000)
    known = tells ? toldOf(next) : next
    if (tells) told.push({at: second, seen: seenAt(second), changes: next.changes})
  }
  return told
}

describe('what is worth a line', () => {
  test('the beginning, and nothing as long as nothing changes', () => {
    expect(toldIn(() => 'ok', 3600)).toEqual([{at: 0, seen: 'ok', changes: 0}])
  })

  test('a change that lasts a second', () => {
    expect(toldIn(second => (second < 10 ? 'ok' : 'broken'), 60)).toEqual([
      {at: 0, seen: 'ok', changes: 0},
      {at: 11, seen: 'broken', changes: 1},
    ])
  })

  test('no blip that is over at once', () => {
    expect(toldIn(second => (second === 10 ? 'broken' : 'ok'), 60)).toHaveLength(1)
  })

  test('the way back as well', () => {
    expect(toldIn(second => (second >= 10 && second < 30 ? 'broken' : 'ok'), 60).map(({at, seen}) => [at, seen])).toEqual([
      [0, 'ok'],
      [11, 'broken'],
      [31, 'ok'],
    ])
  })
})

describe('what flaps does not flood', () => {
  const flapping = (period: number) => (second: number) => (Math.floor(second / period) % 2 === 0 ? 'ok' : 'broken')

  test.each([1, 2, 3, 5, 10, 20, 60])('every %i s, for an hour: some lines, and never more than sixty', period => {
    const told = toldIn(flapping(period), 3600)
    expect(told.length).toBeGreaterThan(1)
    expect(told.length).toBeLessThan(62)
  })

  test('its line says how many changes there were', () => {
    const told = toldIn(flapping(1), 600)
    expect(told.at(-1)?.changes).toBeGreaterThan(20)
  })

  test('when it comes to rest, the last word is the truth', () => {
    const told = toldIn(second => (second < 300 ? flapping(3)(second) : 'broken'), 1200)
    expect(told.at(-1)?.seen).toBe('broken')
    const other = toldIn(second => (second < 300 ? flapping(3)(second) : 'ok'), 1200)
    expect(other.at(-1)?.seen).toBe('ok')
  })

  test('and does not keep back what is new', () => {
    const told = toldIn(second => `${flapping(5)(second)}${second >= 400 ? ' gone' : ''}`, 420)
    expect(told.find(({seen}) => seen.includes('gone'))?.at).toBeLessThanOrEqual(410)
  })

  test('after ten quiet minutes it is told as promptly as before', () => {
    const told = toldIn(second => (second < 300 ? flapping(3)(second) : second < 1500 ? 'ok' : 'broken'), 1600)
    expect(told.at(-1)).toEqual({at: 1501, seen: 'broken', changes: 1})
  })
})
