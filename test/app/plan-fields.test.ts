import {describe, expect, test} from 'vitest'
import {panelIds} from '../../src/app/panels/panels.ts'
import {admission, at, conn, event, read, refusal} from '../domain/event-builders.ts'
import {
  chosenLine,
  chosenText,
  countOf,
  having,
  indexOf,
  lines,
  nth,
  opened,
  readLines,
  type Session,
  typed,
} from './app-driver.ts'

const log = typed(
  readLines(opened(), [
    ...lines(1, 20),
    nth(21, 'needle one', {level: 'warn'}),
    ...lines(22, 40),
    nth(41, 'needle two'),
    nth(42),
  ]),
  '3',
)

describe('a filter', () => {
  test('shows what matches, and esc everything again', () => {
    const filtered = typed(log, '/ "needle" enter')
    expect([countOf(filtered), filtered.state.filter.text, filtered.state.prompt]).toEqual([2, 'needle', null])
    expect(countOf(typed(filtered, 'esc'))).toBe(42)
  })

  test('is not taken over when it is left with esc', () => {
    expect(countOf(typed(log, '/ "needle" esc'))).toBe(42)
    expect(typed(log, '/ "needle" esc').state.prompt).toBeNull()
  })

  test('goes on for lines that come, and can be changed where it was', () => {
    const filtered = typed(log, '/ "needle" enter')
    expect(countOf(readLines(filtered, [nth(50, 'needle three'), nth(51)]))).toBe(3)
    expect(typed(filtered, '/').state.prompt).toMatchObject({text: 'needle', at: 6})
    expect(countOf(typed(filtered, '/ space "two" enter'))).toBe(1)
  })

  test('is edited like any line', () => {
    const text = (keys: string) => typed(opened(), `/ ${keys}`).state.prompt?.text
    expect(text('"abc" backspace')).toBe('ab')
    expect(text('"abc" left left delete')).toBe('ac')
    expect(text('"abc" home "x"')).toBe('xabc')
    expect(text('"abc def" ctrl+w')).toBe('abc ')
    expect(text('"abc def" left ctrl+u')).toBe('f')
    expect(text('"abc" ctrl+a right "x" ctrl+e "y"')).toBe('axbcy')
    expect(text('"é🦀"')).toBe('é🦀')
    expect(text('"a" f5 pageup')).toBe('a')
  })

  test('that is empty is left by backspace', () => {
    expect(typed(opened(), '/ "a" backspace backspace').state.prompt).toBeNull()
  })

  test('a character of two halves is taken away whole', () => {
    expect(typed(opened(), '/ "🦀" backspace').state.prompt?.text).toBe('')
  })
})

describe('a search', () => {
  test('goes upwards from the newest line, then on with n, back with N, round the ends', () => {
    const found = typed(log, 's "needle" enter')
    expect(chosenText(found)).toBe('needle two')
    expect(chosenText(typed(found, 'n'))).toBe('needle one')
    expect(chosenText(typed(found, 'n n'))).toBe('needle two')
    expect(chosenText(typed(found, 'n N'))).toBe('needle two')
    expect(chosenText(typed(found, 'N'))).toBe('needle one')
    expect(countOf(found)).toBe(42)
  })

  test('goes downwards from the newest attempt', () => {
    const attempts = typed(
      readLines(
        opened(),
        [1, 2, 3, 4].map(n => refusal(n, n, {remote: `192.0.2.${n % 2}`})),
      ),
      '2',
    )
    const found = typed(attempts, 's "192.0.2.1" enter')
    expect([indexOf(found), indexOf(typed(found, 'n')), indexOf(typed(found, 'n n')), indexOf(typed(found, 'N'))]).toEqual([
      1, 3, 1, 3,
    ])
  })

  test('that finds nothing says so and stays', () => {
    const found = typed(typed(log, 'k k'), 's "nobody" enter')
    expect([chosenText(found), found.state.notice?.text]).toEqual([
      chosenText(typed(log, 'k k')),
      expect.stringContaining('nobody'),
    ])
  })

  test('for nothing says how to search', () => {
    expect(typed(log, 'n').state.notice?.text).toMatch(/s /)
  })
})

describe('the lines behind a row', () => {
  const result = readLines(opened(), [
    {
      ...event(1, 'refused', {conn: conn(1)}, {cause: 'unauthorized', authReason: 'token_missing', remote: '192.0.2.7'}),
      from: {file: 'gw.log', line: 11},
    },
    {...refusal(1, 1, {authReason: 'token_missing'}), from: {file: 'gw.log', line: 12}},
    {...nth(5), from: {file: 'gw.log', line: 13}},
    {...read(6, {kind: 'config-applied', what: 'gateway.auth.token'}), from: {file: 'gw.log', line: 14}},
    {...refusal(2, 7), from: {file: 'other.log', line: 12}},
  ])

  const evidenceOf = (session: Session) => {
    const shown = typed(session, 'enter')
    return {panel: shown.state.panel, count: countOf(shown), back: typed(shown, 'esc').state.panel}
  }

  test('of an attempt are shown alone, and esc goes back to it', () => {
    expect(evidenceOf(typed(result, '2 j'))).toEqual({panel: 'log', count: 2, back: 'attempts'})
    const back = typed(result, '2 j enter esc')
    expect([indexOf(back), back.state.evidence]).toEqual([1, null])
  })

  test('of a client are those of all its reasons', () => {
    const clients = typed(result, '1')
    const counts = Array.from({length: countOf(clients)}, (_, i) => evidenceOf(typed(clients, 'j '.repeat(i))).count)
    expect(counts).toEqual([3])
  })

  test('of a mark are all lines, at the place of its own', () => {
    const timeline = having(result, {type: 'panel-chosen', panel: 'timeline'})
    const shown = typed(timeline, 'enter')
    expect([shown.state.panel, countOf(shown)]).toEqual(['log', 5])
    expect(chosenLine(shown)?.from).toEqual({file: 'gw.log', line: 14})
    expect(typed(shown, 'esc').state.panel).toBe('timeline')
  })

  test('that are not on hand any more are said to be further back', () => {
    const later = {...result, state: {...result.state, log: {...result.state.log, lines: result.state.log.lines.slice(2)}}}
    const asked = typed(later, '2 j enter')
    expect([asked.state.panel, asked.state.notice?.text]).toEqual(['attempts', expect.stringContaining('further back')])
  })

  test('of a line is the line itself, and of no row none', () => {
    expect(typed(result, '3 enter').state.overlay?.kind).toBe('line')
    expect(typed(opened(), 'enter').state.notice?.text).toMatch(/no row/)
  })

  test('a panel that is chosen ends the looking', () => {
    const other = typed(result, '2 j enter 3')
    expect([other.state.evidence, countOf(other)]).toEqual([null, 5])
  })
})

