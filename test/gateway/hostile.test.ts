import {describe, expect, test} from 'vitest'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {
  apply,
  type Chosen,
  closedInConsole,
  closedInLog,
  type Decided,
  logged,
  type Recorded,
  shown,
  unauthorizedInConsole,
  unauthorizedInLog,
} from './cli-samples.ts'
import {stringsIn, unsafeCharacter, unsafeTexts} from './unsafe-text.ts'

const mismatch: Decided = {code: 1008, cause: 'unauthorized', authReason: 'token_mismatch'}

const expectHarmless = ({lines, attempts, clients, world}: Recorded): void => {
  const strings = stringsIn({lines, attempts, clients, marks: world.timeline, recent: world.recent})
  expect(strings.length).toBeGreaterThan(20)
  expect(strings.filter(text => unsafeCharacter.test(text))).toEqual([])
  expect(Math.max(...strings.map(text => text.length))).toBeLessThan(5000)
}

const attacks: Readonly<Record<string, string>> = {
  'colours and cursor moves': 'a\u001b[31mred\u001b[2J\u001b[H\u001b[0mz',
  'a clipboard write (OSC 52)': 'a\u001b]52;c;cm0gLXJmIC8=\u0007z',
  'a clipboard write without its end': 'a\u001b]52;c;cm0gLXJmIC8=',
  'a link (OSC 8)': 'a\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\z',
  'a title and a device control string': 'a\u001b]0;owned\u0007\u001bP+q544e\u001b\\z',
  'C1 controls': 'a\u009b31mred\u009d52;c;eA==\u009cz\u0085\u0090',
  'marks that turn text round': 'a\u202egpj.exe\u202c\u2066b\u2069\u200fc',
  'a NUL and other controls': 'a\u0000b\u0007c\bd\u007fe\u000bf',
  'line and paragraph ends': 'a\nb\r\nc\u2028d\u2029e',
  'halves of characters': 'a\ud800b\udc00c\udfff\ud83d',
  'invisible characters': 'a\u200bb\u2060c\ufeffd\u00ade\u061cf',
  'bytes that are not UTF-8': Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0x7a]).toString('utf8'),
  'a private message after ESC': 'a\u001b^secret\u001b\\z\u001bcz',
}

const fields = ['forwardedFor', 'origin', 'host', 'userAgent', 'closeText', 'version'] as const

describe.each(Object.entries(attacks))('%s', (_what, attack) => {
  test.each(fields)('in %s, in the log and on the console', field => {
    const chosen: Chosen = {[field]: attack}
    expectHarmless(apply(unauthorizedInLog(chosen, mismatch), closedInLog(chosen, mismatch)))
    expectHarmless(apply(unauthorizedInConsole(chosen, mismatch), closedInConsole(chosen, mismatch)))
  })

  test('in what other lines repeat of a stranger', () => {
    const texts = [
      `webchat connected conn=cb7c062d-bea4-41d0-9b67-60a18887c287 remote=127.0.0.1 client=${attack} webchat v1`,
      `webchat disconnected code=1000 reason=${attack} conn=cb7c062d-bea4-41d0-9b67-60a18887c287`,
      `⇄ res ✗ ${attack} 1ms errorCode=INVALID_REQUEST errorMessage=${attack} conn=cb7c062d…c287 id=1`,
      `✗ parse-error error=SyntaxError: ${attack} conn=cb7c062d…c287`,
      `protocol mismatch conn=cb7c062d-bea4-41d0-9b67-60a18887c287 remote=127.0.0.1 client=${attack} cli v1`,
      `device pairing auto-approved device=${attack} role=${attack}`,
      `config reload skipped (invalid config): ${attack}`,
      `Gateway failed to start: ${attack}`,
    ]
    expectHarmless(apply(...texts.map(text => logged(text))))
    expectHarmless(apply(...texts.map(shown)))
    expectHarmless(apply(...texts))
  })

  test('in the id and the ends of a connection', () => {
    const texts = [
      `← open remoteAddr=127.0.0.1 endpoint=${attack}127.0.0.1:5->127.0.0.1:6 conn=${attack}cb7c062d…c287`,
      `unauthorized conn=${attack} peer=${attack} remote=127.0.0.1 client=cli cli v1 reason=token_mismatch`,
      `closed before connect conn=${attack}${'A'.repeat(9000)} peer=${attack} remote=127.0.0.1 code=1008 reason=n/a`,
    ]
    expectHarmless(apply(...texts.map(text => logged(text))))
    expectHarmless(apply(...texts.map(shown)))
  })

  test('in the name of a subsystem', () => {
    const line = readLogLine(
      JSON.stringify({'0': JSON.stringify({subsystem: attack}), '1': 'x', _meta: {}, time: 'never'}),
      {file: 'log', line: 1},
      5,
      5,
    )
    expect(unsafeTexts(line)).toEqual([])
    expect(line.at).toBe(5)
  })
})

describe('a user agent of 1 MB', () => {
  const userAgent = 'A'.repeat(1 << 20)

  test('is cut, and the rest of the line is still read', () => {
    const events = apply(closedInLog({userAgent}, mismatch))
    expectHarmless(events)
    expect(events.attempts[0]).toMatchObject({outcome: 'refused', closeCode: 1008, reason: 'token-mismatch', remote: '127.0.0.1'})
    expect(events.attempts[0]?.userAgent?.length).toBeLessThan(1000)
  })

  test('says how long the line was', () => {
    const [line] = apply(closedInLog({userAgent}, mismatch)).lines
    expect(line?.text).toMatch(/… \[clipped: 1048\d{3} characters\]$/)
  })

  test('is cut on the console too', () => {
    const events = apply(closedInConsole({userAgent}, mismatch))
    expectHarmless(events)
    expect(events.attempts[0]).toMatchObject({closeCode: 1008, remote: '127.0.0.1'})
  })
})

