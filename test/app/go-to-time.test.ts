import {describe, expect, test} from 'vitest'
import {viewPanel} from '../../src/app/panel-view.ts'
import type {TimelineEvent} from '../../src/domain/timeline/timeline.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {at, every, refusal} from '../domain/event-builders.ts'
import {chosenText, countOf, having, indexOf, lines, nth, opened, readLines, type Session, typed} from './app-driver.ts'

const clock = (seconds: number): string => new Date(at(seconds)).toISOString().slice(11, 19)
const log = readLines(opened({now: at(300)}), lines(1, 200))
const reads = ({effects}: Session): string[] => effects.map(({type}) => type).filter(type => type.startsWith('read-'))

describe(':at on the live screen', () => {
  test('puts the log at the first line from then on, and says where that is', () => {
    const gone = typed(log, `: "at ${clock(50)}" enter`)
    expect([gone.state.panel, chosenText(gone), reads(gone)]).toEqual(['log', 'line 50', []])
    expect(gone.state.notice?.text).toBe(`At ${new Date(at(50)).toISOString().slice(0, 10)} ${clock(50)} UTC`)
    expect(chosenText(readLines(gone, lines(201, 220)))).toBe('line 50')
  })

  test('puts the attempts and the timeline at the last one up to then', () => {
    const refused = readLines(
      opened({now: at(300)}),
      every(30, 1, (n, seconds) => refusal(n, seconds, {remote: `192.0.2.${n}`})),
    )
    const gone = typed(refused, `2 : "at ${clock(10)}" enter`)
    expect(gone.state.panel).toBe('attempts')
    expect(viewPanel(gone.state, false).timeAt(indexOf(gone))).toBe(at(10))
  })

  test('reads the log back until it is reached', () => {
    const asked = typed(log, ': "at -10m" enter')
    expect(reads(asked)).toEqual(['read-earlier'])
    const nearer = having(asked, {type: 'earlier-read', lines: [nth(-100), nth(-99)], hasMore: true})
    expect([reads(nearer).length, nearer.state.soughtTime?.at]).toEqual([2, at(-300)])
    const there = having(nearer, {type: 'earlier-read', lines: [nth(-400), nth(-250)], hasMore: true})
    expect([reads(there).length, there.state.soughtTime, chosenText(there)]).toEqual([2, null, 'line -250'])
    expect(there.state.notice?.text).toMatch(/^At \S+ \S+ UTC$/)
  })

  test('says where the log begins too late, and stops for esc', () => {
    const asked = typed(log, ': "at -10m" enter')
    const end = having(asked, {type: 'earlier-read', lines: [], hasMore: false})
    expect([chosenText(end), end.state.soughtTime]).toEqual(['line 1', null])
    expect(end.state.notice?.text).toMatch(/^The log begins at .* UTC, later than .* UTC$/)
    const stopped = having(typed(asked, 'esc'), {type: 'earlier-read', lines: [nth(-100)], hasMore: true})
    expect([reads(stopped).length, stopped.state.soughtTime]).toEqual([1, null])
  })

  test('reads the history back where that is counted from later on', () => {
    const counted = having(log, {type: 'history-read', world: createWorld(), since: at(0)})
    const asked = typed(counted, ': "at -10m" enter')
    expect(reads(asked)).toEqual(['read-earlier', 'read-history'])
    const read = having(asked, {type: 'history-read', world: createWorld(), since: at(-300)})
    expect(read.state.soughtTime?.awaits).toEqual(new Set(['lines']))
  })

  test('says what it takes', () => {
    expect(typed(log, ': "at noon" enter').state.notice?.text).toContain('at takes 03:10, 2026-11-30 03:10')
    expect(typed(log, ': "at noon" enter').state.notice?.text).toContain('UTC')
  })
})

describe('in a replay', () => {
  const from = at(0)
  const to = at(7200)
  const replaying = opened({kind: 'replay', now: from, readonly: true, replay: {from, to, at: from, speed: 1, playing: true}})
  const event = (seconds: number): TimelineEvent => ({
    at: at(seconds),
    kind: 'config',
    text: `change ${seconds}`,
    from: {file: 'gw.log', line: seconds},
  })
  const whole = [100, 200, 300].map(event)
  const mapped = typed(having(replaying, {type: 'replay-timeline-read', timeline: whole}), '6')
  const texts = ({state}: Session) =>
    Array.from({length: viewPanel(state, false).rows.count}, (_, i) => viewPanel(state, false).rows.rowAt(i)).map(
      ({cells, dim}) => `${dim ? 'ahead ' : ''}${cells.at(-1)?.text}`,
    )
  const sought = (session: Session, seconds: number, past: readonly TimelineEvent[]): Session => {
    const world = createWorld()
    world.timeline.push(...past)
    return having(session, {type: 'replay-sought', world, lines: [], at: at(seconds)})
  }

  test('the timeline shows what lies ahead, dimmed, and the cursor stands where the replay is', () => {
    expect(texts(mapped)).toEqual(['ahead change 300', 'ahead change 200', 'ahead change 100'])
    const later = sought(mapped, 250, whole.slice(0, 2))
    expect(texts(later)).toEqual(['ahead change 300', 'change 200', 'change 100'])
    expect([countOf(later), indexOf(later)]).toEqual([3, 1])
  })

  test('enter on an event goes there', () => {
    const gone = typed(mapped, 'g enter')
    expect(gone.effects.at(-1)).toEqual({type: 'seek', at: at(300)})
    expect(indexOf(sought(gone, 300, whole))).toBe(0)
  })

  test(':at goes there, $ to the end, and what is not in it is said', () => {
    expect(typed(mapped, `: "at ${clock(3600)}" enter`).effects.at(-1)).toEqual({type: 'seek', at: at(3600)})
    expect(typed(mapped, '$').effects.at(-1)).toEqual({type: 'seek', at: to})
    const outside = typed(mapped, ': "at 2020-01-01" enter')
    expect(outside.effects.at(-1)).toEqual({type: 'seek', at: from})
    expect(outside.state.notice?.text).toContain('it goes from')
  })
})
