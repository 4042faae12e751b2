import {describe, expect, test} from 'vitest'
import {type Clocks, diskState, explainStall, hostEventsBetween} from '../../src/domain/timeline/timeline.ts'

const start: Clocks = {wall: 1_000_000, steady: 5000, booted: 90_000}
const later = (wall: number, steady: number, booted: number): Clocks => ({
  wall: start.wall + wall,
  steady: start.steady + steady,
  booted: start.booted + booted,
})

describe('a second later', () => {
  test.each([
    ['all is well', later(1000, 1000, 1000), []],
    ['a little late', later(4000, 4000, 4000), []],
    [
      'Linux slept for ten minutes',
      later(601_000, 1000, 601_000),
      [{kind: 'slept', at: 1_000_000, until: 1_601_000, because: null}],
    ],
    [
      'it stood still, or macOS slept',
      later(60_000, 60_000, 60_000),
      [{kind: 'stalled', at: 1_000_000, until: 1_060_000, because: null}],
    ],
    ['the clock was put forward', later(3_601_000, 1000, 1000), [{kind: 'clock-set', at: 4_601_000, byMs: 3_600_000}]],
    ['the clock was put back', later(-59_000, 1000, 1000), [{kind: 'clock-set', at: 941_000, byMs: -60_000}]],
    ['the clock is slewed', later(1001, 1000, 1000), []],
  ])('%s', (_what, now, events) => {
    expect(hostEventsBetween(start, now, 1000)).toEqual(events)
  })

  test('it slept, and its clock was set when it woke', () => {
    expect(hostEventsBetween(start, later(700_000, 1000, 601_000), 1000).map(({kind}) => kind)).toEqual(['slept', 'clock-set'])
  })
})

test('a stall that the power management calls a sleep is one', () => {
  const stall = {kind: 'stalled', at: 100, until: 900, because: null} as const
  expect(explainStall(stall, [{at: 90, until: 880, because: 'Clamshell Sleep'}])).toEqual({
    ...stall,
    kind: 'slept',
    because: 'Clamshell Sleep',
  })
  expect(explainStall(stall, [{at: 850, until: null, because: 'Idle Sleep'}])).toMatchObject({kind: 'slept'})
  expect(explainStall(stall, [{at: 10, until: 50, because: 'Idle Sleep'}])).toEqual(stall)
  expect(explainStall({kind: 'clock-set', at: 500, byMs: 9}, [{at: 90, until: 880, because: 'x'}])).toMatchObject({
    kind: 'clock-set',
  })
})

test.each([
  [0, 'full'],
  [900_000, 'full'],
  [100e6, 'low'],
  [5e9, 'ok'],
])('%d bytes free: %s', (free, state) => {
  expect(diskState(free)).toBe(state)
})
