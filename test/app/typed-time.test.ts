import {describe, expect, test} from 'vitest'
import {parseDate, parseTimeWithin, parseTypedTime} from '../../src/app/typed-time.ts'

// The tests run in UTC; what another zone and --utc make of it is tested with the program.
const now = Date.parse('2026-12-01T14:00:00Z')
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

describe('a time that is typed', () => {
  test.each<readonly [string, string | null]>([
    ['03:10', '2026-12-01T03:10:00.000Z'],
    ['3:10:05', '2026-12-01T03:10:05.000Z'],
    ['14:00', '2026-12-01T14:00:00.000Z'],
    ['14:01', '2026-11-30T14:01:00.000Z'],
    ['2026-11-30 03:10', '2026-11-30T03:10:00.000Z'],
    ['2026-11-30T03:10:07.25', '2026-11-30T03:10:07.250Z'],
    ['2026-11-30T03:10+02:00', '2026-11-30T01:10:00.000Z'],
    ['2026-11-30T03:10:00Z', '2026-11-30T03:10:00.000Z'],
    ['2026-11-30', '2026-11-30T00:00:00.000Z'],
    ['11-30 03:10', '2026-11-30T03:10:00.000Z'],
    ['12-24 18:00', '2025-12-24T18:00:00.000Z'],
    ['-2h', '2026-12-01T12:00:00.000Z'],
    ['90m', '2026-12-01T12:30:00.000Z'],
    ...['', '25:00', '03:60', 'noon', '2026-02-30', '2026-13-01', '15', '2026-11-30 03:10 pm', '-'].map(
      text => [text, null] as const,
    ),
  ])('“%s” is %s', (text, expected) => {
    expect(iso(parseTypedTime(text, now))).toBe(expected)
  })

  test('needs no present where it has a date', () => {
    expect(iso(parseDate('2026-11-30 03:10'))).toBe('2026-11-30T03:10:00.000Z')
    expect([parseDate('03:10'), parseDate('15m')]).toEqual([null, null])
  })
})

describe('in past logs', () => {
  const from = Date.parse('2026-11-29T14:00:00Z')
  const within = (text: string, at = from) => iso(parseTimeWithin(text, {from, to: now, at}))

  test('a time of day is the next one, and the last one where none comes any more', () => {
    expect(within('03:10')).toBe('2026-11-30T03:10:00.000Z')
    expect(within('03:10', Date.parse('2026-11-30T03:10:00Z'))).toBe('2026-12-01T03:10:00.000Z')
    expect(within('03:10', Date.parse('2026-12-01T03:10:00Z'))).toBe('2026-12-01T03:10:00.000Z')
    expect(within('15:00', from)).toBe('2026-11-29T15:00:00.000Z')
  })

  test('a length is one before the end, with a minus before the present of the replay', () => {
    expect(within('2h')).toBe('2026-12-01T12:00:00.000Z')
    expect(within('-2h', Date.parse('2026-11-30T12:00:00Z'))).toBe('2026-11-30T10:00:00.000Z')
  })
})
