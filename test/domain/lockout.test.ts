import {describe, expect, test} from 'vitest'
import type {Attempt} from '../../src/domain/attempts/attempt.ts'
import type {ConnectionFacts, LogLine} from '../../src/domain/attempts/event.ts'
import {isExempt, lockedOut, lockoutOf, lockoutsNow} from '../../src/domain/attempts/lockout.ts'
import {apply, at, conn, event, every, refusal} from './event-builders.ts'

const estimateAt = (seconds: number, lines: readonly LogLine[], trustedProxies: readonly string[] = []) => {
  const {world, attempts} = apply(lines, {}, trustedProxies)
  return lockoutOf(world.guesses, attempts.at(-1) as Attempt, at(seconds))
}

const guess = (facts: ConnectionFacts) => (n: number, seconds: number) => refusal(n, seconds, facts)
const limited = {authReason: 'rate_limited', text: 'unauthorized: too many failed authentication attempts (retry later)'}

describe('how near an address is to being locked out', () => {
  test('is how many wrong tries of ten it has had in a minute', () => {
    expect(estimateAt(5, every(4, 1, refusal))).toMatchObject({count: 4, max: 10, lockedUntil: null})
    expect(estimateAt(62, every(4, 1, refusal))).toMatchObject({count: 1})
    expect(estimateAt(64, every(4, 1, refusal))).toBeNull()
  })

  test('is locked for five minutes from the last wrong try before the gateway says so', () => {
    const lines = [...every(10, 1, refusal), refusal(100, 12, limited), refusal(101, 40, limited)]
    expect(estimateAt(41, lines)?.lockedUntil).toBe(at(9 + 300))
    expect(estimateAt(9 + 301, lines)).toBeNull()
  })

  test('begins again with a wrong try after the lock', () => {
    const lines = [...every(10, 1, refusal), refusal(100, 12, limited), refusal(101, 400)]
    expect(estimateAt(401, lines)).toMatchObject({count: 1, lockedUntil: null})
  })

  test('counts each address by itself', () => {
    const lines = every(6, 1, (n, seconds) => refusal(n, seconds, {remote: `192.0.2.${n % 2}`}))
    expect(estimateAt(7, lines)?.count).toBe(3)
  })

  test('counts by the address that a trusted proxy speaks for, and by no other header', () => {
    const through = (last: number) => refusal(last, last, {remote: '192.0.2.1', forwardedFor: `203.0.113.${last}`})
    const lines = [through(1), through(2), through(3)]
    expect(estimateAt(5, lines, ['192.0.2.1'])?.count).toBe(1)
    expect(estimateAt(5, lines)?.count).toBe(3)
  })

  test('counts wrong tokens, passwords and codes, not missing ones', () => {
    const wrong = ['token_mismatch', 'password_mismatch', 'bootstrap_token_invalid'].map((authReason, i) =>
      refusal(i + 1, i, {authReason, text: ''}),
    )
    expect(estimateAt(4, wrong)?.count).toBe(3)
    expect(estimateAt(4, [refusal(1, 0, {authReason: 'token_missing', text: ''})])).toBeNull()
    expect(
      estimateAt(4, [event(0, 'closed-early', {conn: conn(1)}, {remote: '192.0.2.7', cause: 'device-required', code: 1008})]),
    ).toBeNull()
  })

  test('counts device tokens apart from the shared one', () => {
    const device = guess({authReason: 'device_token_mismatch', text: 'unauthorized: device token mismatch'})
    expect(estimateAt(9, [...every(4, 1, refusal), ...every(2, 1, device, 5)])?.count).toBe(2)
  })

  test('more wrong tries than the default allows, and no lock, is a limit of its own', () => {
    expect(estimateAt(15, every(14, 1, refusal))).toMatchObject({count: 14, lockedUntil: null, higher: true})
    expect(estimateAt(15, every(9, 1, refusal))).toMatchObject({higher: false})
  })
})

describe('this host', () => {
  test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', 'localhost'])('%s is made to wait, not locked out', remote => {
    expect(isExempt({remote, behindProxy: null, origin: null})).toBe(true)
    expect(estimateAt(5, every(4, 1, guess({remote})))).toBeNull()
  })

  test('a browser on it is locked out like anybody', () => {
    const facts = {remote: '127.0.0.1', origin: 'http://127.0.0.1:18789'}
    expect(isExempt({...facts, behindProxy: null})).toBe(false)
    expect(estimateAt(5, every(4, 1, guess(facts)))?.count).toBe(4)
  })

  test('a proxy on it does not make strangers exempt', () => {
    expect(isExempt({remote: '127.0.0.1', behindProxy: '203.0.113.9', origin: null})).toBe(false)
  })

  test.each(['128.0.0.1', '10.0.0.1', 'localhost.example', '::2', '127.evil.example'])('%s is not this host', remote => {
    expect(isExempt({remote, behindProxy: null, origin: null})).toBe(false)
  })
})

describe('who is locked out now', () => {
  const from = (last: number, seconds: number) => [
    refusal(last, seconds, {remote: `192.0.2.${last}`}),
    refusal(100 + last, seconds + 1, {...limited, remote: `192.0.2.${last}`}),
  ]
  const {guesses} = apply([...from(1, 0), ...from(2, 60), refusal(3, 70, {remote: '192.0.2.3'})]).world

  test('is told by address, each until five minutes after its last wrong try', () => {
    expect(lockedOut(guesses, at(299)).map(({address, until}) => [address, until])).toEqual([
      ['192.0.2.1', at(300)],
      ['192.0.2.2', at(360)],
    ])
    expect(lockedOut(guesses, at(300)).map(({address}) => address)).toEqual(['192.0.2.2'])
    expect(lockedOut(guesses, at(360))).toEqual([])
  })

  test('is counted, until the last of them is let in', () => {
    expect(lockoutsNow(guesses, at(299))).toEqual({count: 2, until: at(360)})
    expect(lockoutsNow(guesses, at(300))).toEqual({count: 1, until: at(360)})
    expect(lockoutsNow(guesses, at(360))).toBeNull()
  })

  test('is not forgotten for a crowd, while it goes on trying', () => {
    const crowd = Array.from({length: 600}, (_, n) => [
      refusal(1000 + n, 2 + n * 0.01, {remote: `198.51.${100 + Math.floor(n / 250)}.${n % 250}`}),
      ...(n % 100 === 0 ? [refusal(5000 + n, 2 + n * 0.01, {...limited, remote: '192.0.2.1'})] : []),
    ]).flat()
    const all = apply([...from(1, 0), ...crowd]).world.guesses
    expect(all.size).toBe(512)
    expect(lockedOut(all, at(10)).map(({address}) => address)).toEqual(['192.0.2.1'])
  })
})
