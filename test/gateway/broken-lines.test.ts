import {describe, expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {captured, rawLines} from '../stories/captures.ts'

const lastAt = Date.parse('2026-11-21T10:00:00Z')
const now = Date.parse('2026-11-21T12:00:00Z')
const from = {file: 'log', line: 7}
const read = (raw: string): LogLine => readLogLine(raw, from, lastAt, now)

const expectPlainEvent = (raw: string, text = raw): void => {
  expect(read(raw)).toEqual({at: lastAt, level: 'info', subsystem: '', text, writer: 'cli', from, event: null})
}

describe('what nobody understands is kept as a note, with the time of the line before', () => {
  test.each([
    '',
    ' ',
    '{',
    '{}',
    '[]',
    'null',
    '42',
    '"text"',
    '{"0":',
    '{"foo":1}',
    '[1,{"_meta":{}}]',
    '    at run (gateway.js:1:2)',
    '│ table │',
    '{"type":"log"}',
  ])('%j', raw => {
    expectPlainEvent(raw)
  })

  test('a tab is a space, and a colour is nothing', () => {
    expectPlainEvent('\tat\u001b[31m run', ' at run')
  })
})

test('unknown JSON with a message and a time is a line', () => {
  const raw = '{"level":"error","time":"2026-11-21T11:00:00Z","message":"something new","subsystem":"quantum"}'
  expect(read(raw)).toMatchObject({at: now - 3_600_000, level: 'error', subsystem: 'quantum', text: 'something new', event: null})
})

test('an unknown level, an unknown subsystem and an unknown text are kept as they came', () => {
  const raw =
    '{"0":"{\\"subsystem\\":\\"gateway/new\\"}","1":"never heard of","_meta":{"logLevelName":"NOTICE"},"time":"2026-11-21T11:00:00Z"}'
  expect(read(raw)).toMatchObject({level: 'info', subsystem: 'gateway/new', text: 'never heard of', event: null})
})

test('a time that is none is the time of the line before', () => {
  const raw = '{"0":"{\\"subsystem\\":\\"gateway\\"}","1":"gateway ready","_meta":{},"time":"soon"}'
  expect(read(raw)).toMatchObject({at: lastAt, event: {kind: 'gateway-ready'}})
})

test.each(['9999-12-31T23:59:59.999Z', '-271821-04-20T00:00:00.000Z', '0000-00-00T00:00:00.000+00:00'])(
  'a time that nobody lives in is the time of the line before: %s',
  time => {
    const raw = `{"0":"{\\"subsystem\\":\\"gateway\\"}","1":"gateway ready","_meta":{},"time":"${time}"}`
    expect(read(raw).at).toBe(lastAt)
  },
)

test('a number that cannot be one is none', () => {
  const close = (code: string, durationMs: unknown) =>
    read(
      JSON.stringify({
        '0': '{"subsystem":"gateway/ws"}',
        '1': {handshake: 'pending', durationMs},
        '2': `closed before connect conn=x remote=n/a fwd=n/a origin=n/a host=n/a ua=n/a code=${code} reason=n/a`,
        _meta: {},
        time: '2026-11-21T11:00:00Z',
      }),
    ).event
  expect(close('1006', 5)).toMatchObject({durationMs: 5, facts: {code: 1006}})
  expect(close('99999999999999999999', 1e300)).toMatchObject({durationMs: null, facts: {code: undefined}})
  expect(close('1006', -5)).toMatchObject({durationMs: null})
})

describe('a line that was only half written', () => {
  const whole = rawLines(captured('2026.9.6', 'default-level.jsonl'))
    .filter(raw => raw.includes('closed before connect'))
    .slice(0, 2)
  const inConsole = rawLines(captured('2026.9.6', 'default-level.console.log'))
    .filter(raw => raw.includes('unauthorized conn'))
    .slice(0, 1)

  test('is a line at every length, and never a wrong connection', () => {
    for (const raw of [...whole, ...inConsole]) {
      const expected = read(raw).event
      const conn = expected !== null && 'conn' in expected ? expected.conn : null
      for (let length = 0; length <= raw.length; length += 1) {
        const {at, text, event} = read(raw.slice(0, length))
        expect(Number.isFinite(at)).toBe(true)
        expect(typeof text).toBe('string')
        if (event !== null && 'conn' in event && raw.startsWith('{')) expect([null, conn]).toContain(event.conn)
      }
    }
  })

  test('two lines that ran into each other say nothing but what the second says', () => {
    const [first = '', second = ''] = whole
    const factsOf = (raw: string): [string, unknown][] => {
      const {event} = read(raw)
      const facts = event !== null && 'facts' in event ? {...event.facts, conn: event.conn, client: null} : {}
      return Object.entries(facts).filter(([, value]) => value !== undefined)
    }
    expect(factsOf(second)).toEqual(expect.arrayContaining(factsOf(first.slice(0, 200) + second)))
  })
})

describe('the console', () => {
  const text =
    'webchat connected conn=cb7c062d-bea4-41d0-9b67-60a18887c287 remote=127.0.0.1 client=openclaw-control-ui webchat v1'

  test('a time with an offset, with Z, with a comma', () => {
    const times = [
      '2026-11-21T12:00:00.500+02:00',
      '2026-11-21T10:00:00.500Z',
      '2026-11-21T10:00:00,500+00:00',
      '2026-11-21T10:00:00.500+0000',
    ]
    expect(times.map(time => read(`${time} [ws] ${text}`).at)).toEqual(times.map(() => lastAt + 500))
  })

  test('a time of day is of the last day on which it was not in the future', () => {
    const at = (clock: string) => new Date(read(`${clock} [ws] ${text}`).at).toISOString()
    expect(at('11:59:59')).toBe('2026-11-21T11:59:59.000Z')
    expect(at('12:00:30')).toBe('2026-11-21T12:00:30.000Z')
    expect(at('12:02:00')).toBe('2026-11-20T12:02:00.000Z')
    expect(at('23:59:59')).toBe('2026-11-20T23:59:59.000Z')
  })

  test('a short subsystem is the long one', () => {
    const subsystems = ['ws', 'reload', 'shutdown', 'gateway', 'plugins'].map(
      short => read(`2026-11-21T10:00:00Z [${short}] x`).subsystem,
    )
    expect(subsystems).toEqual(['gateway/ws', 'gateway/reload', 'gateway/shutdown', 'gateway', 'plugins'])
  })

  test('a colour is the level where there is one', () => {
    const coloured = (code: number) =>
      read(`\u001b[90m2026-11-21T10:00:00Z\u001b[39m \u001b[36m[ws]\u001b[39m \u001b[${code}mx\u001b[39m`)
    expect([31, 33, 36].map(code => coloured(code).level)).toEqual(['error', 'warn', 'info'])
    expect(coloured(33).text).toBe('x')
  })

  test('half a megabyte of white space behind a colour is no work', () => {
    const raw = `\u001b[90m2026-11-21T10:00:00Z\u001b[39m \u001b[36m[ws]\u001b[39m \u001b[33mx${'\t'.repeat(1 << 19)}\u001b[90m.`
    expect(read(raw).level).toBe('info')
    expect(read(raw.slice(0, -'\u001b[90m.'.length)).level).toBe('warn')
  })

  test('the carriage returns that end a line are no part of what it says', () => {
    const line = `2026-11-21T10:00:00Z [ws] → close code=1000 durationMs=6 handshake=pending endpoint=127.0.0.1:5->127.0.0.1:6`
    for (const end of ['\r', '\r\r', '\r\r\r']) expect(read(line + end)).toEqual(read(line))
  })

  test('a line that quotes a log line far behind its start is a note', () => {
    expectPlainEvent(`${'x'.repeat(300)} 2026-11-21T10:00:00Z [ws] ${text}`)
  })
})

describe('what a line of openclaw logs --json wraps', () => {
  const raw =
    '{"0":"{\\"subsystem\\":\\"gateway\\"}","1":"gateway ready","_meta":{"logLevelName":"INFO"},"time":"2026-11-21T11:00:00Z"}'

  test('is the line itself', () => {
    expect(read(JSON.stringify({type: 'log', time: 'x', raw}))).toEqual(read(raw))
  })

  test('a notice that wraps no line is a note', () => {
    expect(read('{"type":"notice","message":"Log cursor reset"}').event).toBeNull()
  })
})
