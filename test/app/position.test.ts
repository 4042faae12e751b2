import {describe, expect, test} from 'vitest'
import {viewPanel} from '../../src/app/panel-view.ts'
import {positionCells} from '../../src/app/position.ts'
import {every, refusal} from '../domain/event-builders.ts'
import {indexOf, lines, opened, readLines, type Session, typed} from './app-driver.ts'

const position = (session: Session): string =>
  positionCells(session.state, viewPanel(session.state, false), indexOf(session))
    .map(({text}) => text)
    .join('  ')

const log = typed(readLines(opened(), lines(1, 120)), '3')

describe('the position', () => {
  test('is the row of all rows', () => {
    expect(position(log)).toBe('following  120/120')
    expect(position(typed(log, 'k k'))).toBe('held; G follows  118/120')
    expect(position(typed(log, '/ "nobody"'))).toBe('no rows')
  })

  test('counts the hits of a search, until the cursor leaves them', () => {
    const first = typed(log, 's "line 5" enter')
    expect(position(first)).toBe('held; G follows  hit 21 of 21  115/120')
    expect(position(typed(first, 'n'))).toContain('hit 20 of 21  105/120')
    expect(position(typed(first, 'n N'))).toContain('hit 21 of 21')
    expect(position(typed(first, 'N'))).toContain('hit 1 of 21')
    expect(position(typed(first, 'n j'))).not.toContain('hit')
  })

  test('says how many clients have come above a held one', () => {
    const clients = (from: number, to: number) =>
      every(to - from + 1, 1, (n, seconds) => refusal(from + n, 40 + seconds / 10, {remote: `192.0.2.${from + n}`}))
    const held = typed(readLines(opened(), clients(1, 20)), 'ctrl+d')
    const before = indexOf(held)
    expect(position(held)).toBe(`sort: worst  ${before + 1}/20`)
    const more = readLines(held, clients(100, 109))
    const above = indexOf(more) - before
    expect(above).toBeGreaterThan(0)
    expect(position(more)).toBe(`sort: worst  ${above} more above; g  ${before + above + 1}/30`)
    expect(position(typed(more, 'g'))).toBe('sort: worst  1/30')
  })
})
