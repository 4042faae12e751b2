import {describe, expect, test} from 'vitest'
import type {Expected} from '../../src/domain/attempts/attempt.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {apply, read, refusal, visit} from './event-builders.ts'

const expectedIn = (lines: readonly LogLine[]): (Expected | null)[] => apply(lines).attempts.map(({expected}) => expected)

const stopping = (seconds: number) => read(seconds, {kind: 'gateway-stopping', signal: 'SIGTERM', restart: true})
const starting = (seconds: number) => read(seconds, {kind: 'gateway-starting'})
const up = (seconds: number) => read(seconds, {kind: 'gateway-listening', port: 18789, pid: null})
const ready = (seconds: number) => read(seconds, {kind: 'gateway-ready'})

const named = {client: {id: 'cli', mode: 'cli'}}
const lost = (n: number, seconds: number) => visit(n, seconds, named)

describe('a restart', () => {
  test('refuses from the word to stop until a little after the gateway is ready again', () => {
    const lines = [
      up(-3600),
      lost(1, 0),
      stopping(10),
      lost(2, 11),
      starting(15),
      lost(3, 16),
      up(20),
      ready(22),
      lost(4, 30),
      lost(5, 60),
    ]
    expect(expectedIn(lines)).toEqual([null, 'restart', 'restart', 'restart', null])
  })

  test('is where a code says so, whatever the log says of it', () => {
    expect(expectedIn([visit(1, 0, {...named, code: 1012}), refusal(2, 1, {code: 1012})])).toEqual(['restart', 'restart'])
  })

  test('does not excuse a wrong token', () => {
    expect(expectedIn([stopping(0), refusal(1, 1), starting(2), up(3), refusal(2, 4)])).toEqual([null, null])
  })

  test('a gateway that starts up asks to come again', () => {
    expect(
      expectedIn([
        refusal(1, 0, {code: 1013, text: 'gateway starting', cause: 'startup-sidecars-pending', authReason: 'unknown'}),
      ]),
    ).toEqual(['start-up'])
  })

  test('a gateway that is about to restart, or is suspended, is no start-up', () => {
    const asked = {code: 1013, authReason: 'unknown'}
    expect(
      expectedIn([
        refusal(1, 0, {...asked, cause: 'gateway-restarting'}),
        refusal(2, 1, {...asked, cause: 'gateway-suspending'}),
      ]),
    ).toEqual(['restart', 'restart'])
  })
})

describe('a probe', () => {
  test('is a socket that says nothing, has no name and goes', () => {
    expect(expectedIn([visit(1, 0), visit(2, 1, {code: 1000}), visit(3, 2, {code: 4999, text: 'own words'})])).toEqual([
      'probe',
      'probe',
      'probe',
    ])
  })

  test('is a command of OpenClaw that looks, without a token, whether the gateway answers', () => {
    const client = {id: 'cli', mode: 'probe'}
    const look = {client, code: 1008, text: 'device identity required', cause: 'device-required', handshake: 'failed' as const}
    expect(expectedIn([visit(1, 0, look), visit(2, 1, {...look, client: named.client}), refusal(3, 2, {client})])).toEqual([
      'probe',
      null,
      null,
    ])
  })

  test('is none with a name, an origin, or a refusal', () => {
    expect(expectedIn([visit(1, 0, named), visit(2, 1, {origin: 'http://a.example'}), refusal(3, 2, {client: {}})])).toEqual([
      null,
      null,
      null,
    ])
  })
})

const ours = {userAgent: 'gatecrab/1.2.3'}

describe('our own connection', () => {
  test('is known by its user agent, also before it has a name', () => {
    const lines = [visit(1, 0, ours), refusal(2, 1, ours), refusal(3, 2, {userAgent: 'not gatecrab/1.2.3'})]
    expect(expectedIn(lines)).toEqual(['ours', 'ours', null])
  })

  test('is not believed of one that is otherwise than we are', () => {
    const untrustedClients = [
      {...ours, client: {id: 'webchat-ui', mode: 'webchat', version: '1.2.3'}},
      {...ours, client: {id: 'cli', mode: 'node', version: '1.2.3'}},
      {...ours, client: {id: 'cli', mode: 'cli', version: '9.9.9'}},
      {...ours, origin: 'https://a.example'},
      {...ours, deviceId: 'd'.repeat(64)},
    ]
    expect(expectedIn(untrustedClients.map((facts, i) => refusal(i + 1, i * 900, facts)))).toEqual(
      untrustedClients.map(() => null),
    )
  })

  test('is not believed of one that comes again and again with a wrong token', () => {
    const storm = Array.from({length: 6}, (_, i) => refusal(i + 1, i * 60, ours))
    expect(expectedIn(storm)).toEqual(['ours', 'ours', 'ours', null, null, null])
    expect(expectedIn([...storm, refusal(7, 3600, ours)]).at(-1)).toBe('ours')
  })
})

test('expected trouble is counted apart, and makes no storm', () => {
  const {world} = apply(Array.from({length: 40}, (_, i) => visit(i + 1, i)))
  expect([world.refused, world.expected]).toEqual([40, 40])
  expect(world.timeline).toEqual([])
})
