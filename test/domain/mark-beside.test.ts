import {describe, expect, test} from 'vitest'
import {diskMark, fateMark, hostMark} from '../../src/domain/mark-beside.ts'

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
  ] as const)('%o', (event, kind, text) => expect(hostMark(event)).toMatchObject({kind, text}))

  test('a disk that fills up', () => {
    const disk = {path: '/var/log', state: 'full', freeBytes: 400_000, totalBytes: 1e9} as const
    expect(diskMark(disk, 5)).toMatchObject({at: 5, kind: 'disk', text: 'the disk under /var/log is full: 0 MB free'})
  })

  test('only what no log tells of the gateway', () => {
    expect(fateMark('up', 'killed', 1)).toMatchObject({kind: 'trouble', text: 'gone without a word: killed or crashed'})
    expect(fateMark('killed', 'killed', 1)).toBeNull()
    expect(fateMark('up', 'stopped', 1)).toBeNull()
    expect(fateMark('up', 'frozen', 1)).toMatchObject({kind: 'trouble'})
    expect(fateMark('frozen', 'up', 1)).toMatchObject({kind: 'start', text: 'it answers again'})
  })
})
