import {describe, expect, test} from 'vitest'
import {ago, clock, clockMs, day, length, moment, period, plural, sparkline} from '../../src/app/words.ts'

const noon = Date.parse('2026-11-21T12:00:00.250Z')

test.each([
  [0, '0s'],
  [499, '0s'],
  [1500, '2s'],
  [59_499, '59s'],
  [59_500, '1m'],
  [60_000, '1m'],
  [61_000, '1m01s'],
  [125_000, '2m05s'],
  [3_599_000, '59m59s'],
  [3_600_000, '1h'],
  [3_660_000, '1h01m'],
  [86_400_000, '1d'],
  [90_000_000, '1d1h'],
  [273_600_000, '3d4h'],
  [-5, '0s'],
])('%i ms is %s long', (ms, words) => {
  expect(length(ms)).toBe(words)
})

describe('when', () => {
  test('is now, so long ago, or never', () => {
    expect(ago(noon, noon)).toBe('now')
    expect(ago(noon - 1499, noon)).toBe('now')
    expect(ago(noon - 2000, noon)).toBe('2s ago')
    expect(ago(noon + 60_000, noon)).toBe('now')
    expect(ago(null, noon)).toBe('never')
  })

  test("is a time of day, with its date where that is not today's", () => {
    expect([clock(noon), clockMs(noon), day(noon)]).toEqual(['12:00:00', '12:00:00.250', '2026-11-21'])
    expect(moment(noon, noon + 3_600_000)).toBe('12:00:00')
    expect(moment(noon, noon + 86_400_000)).toBe('11-21 12:00')
  })

  test('is a rhythm', () => {
    expect([period(250), period(2000), period(9949), period(30_000)]).toEqual(['0.3s', '2.0s', '9.9s', '30s'])
  })
})

test('one is one', () => {
  expect([plural(0, 'client'), plural(1, 'client'), plural(2, 'client'), plural(2, 'copy', 'copies')]).toEqual([
    '0 clients',
    '1 client',
    '2 clients',
    '2 copies',
  ])
})

describe('a sparkline', () => {
  test('has a place for each, nothing where nothing was', () => {
    expect(sparkline([0, 1, 4, 8], false)).toBe(' ▁▄█')
    expect(sparkline([0, 0, 0], false)).toBe('   ')
    expect(sparkline([], false)).toBe('')
    expect(sparkline([1], false)).toBe('█')
  })

  test('shows the least beside the most', () => {
    expect(sparkline([1, 1_000_000], false)).toBe('▁█')
  })

  test('is plain where the terminal is', () => {
    expect(sparkline([0, 1, 4, 8], true)).toMatch(/^[ -~]{4}$/)
    expect(sparkline([8, 1], true)[0]).toBe('#')
  })
})
