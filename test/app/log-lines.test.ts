import {describe, expect, test} from 'vitest'
import {emptyLogLines, type LogLines, withEarlier, withMore} from '../../src/app/rows/rows.ts'
import {lines, nth} from './app-driver.ts'

const texts = ({lines: stored}: LogLines): string[] => stored.map(({text}) => text)
const numbers = ({lines: stored}: LogLines): number[] => stored.map(({from}) => from.line)
const idsAreUnique = ({lines: stored}: LogLines): boolean => new Set(stored.map(({id}) => id)).size === stored.length
const isSorted = ({lines: stored}: LogLines): boolean => stored.every((line, i) => i === 0 || (stored[i - 1]?.at ?? 0) <= line.at)

describe('the lines on hand', () => {
  test('are in the order in which they came', () => {
    expect(numbers(withMore(withMore(emptyLogLines, lines(1, 3), false), lines(4, 5), false))).toEqual([1, 2, 3, 4, 5])
  })

  test('are put where their time belongs when two writers interleave', () => {
    const log = withMore(withMore(emptyLogLines, [nth(1), nth(3), nth(5)], false), [nth(4), nth(2), nth(6)], false)
    expect(numbers(log)).toEqual([1, 2, 3, 4, 5, 6])
    expect(idsAreUnique(log)).toBe(true)
  })

  test('of one moment stay as they came', () => {
    const log = withMore(emptyLogLines, [nth(1, 'a'), nth(1, 'b')], false)
    expect(texts(withMore(log, [nth(1, 'c'), nth(0, 'z')], false))).toEqual(['z', 'a', 'b', 'c'])
  })

  test('that came before keep their number for the screen', () => {
    const log = withMore(emptyLogLines, [nth(1), nth(9)], false)
    const ids = new Map(log.lines.map(({id, text}) => [text, id]))
    const more = withEarlier(withMore(log, [nth(5)], false), [nth(-3), nth(-2)])
    for (const [text, id] of ids) expect(more.lines.find(line => line.text === text)?.id).toBe(id)
    expect(idsAreUnique(more)).toBe(true)
  })

  test('are no more than a screen of memory: the oldest go, and it says so', () => {
    const log = withMore(emptyLogLines, lines(1, 30_000), false)
    expect(log.lines.length).toBeLessThanOrEqual(22_000)
    expect(log.lines.at(-1)?.text).toBe('line 30000')
    expect(log.dropped).toBe(true)
    expect(withMore(emptyLogLines, lines(1, 100), false).dropped).toBe(false)
  })

  test('are kept longer while somebody looks at them, and not for ever', () => {
    expect(withMore(emptyLogLines, lines(1, 30_000), true).lines).toHaveLength(30_000)
    expect(withMore(emptyLogLines, lines(1, 90_000), true).lines.length).toBeLessThanOrEqual(66_000)
  })

  test('may come a hundred thousand at a time', () => {
    expect(withMore(emptyLogLines, lines(1, 150_000), false).lines.at(-1)?.text).toBe('line 150000')
  })

  test('nothing more is no change', () => {
    const log = withMore(emptyLogLines, lines(1, 3), false)
    expect(withMore(log, [], false)).toBe(log)
  })
})

describe('lines from further back', () => {
  test('come before those that are there', () => {
    const log = withEarlier(withEarlier(withMore(emptyLogLines, lines(10, 12), false), lines(7, 9)), lines(4, 6))
    expect(numbers(log)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(idsAreUnique(log)).toBe(true)
  })

  test('of another file are put where their time belongs', () => {
    const log = withEarlier(withMore(emptyLogLines, lines(10, 12), false), [nth(8), nth(11, 'other')])
    expect(isSorted(log)).toBe(true)
    expect(idsAreUnique(log)).toBe(true)
  })

  test('go on numbering below those before, so that new ones never meet them', () => {
    let log = withMore(emptyLogLines, lines(100, 102), false)
    for (let i = 0; i < 5; i += 1)
      log = withMore(withEarlier(log, lines(90 - i * 10, 94 - i * 10)), lines(200 + i * 3, 202 + i * 3), false)
    expect(log.lines).toHaveLength(3 + 5 * 5 + 5 * 3)
    expect([idsAreUnique(log), isSorted(log)]).toEqual([true, true])
  })
})
