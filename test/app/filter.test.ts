import {describe, expect, test} from 'vitest'
import {emptyFilter, parseFilter, passes, type Searchable} from '../../src/app/rows/filter.ts'

const line = (level: Searchable['level'], text: string): Searchable => ({
  all: `gateway/ws ${text}`,
  named: {sub: 'gateway/ws', level: level ?? ''},
  ...(level ? {level} : {}),
})

const client: Searchable = {
  all: 'openclaw-control-ui 192.0.2.7 token-mismatch 1008 stuck',
  named: {client: 'openclaw-control-ui', from: '192.0.2.7', reason: 'token-mismatch', code: '1008', state: 'stuck'},
}

const shows = (text: string, row: Searchable): boolean => passes(parseFilter(text), row)

describe('a filter', () => {
  test.each([
    ['', true],
    ['   ', true],
    ['token', true],
    ['TOKEN-mismatch', true],
    ['token 1008', true],
    ['token 1006', false],
    ['nobody', false],
    ['!nobody', true],
    ['!token', false],
    ['token !stuck', false],
    ['code:1008', true],
    ['code:100', true],
    ['code:192', false],
    ['reason:1008', false],
    ['!code:1008', false],
    ['!code:4001', true],
    ['Code:1008', true],
    ['from:192.0.2', true],
    ['client:"control-ui"', true],
    ['!', false],
    ['nokey:value', false],
    ['!nokey:value', true],
    ['code:', true],
    ['error', false],
  ])('“%s” on a client: %s', (text, expected) => {
    expect(shows(text, client)).toBe(expected)
  })

  test('a level means that level and worse', () => {
    const shown = (text: string) =>
      (['debug', 'info', 'warn', 'error', 'fatal'] as const).filter(level => shows(text, line(level, 'x')))
    expect(shown('warn')).toEqual(['warn', 'error', 'fatal'])
    expect(shown('warning')).toEqual(['warn', 'error', 'fatal'])
    expect(shown('level:error')).toEqual(['error', 'fatal'])
    expect(shown('ERROR')).toEqual(['error', 'fatal'])
    expect(shown('!warn')).toEqual(['debug', 'info'])
    expect(shown('debug')).toHaveLength(5)
  })

  test('words in quotes stand together', () => {
    expect(shows('"closed before"', line('warn', 'closed before connect'))).toBe(true)
    expect(shows('"before closed"', line('warn', 'closed before connect'))).toBe(false)
    expect(shows('!"closed before"', line('warn', 'closed before connect'))).toBe(false)
  })

  test('a word with a colon that is no key of the row is looked for as it is', () => {
    expect(shows('http://a.example', line('info', 'origin=http://a.example'))).toBe(true)
    expect(shows('127.0.0.1:18789', line('info', 'peer=127.0.0.1:18789'))).toBe(true)
    expect(shows('18789->', line('info', 'peer=127.0.0.1:18789->x'))).toBe(true)
  })

  test('none shows everything', () => {
    expect(passes(emptyFilter, client)).toBe(true)
    expect(emptyFilter.terms).toEqual([])
  })

  test('keeps what was typed, and remembers what it said of a row', () => {
    const filter = parseFilter('  token !left ')
    const row = {}
    const answers: boolean[] = []
    const evaluate = () => {
      answers.push(true)
      return true
    }
    expect(filter.text).toBe('token !left')
    expect([filter.cached(row, evaluate), filter.cached(row, evaluate), filter.cached({}, evaluate)]).toEqual([true, true, true])
    expect(answers).toHaveLength(2)
  })

  test('characters that mean something elsewhere mean themselves', () => {
    for (const text of ['.*', '(', '[a', '\\', '$', '^', '+']) {
      expect(shows(text, line('info', `a ${text} b`))).toBe(true)
      expect(shows(text, line('info', 'plain'))).toBe(false)
    }
  })
})
