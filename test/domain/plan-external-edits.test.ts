import {describe, expect, test} from 'vitest'
import {
  changeTimelineEvent,
  diskTimelineEvent,
  hostTimelineEvent,
  statusTimelineEvent,
  unrecordedEdits,
} from '../../src/domain/plans/external-edits.ts'
import type {TimelineEvent} from '../../src/domain/timeline/timeline.ts'

const minute = 60_000

describe('what happened beside the log', () => {
  test.each([
    [
      {kind: 'slept', at: 0, until: 125 * minute, because: 'Clamshell Sleep'},
      'sleep',
      'this host slept for 2 h: Clamshell Sleep',
    ],
    [{kind: 'stalled', at: 0, until: 20_000, because: null}, 'sleep', 'this host stood still for 20 s'],
    [{kind: 'clock-set', at: 0, byMs: -90_000}, 'clock', 'the clock of this host was set back by 2 min'],
  ] as const)('%o', (event, kind, text) => expect(hostTimelineEvent(event)).toMatchObject({kind, text}))

  test('a disk that fills up', () => {
    const disk = {path: '/var/log', state: 'full', freeBytes: 400_000, totalBytes: 1e9} as const
    expect(diskTimelineEvent(disk, 5)).toMatchObject({at: 5, kind: 'disk', text: 'the disk under /var/log is full: 0 MB free'})
  })

  test('only what no log tells of the gateway', () => {
    expect(statusTimelineEvent('up', 'killed', 1)).toMatchObject({
      kind: 'trouble',
      text: 'exited without a shutdown message (killed or crashed)',
    })
    expect(statusTimelineEvent('killed', 'killed', 1)).toBeNull()
    expect(statusTimelineEvent('up', 'stopped', 1)).toBeNull()
    expect(statusTimelineEvent('up', 'frozen', 1)).toMatchObject({kind: 'trouble'})
    expect(statusTimelineEvent('frozen', 'up', 1)).toMatchObject({kind: 'start', text: 'it answers again'})
  })
})

describe('a change that the log saw and nobody recorded', () => {
  const applied = (at: number): TimelineEvent => ({
    at,
    kind: 'rotation',
    text: 'config applied: gateway.auth.token',
    from: {file: 'gw.log', line: 1},
    of: 'config-applied',
  })
  const record = (at: number): TimelineEvent =>
    changeTimelineEvent({at, by: 'openclaw config set', pid: 7, paths: [], isSuspicious: false})
  const times = (log: readonly TimelineEvent[], external: readonly TimelineEvent[]) =>
    unrecordedEdits(log, external).map(({at}) => at)

  test('is an edit outside OpenClaw, once', () => {
    expect(times([applied(600_000), applied(601_000)], [record(0)])).toEqual([600_000])
  })

  test('is none where a record or a write of ours is near', () => {
    const ours: TimelineEvent = {...applied(0), of: undefined as never, kind: 'plan', wrote: {by: 'gatecrab', at: [899_000]}}
    expect(times([applied(600_000), applied(900_000)], [record(0), record(598_000), ours])).toEqual([])
  })

  test('is not judged before the first record, nor where nothing is recorded', () => {
    expect(times([applied(600_000)], [record(700_000)])).toEqual([])
    expect(times([applied(600_000)], [])).toEqual([])
  })
})
