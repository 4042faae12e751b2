import {describe, expect, test} from 'vitest'
import {viewPanel} from '../../src/app/panel-view.ts'
import {timelineRows} from '../../src/app/panels/timeline.ts'
import {followText} from '../../src/app/position.ts'
import {parseFilter} from '../../src/app/rows/filter.ts'
import type {TimelineEvent} from '../../src/domain/timeline/timeline.ts'
import {indexOf, lines, opened, readLines, type Session, typed} from './app-driver.ts'

const at0 = Date.parse('2026-11-21T12:00:00Z')

const digestOf = (seconds: number, kind: TimelineEvent['kind'], text: string, key?: string): TimelineEvent => ({
  at: at0 + seconds * 1000,
  kind,
  text,
  from: {file: 'gw.log', line: seconds},
  ...(key === undefined ? {} : {key}),
})

const storms = (from: number, count: number): TimelineEvent[] =>
  Array.from({length: count}, (_, i) => digestOf(from + i, 'storm', `client ${i}: token-mismatch every 1.0 s`, `c${i}`))

const texts = (timeline: readonly TimelineEvent[], filter = ''): string[] =>
  timelineRows(timeline, parseFilter(filter)).items.map(({text}) => text)

describe('storms on the Timeline', () => {
  test('are one row a run, so that they bury nothing', () => {
    const timeline = [
      digestOf(0, 'start', 'up'),
      ...storms(1, 300),
      digestOf(400, 'rotation', 'config applied'),
      ...storms(500, 2),
    ]
    expect(texts(timeline)).toEqual([
      'client 1: token-mismatch every 1.0 s',
      'client 0: token-mismatch every 1.0 s',
      'config applied',
      expect.stringMatching(/^300 clients began to retry fast until \S+; the first: client 0: token-mismatch/),
      'up',
    ])
  })

  test('are found by the client within', () => {
    expect(texts(storms(1, 300), '"client 17:"')).toEqual(['client 17: token-mismatch every 1.0 s'])
  })
})

describe('a cursor that holds a row', () => {
  const newer = (session: Session): string | null =>
    followText(session.state, viewPanel(session.state, false), indexOf(session))?.text ?? null
  const withMarks = (count: number): Session => {
    const session = opened()
    session.state.world.timeline.push(...Array.from({length: count}, (_, i) => digestOf(i, 'pairing', `device ${i}`)))
    return typed(session, '6')
  }

  test('says how many rows of the Timeline are newer and above the screen', () => {
    const session = withMarks(40)
    expect(newer(session)).toBe('following')
    const stored = typed(session, 'j j')
    expect(newer(stored)).toBe('held; g follows')
    stored.state.world.timeline.push(...Array.from({length: 5}, (_, i) => digestOf(100 + i, 'pairing', `later ${i}`)))
    expect(newer(stored)).toBe('5 newer above; g follows')
    expect(newer(typed(stored, 'g'))).toBe('following')
  })

  test('says of the log that it is not followed', () => {
    const session = typed(readLines(opened(), lines(1, 60)), '3')
    expect(newer(session)).toBe('following')
    const stored = typed(session, 'k k')
    expect(newer(stored)).toBe('held; G follows')
    expect(newer(readLines(stored, lines(61, 70)))).toBe('10 newer below; G follows')
    expect(newer(typed(stored, 'G'))).toBe('following')
  })
})
