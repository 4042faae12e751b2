import {describe, expect, test} from 'vitest'
import {every, refusal} from '../domain/event-builders.ts'
import {chosenText, countOf, having, indexOf, lines, nth, opened, readLines, typed} from './app-driver.ts'

const log = (count: number) => typed(readLines(opened(), lines(1, count)), '3')

describe('in the log', () => {
  test('the newest line is followed', () => {
    const session = log(100)
    expect(chosenText(session)).toBe('line 100')
    expect(chosenText(readLines(session, lines(101, 150)))).toBe('line 150')
  })

  test('a line that was moved to is kept, whatever comes', () => {
    const session = typed(log(100), 'k k k')
    expect(chosenText(session)).toBe('line 97')
    expect(chosenText(readLines(session, lines(101, 500)))).toBe('line 97')
    expect(chosenText(having(session, {type: 'earlier-read', lines: [nth(-5), nth(-4)], hasMore: true}))).toBe('line 97')
  })

  test('the end follows again', () => {
    const back = typed(log(100), 'k k k')
    for (const keys of ['G', 'end', 'j j j']) expect(chosenText(readLines(typed(back, keys), lines(101, 102)))).toBe('line 102')
  })

  test('neither end is gone beyond', () => {
    expect(chosenText(typed(log(5), 'j j j'))).toBe('line 5')
    expect(chosenText(typed(log(5), 'k k k k k k k k k'))).toBe('line 1')
    expect(chosenText(typed(log(100), 'g'))).toBe('line 1')
  })

  test('half a screen is about half a screen', () => {
    const session = having(log(200), {type: 'resized', columns: 80, rows: 40})
    const moved = 199 - indexOf(typed(session, 'ctrl+u'))
    expect(moved).toBeGreaterThan(8)
    expect(moved).toBeLessThan(25)
    expect(indexOf(typed(session, 'ctrl+u ctrl+d'))).toBe(199)
  })

  test('an empty one can be walked in too', () => {
    const empty = typed(opened(), '3')
    for (const keys of ['j', 'k', 'g', 'G', 'ctrl+d', 'enter', 'y', 'n']) expect(countOf(typed(empty, keys))).toBe(0)
  })
})

describe('further back than the first line', () => {
  test('more is asked for once, and shown before it', () => {
    const top = typed(log(10), 'g k k')
    expect(top.effects.filter(({type}) => type === 'read-earlier')).toHaveLength(1)
    const more = having(top, {type: 'earlier-read', lines: [nth(-2), nth(-1), nth(0)], hasMore: true})
    expect([countOf(more), chosenText(more)]).toEqual([13, 'line 1'])
    expect(chosenText(typed(more, 'k'))).toBe('line 0')
  })

  test('where nothing is, it says so and does not ask again', () => {
    const end = having(typed(log(10), 'g k'), {type: 'earlier-read', lines: [], hasMore: false})
    const again = typed(end, 'k k')
    expect(again.effects.filter(({type}) => type === 'read-earlier')).toHaveLength(1)
    expect(again.state.notice?.text).toMatch(/first line/)
  })
})

describe('in the other panels', () => {
  const refusals = (from: number, to: number) => every(to - from + 1, 1, (n, seconds) => refusal(from + n - 1, from + seconds))

  test('the newest attempt is on top, and a chosen one is kept', () => {
    const session = typed(readLines(opened(), refusals(1, 10)), '2')
    expect(indexOf(session)).toBe(0)
    const chosen = typed(session, 'j j')
    expect(indexOf(readLines(chosen, refusals(20, 24)))).toBe(7)
  })

  test('a row that is filtered away leaves its place to its neighbour', () => {
    const session = typed(readLines(opened(), refusals(1, 10)), '2 j j j / "nobody" enter')
    expect(countOf(session)).toBe(0)
    expect(indexOf(typed(session, 'esc'))).toBe(3)
  })

  test('each has a place of its own', () => {
    const session = typed(readLines(opened(), [...refusals(1, 10), ...lines(20, 40)]), '2 j j j 3 k k')
    expect(indexOf(typed(session, '2'))).toBe(3)
    expect(chosenText(typed(session, '2 3'))).toBe('line 38')
  })
})

describe('held still', () => {
  test('new lines wait, and are all there when it goes on', () => {
    const stored = readLines(typed(log(10), 'space'), lines(11, 20))
    expect([countOf(stored), chosenText(stored), stored.state.paused?.waiting.length]).toEqual([10, 'line 10', 10])
    const on = typed(stored, 'space')
    expect([countOf(on), chosenText(on), on.state.paused]).toEqual([20, 'line 20', null])
  })

  test('clients do not change either', () => {
    const stored = readLines(typed(opened(), 'space'), [refusal(1, 1)])
    expect(countOf(stored)).toBe(0)
    expect(countOf(typed(stored, 'space'))).toBe(1)
  })

  test('a day of lines is not held in memory, and none is lost from the counts', () => {
    const many = (from: number) => every(40_000, 0.01, (n, seconds) => refusal(from + n, seconds))
    let stored = typed(opened(), 'space')
    for (const from of [0, 40_000, 80_000, 120_000]) stored = readLines(stored, many(from))
    expect(stored.state.paused?.waiting.length).toBeLessThanOrEqual(100_000)
    expect(typed(stored, 'space').state.world.refused).toBe(160_000)
  })
})