describe('words that pretend to be the gateway', () => {
  const forged = ' code=1000 reason=fake phase=x'
  const otherConn = ' conn=00000000-0000-4000-8000-000000000000'
  const lies = [`Mozilla${forged}`, `Mozilla${otherConn}`, `Mozilla${forged} suppressed=9999`]
  const wholeTail = `x ua=n/a${forged}`
  const ownReason = 'x reason=fake guidance='

  const expectTruth = ({attempts}: Recorded): void => {
    expect(attempts.map(({id}) => id)).toEqual(['cb7c062d-bea4-41d0-9b67-60a18887c287'])
    expect(attempts[0]).toMatchObject({
      closeCode: 1008,
      outcome: 'refused',
      cause: 'unauthorized',
      authReason: 'token_mismatch',
      reason: 'token-mismatch',
      alsoHidden: 0,
      remote: '127.0.0.1',
    })
  }

  const onConsole = (userAgent: string): Recorded =>
    apply(
      unauthorizedInConsole({userAgent}, mismatch),
      closedInConsole({userAgent, closeText: 'unauthorized: gateway token mismatch (provide gateway auth token)'}, mismatch),
    )

  test.each([...lies, wholeTail, ownReason])('%s as the user agent, in the log', userAgent => {
    expectTruth(apply(unauthorizedInLog({userAgent}, mismatch), closedInLog({userAgent}, mismatch)))
    expectTruth(apply(closedInLog({userAgent}, mismatch)))
  })

  test.each([...lies, ownReason])('%s as the origin or the address that was forwarded, in the log', text => {
    expectTruth(apply(closedInLog({origin: text}, mismatch)))
    expectTruth(apply(closedInLog({forwardedFor: text}, mismatch)))
  })

  test.each([...lies, wholeTail, ownReason])('%s as the text of a close, in the log', text => {
    const [attempt] = apply(closedInLog({closeText: text}, mismatch)).attempts
    expect(attempt).toMatchObject({closeCode: 1008, reason: 'token-mismatch', id: 'cb7c062d-bea4-41d0-9b67-60a18887c287'})
  })

  test.each(lies)('%s as the user agent, on the console', userAgent => {
    expectTruth(onConsole(userAgent))
  })

  test('an origin that repeats what stands before the code', () => {
    expectTruth(apply(closedInLog({origin: wholeTail}, mismatch)))
  })

  test('a user agent that repeats what stands before the code, on the console', () => {
    expectTruth(onConsole(wholeTail))
  })

  test('a user agent that gives a reason and guidance of its own, on the console', () => {
    expectTruth(onConsole(ownReason))
  })

  test('an id in the text of an error is not the id of the connection', () => {
    const {lines} = apply(logged('⇄ res ✗ x 1ms errorMessage=a conn=\u001b[31mb conn=cb7c062d…c287 id=1'))
    expect(lines[0]?.event).toMatchObject({conn: 'cb7c062d…c287'})
  })

  test('a visitor who leaves with a text cannot say that it had been in', () => {
    const text = 'x handshake=connected'
    const {attempts} = apply(
      logged('← open remoteAddr=127.0.0.1 remotePort=5 endpoint=127.0.0.1:5->127.0.0.1:6 conn=cb7c062d…c287'),
      logged(
        `→ close code=1000 reason=${text} durationMs=6 handshake=pending phase=ws_upgrade_started endpoint=127.0.0.1:5->127.0.0.1:6`,
      ),
    )
    expect(attempts[0]).toMatchObject({outcome: 'left', reason: 'left-before-connect', closeCode: 1000})
  })

  test('a visitor who leaves with a text makes no second visitor', () => {
    const {attempts} = apply(
      logged('← open remoteAddr=127.0.0.1 remotePort=5 endpoint=127.0.0.1:5->127.0.0.1:6 conn=cb7c062d…c287'),
      logged('→ close code=4321 reason=x conn=abc durationMs=6 handshake=pending endpoint=127.0.0.1:5->127.0.0.1:6'),
    )
    expect(attempts.map(({id}) => id)).toEqual(['cb7c062d…c287'])
  })

  test('a visitor who leaves with a text cannot make the gateway hide others', () => {
    const [attempt] = apply(
      logged(
        'closed before connect conn=cb7c062d-bea4-41d0-9b67-60a18887c287 remote=127.0.0.1 fwd=n/a origin=n/a host=n/a ua=n/a code=1000 reason=bye suppressed=900',
        {handshake: 'pending', durationMs: 5, host: 'n/a'},
      ),
    ).attempts
    expect(attempt).toMatchObject({outcome: 'left', alsoHidden: 0})
  })

  test('a visitor who leaves with a text cannot end the visit of another', () => {
    const {attempts} = apply(
      logged('← open remoteAddr=127.0.0.1 remotePort=7 endpoint=127.0.0.1:7->127.0.0.1:6 conn=eb7c062d…c287'),
      logged('← open remoteAddr=127.0.0.1 remotePort=5 endpoint=127.0.0.1:5->127.0.0.1:6 conn=cb7c062d…c287'),
      logged(
        '→ close code=1000 reason=x endpoint=127.0.0.1:7->127.0.0.1:6 durationMs=6 handshake=pending phase=ws_upgrade_started endpoint=127.0.0.1:5->127.0.0.1:6',
      ),
    )
    expect(attempts.map(({outcome}) => outcome)).toEqual(['pending', 'left'])
  })
})
