import {describe, expect, test} from 'vitest'
import {whyAttempt} from '../../src/app/panels/attempts.ts'
import {openingState} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import {type Attempt, addressOf} from '../../src/domain/attempts/attempt.ts'
import {addressBehind} from '../../src/domain/attempts/forwarded.ts'
import {diagnose} from '../../src/domain/diagnosis/log-problems.ts'
import {findPatterns} from '../../src/domain/diagnosis/patterns.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {admission, apply, at, clientsOf, event, refusal, visit} from './event-builders.ts'

const trusted = ['192.0.2.1', '10.0.0.0/8']

describe('whom a proxy speaks for', () => {
  test.each([
    ['192.0.2.1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:192.0.2.1', '203.0.113.9', '203.0.113.9'],
    ['10.4.5.6', '1.1.1.1, 203.0.113.9, 10.0.0.7', '203.0.113.9'],
    ['192.0.2.1', '203.0.113.9:51234', '203.0.113.9'],
    ['192.0.2.1', '[2001:db8::5]:443', '2001:db8::5'],
    ['192.0.2.1', '203.0.113.9, ![x](//evil), unknown', '203.0.113.9'],
  ])('%s with %s is %s', (remote, header, address) => expect(addressBehind(remote, header, trusted)).toBe(address))

  test.each([
    ['203.0.113.66', '192.168.1.20'],
    ['192.0.2.1', '127.0.0.1'],
    ['192.0.2.1', '10.9.9.9'],
    ['192.0.2.1', 'unknown'],
    ['192.0.2.1', ''],
    [null, '203.0.113.9'],
    ['192.0.2.1', null],
  ])('%s with %s is nobody else', (remote, header) => expect(addressBehind(remote, header, trusted)).toBeNull())

  test('is nobody where no proxy is trusted', () => expect(addressBehind('127.0.0.1', '203.0.113.9', [])).toBeNull())
})

describe('a header of a sender that is not trusted', () => {
  const forged = (n: number) => refusal(n, n, {remote: '203.0.113.66', forwardedFor: `192.168.1.${n}`})

  test('is no part of who a client is, and stays as a remark', () => {
    const events = apply([forged(1), forged(2), forged(3)], {}, trusted)
    const [client, ...more] = clientsOf(events)
    expect(more).toEqual([])
    expect(client).toMatchObject({remote: '203.0.113.66', forwardedFor: '192.168.1.3', attempts: 3})
    expect(events.attempts.map(addressOf)).toEqual(['203.0.113.66', '203.0.113.66', '203.0.113.66'])
  })

  test('names no other address in what is wrong, and is marked as its own word', () => {
    const {world, attempts} = apply([forged(1), forged(2)], {}, trusted)
    const [problem] = diagnose({world, now: at(3), sources: []})
    expect(problem?.because).toMatch(/Seen: cli from 203\.0\.113\.66\.$/)
    const state = openingState({kind: 'live', host: 'vm', release: null, port: null, now: at(3), readonly: false})
    const facts = new Map(whyAttempt({...state, world}, attempts[0] as Attempt).facts)
    expect(facts.get('from')).toBe('203.0.113.66, says it is for 192.168.1.1 (a header, not believed)')
  })

  test('makes nobody a client of this host', () => {
    const here = admission(9, 0, {remote: '127.0.0.1'})
    const untrusted = refusal(1, 5, {remote: '203.0.113.66', forwardedFor: '127.0.0.1'})
    const {world} = apply([here, untrusted, refusal(2, 6, {remote: '203.0.113.66', forwardedFor: '127.0.0.1'})])
    expect(findPatterns({world, live: null, now: at(7)}).map(({id}) => id)).toContain('only-from-elsewhere')
  })

  test('splits no row of those who never said a name', () => {
    const events = apply([1, 2, 3].map(n => visit(n, n, {forwardedFor: `192.168.1.${n}`})))
    expect(clientsOf(events)).toHaveLength(1)
  })
})

test('a change of the config is heard while the screen is open', () => {
  const state = openingState({kind: 'live', host: 'vm', release: null, port: null, now: at(3), readonly: false})
  const [next] = update(state, {type: 'trusted-proxies-read', trustedProxies: trusted})
  applyLine(next.world, refusal(1, 1, {remote: '192.0.2.1', forwardedFor: '203.0.113.7'}))
  expect(next.world.recent.map(addressOf)).toEqual(['203.0.113.7'])
})

describe('a trusted proxy', () => {
  const through = (n: number, forwardedFor: string) => refusal(n, n, {remote: '192.0.2.1', forwardedFor})

  test('gives each of those behind it their own row', () => {
    const events = apply([through(1, '203.0.113.7'), through(2, '203.0.113.8'), through(3, '203.0.113.8')], {}, trusted)
    expect(clientsOf(events).map(client => [addressOf(client), client.attempts])).toEqual([
      ['203.0.113.7', 1],
      ['203.0.113.8', 2],
    ])
  })

  test('is known as one when the header comes with a later line', () => {
    const events = apply(
      [
        event(0, 'refused', {conn: 'abcd'}, {remote: '192.0.2.1', cause: 'unauthorized'}),
        event(1, 'closed-early', {conn: 'abcd'}, {forwardedFor: '203.0.113.7', code: 1008, handshake: 'failed'}),
      ],
      {},
      trusted,
    )
    expect(events.attempts.map(addressOf)).toEqual(['203.0.113.7'])
  })
})
