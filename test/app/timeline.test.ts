import {describe, expect, test} from 'vitest'
import {look} from '../../src/app/look.ts'
import {newerText} from '../../src/app/navigate.ts'
import {parseFilter} from '../../src/app/rows/filter.ts'
import {markRows} from '../../src/app/rows/mark-rows.ts'
import type {Mark} from '../../src/domain/mark.ts'
import {heardLines, indexOf, lines, opened, type Session, typed} from './session.ts'

const at0 = Date.parse('2026-11-21T12:00:00Z')

const mark = (seconds: number, kind: Mark['kind'], text: string, key?: string): Mark => ({
  at: at0 + seconds * 1000,
  kind,
  text,
  from: {file: 'gw.log', line: seconds},
  ...(key === undefined ? {} : {key}),
})

const storms = (from: number, count: number): Mark[] =>
  Array.from({length: count}, (_, i) => mark(from + i, 'storm', `client ${i}: token-mismatch every 1.0 s`, `c${i}`))

const texts = (marks: readonly Mark[], filter = ''): string[] => markRows(marks, parseFilter(filter)).marks.map(({text}) => text)

describe('storms on the Timeline', () => {
  test('are one row a run, so that they bury nothing', () => {
    const marks = [mark(0, 'start', 'up'), ...storms(1, 300), mark(400, 'rotation', 'config applied'), ...storms(500, 2)]
    expect(texts(marks)).toEqual([
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
  const newer = (session: Session): string | null => newerText(session.state, look(session.state, false), indexOf(session))
  const withMarks = (count: number): Session => {
    const session = opened()
    session.state.world.marks.push(...Array.from({length: count}, (_, i) => mark(i, 'pairing', `device ${i}`)))
    return typed(session, '6')
  }

  test('says how many rows of the Timeline are newer and above the screen', () => {
    const session = withMarks(40)
    expect(newer(session)).toBeNull()
    const held = typed(session, 'j j')
    expect(newer(held)).toBeNull()
    held.state.world.marks.push(...Array.from({length: 5}, (_, i) => mark(100 + i, 'pairing', `later ${i}`)))
    expect(newer(held)).toBe('5 newer above; g')
    expect(newer(typed(held, 'g'))).toBeNull()
  })

  test('says of the log that it is not followed', () => {
    const session = typed(heardLines(opened(), lines(1, 60)), '3')
    expect(newer(session)).toBeNull()
    const held = typed(session, 'k k')
    expect(newer(held)).toBe('held; G follows')
    expect(newer(heardLines(held, lines(61, 70)))).toBe('10 newer below; G follows')
    expect(newer(typed(held, 'G'))).toBeNull()
  })
})
