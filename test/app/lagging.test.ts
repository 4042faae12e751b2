import {describe, expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {at, conn, event} from '../domain/event-builders.ts'
import {having, nth, opened, readLines, type Session} from './app-driver.ts'

const lineOf = (n: number, told: ReturnType<typeof event>): LogLine => ({...nth(n), ...told})

const refused = lineOf(
  1,
  event(
    1,
    'refused',
    {conn: conn(1)},
    {cause: 'unauthorized', authReason: 'token_mismatch', client: {displayName: 'studio'}, remote: '192.0.2.7'},
  ),
)
const closed = lineOf(
  2,
  event(1, 'closed-early', {conn: conn(1)}, {handshake: 'failed', code: 1008, client: {id: 'cli', mode: 'cli'}}),
)

const tick = (session: Session, seconds: number): Session => having(session, {type: 'ticked', now: at(seconds)})
const rowsOf = ({state}: Session) => Array.from(state.world.clients.byKey.values(), ({identity}) => identity.id)

describe('a log that is read later than it is written', () => {
  test('keeps the two lines of a refusal together where a tick comes between them', () => {
    const read = readLines(tick(readLines(opened(), [refused]), 60.5), [closed])
    expect(rowsOf(read)).toEqual(['cli'])
    expect(read.state.world.recent.map(({closeCode}) => closeCode)).toEqual([1008])
  })

  test('keeps them together where the program itself stood still between them', () => {
    const read = readLines(tick(tick(readLines(opened(), [refused]), 60.5), 80), [closed])
    expect(rowsOf(read)).toEqual(['cli'])
  })

  test('tells of a refusal without its close once no more lines come', () => {
    const waited = [61, 62, 63].reduce(tick, readLines(opened(), [refused]))
    expect(waited.state.world.recent.map(({closeCode}) => closeCode)).toEqual([null])
  })
})