describe('commands by name', () => {
  test('are completed, and run', () => {
    const half = typed(opened(), ': "att" tab')
    expect(half.state.prompt?.text).toBe('attempts')
    expect(typed(half, 'enter').state.panel).toBe('attempts')
    expect(typed(opened(), ': "fil" tab').state.prompt?.text).toBe('filter ')
  })

  test('need no more letters than tell them apart', () => {
    expect(typed(opened(), ': "q" enter').state.ended).toBe(true)
    expect(typed(opened(), ': "ATTEMPTS" enter').state.panel).toBe('attempts')
  })

  test('that nobody knows say so', () => {
    const asked = typed(opened(), ': "dance wildly" enter')
    expect([asked.state.notice?.text, asked.state.panel, asked.effects]).toEqual([
      expect.stringContaining('dance'),
      'clients',
      [],
    ])
  })

  test('no command is no command', () => {
    const asked = typed(opened(), ': enter')
    expect([asked.state.prompt, asked.state.notice]).toEqual([null, null])
  })

  test('each panel has one', () => {
    for (const panel of panelIds) expect(typed(opened(), `: "${panel}" enter`).state.panel).toBe(panel)
  })

  test('connections and filter take a filter, clear takes it away', () => {
    const asked = typed(opened(), ': "connections code:1008 !left" enter')
    expect([asked.state.panel, asked.state.filter.text]).toEqual(['attempts', 'code:1008 !left'])
    const cleared = typed(asked, ': "clear" enter')
    expect([cleared.state.filter.terms, cleared.state.hidesExpected]).toEqual([[], false])
  })

  test('explain opens what it knows, and says what it does not', () => {
    expect(typed(opened(), ': "explain 4001" enter').state.overlay).toMatchObject({kind: 'explain', word: '4001'})
    expect(typed(opened(), ': "explain nonsense-word" enter').state).toMatchObject({
      overlay: null,
      notice: {text: expect.stringContaining('nonsense-word')},
    })
    expect(typed(opened(), ': "explain" enter').state.overlay).toBeNull()
  })

  test('since reads further back', () => {
    const asked = typed(opened(), ': "since 6h" enter')
    expect(asked.effects).toEqual([{type: 'read-history', since: at(60) - 6 * 3_600_000}])
    expect(asked.state.readingHistory).toBe(true)
    for (const wrong of ['since', 'since yesterday', 'since 6', 'since -h']) {
      expect(typed(opened(), `: "${wrong}" enter`).effects).toEqual([])
    }
  })
})

describe('expected trouble', () => {
  const probe = event(1, 'closed-early', {conn: conn(1)}, {code: 1006, handshake: 'pending', remote: '192.0.2.9'})
  const session = readLines(opened(), [probe, refusal(2, 2)])

  test('is hidden and shown again with x', () => {
    expect([countOf(session), countOf(typed(session, 'x')), countOf(typed(session, 'x x'))]).toEqual([2, 1, 2])
    expect([countOf(typed(session, '2')), countOf(typed(session, 'x 2'))]).toEqual([2, 1])
  })
})

describe('what is copied', () => {
  test('is the row in words, or the raw line', () => {
    const session = readLines(opened(), [refusal(1, 1), admission(2, 2)])
    const copied = typed(session, '2 j y').effects
    expect(copied).toEqual([{type: 'copy', text: expect.stringContaining(conn(1))}])
    expect(typed(log, 'y').effects).toEqual([{type: 'copy', text: expect.stringMatching(/^\d{4}-\S+Z \w+ .*line 42$/)}])
  })

  test('is who, why, how often and when, in every panel', () => {
    const session = readLines(opened(), [refusal(1, 1), refusal(2, 5)])
    const [client] = typed(session, 'y').effects as {text: string}[]
    expect(client?.text).toMatch(/cli .*192\.0\.2\.7 .*token-mismatch .*2 /)
    expect(client?.text).toContain('since 2026-11-21T10:00:01.000Z, last 2026-11-21T10:00:05.000Z')
    const [attempt] = typed(session, '2 y').effects as {text: string}[]
    expect(attempt?.text).toMatch(/cli .*192\.0\.2\.7 .*1008 .*refused .*token-mismatch.*\n2026-11-21T10:00:05\.000Z/)
  })
})

describe('what is told', () => {
  test('goes away after some seconds', () => {
    const asked = typed(opened(), 'Z')
    expect(asked.state.notice).not.toBeNull()
    expect(having(asked, {type: 'ticked', now: at(61)}).state.notice).not.toBeNull()
    expect(having(asked, {type: 'ticked', now: at(70)}).state.notice).toBeNull()
  })
})
