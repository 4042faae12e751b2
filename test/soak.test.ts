import {describe, expect, test} from 'vitest'
import {judge, type Point} from './soak/judge.ts'
import {kinds} from './soak/kinds.ts'
import {countShown} from './soak/screen-counts.ts'

const quiet = kinds['quiet'] ?? {about: '', maxRssMb: 0, counted: false, flat: true}
const points = (rssAt: (share: number) => number, fdsAt: (share: number) => number = () => 28): Point[] =>
  Array.from({length: 100}, (_, i) => ({at: i, rssMb: rssAt(i / 100), fds: fdsAt(i / 100)}))
const steady = points(() => 120)

describe('what a soak holds', () => {
  test('flat and small enough', () => {
    expect(judge(quiet, steady, 100, 149)).toEqual([])
  })

  test.each([
    ['more than it may have at any time', steady, 151, 'memory reached 151 MB, more than 150'],
    ['memory that grows after it is warm', points(share => 100 + 40 * share), 140, 'memory grew from 113 to 135 MB'],
    [
      'descriptors that are not closed',
      points(
        () => 120,
        share => (share > 0.7 ? 29 : 28),
      ),
      120,
      'descriptors went from 28 to 29',
    ],
    ['too few points', steady.slice(0, 25), 120, 'too short to be judged flat: 5 points'],
  ] as const)('not: %s', (_what, found, peakMb, because) => {
    expect(judge(quiet, found, 100, peakMb)).toEqual([because])
  })

  test('not: memory that nobody could measure', () => {
    expect(judge(quiet, steady, 100, Number.NaN)).toHaveLength(1)
  })

  test('growth while it warms up is no leak, nor is a descriptor that is open now and then', () => {
    const busy = points(
      share => (share < 0.2 ? 80 : 120),
      share => (Math.round(share * 100) % 7 === 0 ? 45 : 28),
    )
    expect(judge(quiet, busy, 100, 120)).toEqual([])
  })
})

test.each([
  ['SEEN once, 36s ago; throttled', 1],
  ['SEEN 217 times since 14:17:13, last now; again every 1.4s', 217],
  ['SEEN 12 times since 14:17:13, 300 in all, last 3s ago', 300],
  ['SEEN 217 times since\n     14:17:13, last now', 217],
  ['WHY nobody knows', null],
])('the count of a client on the screen: %j', (text, count) => {
  expect(countShown(text)).toBe(count)
})
