import {describe, expect, test} from 'vitest'
import {debounce, initialDebounceState, resetChanges} from '../../src/domain/diagnosis/debounce.ts'

/** What is told, and when, of what is seen from second to second. */
const eventsIn = (seenAt: (second: number) => string, seconds: number): {at: number; seen: string; changes: number}[] => {
  let expected = initialDebounceState
  const reported: {at: number; seen: string; changes: number}[] = []
  for (let second = 0; second <= seconds; second += 1) {
    const {next, shouldReport: reportsChange} = debounce(expected, seenAt(second).split(' '), second * 1000)
    expected = reportsChange ? resetChanges(next) : next
    if (reportsChange) reported.push({at: second, seen: seenAt(second), changes: next.changes})
  }
  return reported
}

describe('what is worth a line', () => {
  test('the beginning, and nothing as long as nothing changes', () => {
    expect(eventsIn(() => 'ok', 3600)).toEqual([{at: 0, seen: 'ok', changes: 0}])
  })

  test('a change that lasts a second', () => {
    expect(eventsIn(second => (second < 10 ? 'ok' : 'broken'), 60)).toEqual([
      {at: 0, seen: 'ok', changes: 0},
      {at: 11, seen: 'broken', changes: 1},
    ])
  })

  test('no blip that is over at once', () => {
    expect(eventsIn(second => (second === 10 ? 'broken' : 'ok'), 60)).toHaveLength(1)
  })

  test('the way back as well', () => {
    expect(eventsIn(second => (second >= 10 && second < 30 ? 'broken' : 'ok'), 60).map(({at, seen}) => [at, seen])).toEqual([
      [0, 'ok'],
      [11, 'broken'],
      [31, 'ok'],
    ])
  })
})

describe('what flaps does not flood', () => {
  const flapping = (period: number) => (second: number) => (Math.floor(second / period) % 2 === 0 ? 'ok' : 'broken')

  test.each([1, 2, 3, 5, 10, 20, 60])('every %i s, for an hour: some lines, and never more than sixty', period => {
    const reported = eventsIn(flapping(period), 3600)
    expect(reported.length).toBeGreaterThan(1)
    expect(reported.length).toBeLessThan(62)
  })

  test('its line says how many changes there were', () => {
    const reported = eventsIn(flapping(1), 600)
    expect(reported.at(-1)?.changes).toBeGreaterThan(20)
  })

  test('when it comes to rest, the last word is the truth', () => {
    const reported = eventsIn(second => (second < 300 ? flapping(3)(second) : 'broken'), 1200)
    expect(reported.at(-1)?.seen).toBe('broken')
    const other = eventsIn(second => (second < 300 ? flapping(3)(second) : 'ok'), 1200)
    expect(other.at(-1)?.seen).toBe('ok')
  })

  test('and does not keep back what is new', () => {
    const reported = eventsIn(second => `${flapping(5)(second)}${second >= 400 ? ' gone' : ''}`, 420)
    expect(reported.find(({seen}) => seen.includes('gone'))?.at).toBeLessThanOrEqual(410)
  })

  test('after ten quiet minutes it is told as promptly as before', () => {
    const reported = eventsIn(second => (second < 300 ? flapping(3)(second) : second < 1500 ? 'ok' : 'broken'), 1600)
    expect(reported.at(-1)).toEqual({at: 1501, seen: 'broken', changes: 1})
  })
})
