import {describe, expect, test} from 'vitest'
import type {Client} from '../../src/domain/attempts/client.ts'
import {clientStateOf} from '../../src/domain/attempts/client.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {lastMinutes} from '../../src/domain/attempts/minutes.ts'
import {stormOf} from '../../src/domain/attempts/storm.ts'
import {clientOfAttempt} from '../../src/domain/world/world.ts'
import {
  admission,
  apply,
  at,
  clientsOf,
  conn,
  departure,
  event,
  every,
  onlyClient,
  read,
  refusal,
  visit,
} from './event-builders.ts'

const stateAt = (seconds: number, lines: readonly LogLine[]) => clientStateOf(onlyClient(lines), at(seconds))

const webchat = {client: {id: 'openclaw-control-ui', mode: 'webchat', version: '1.2.3', platform: null}}
const refusedWebchat = (n: number, seconds: number): LogLine => refusal(n, seconds, webchat)

const up = (seconds: number): LogLine => read(seconds, {kind: 'gateway-listening', port: null, pid: null})

describe('who is one client', () => {
  test('the same name from the same place, and no other', () => {
    const others = [{remote: '192.0.2.8'}, {client: {id: 'node-host', mode: 'node'}}]
    const lines = [refusal(1, 0), refusal(2, 1), ...others.map((facts, i) => refusal(10 + i, 2, facts))]
    expect(clientsOf(apply(lines)).map(({attempts}) => attempts)).toEqual([2, 1, 1])
  })

  test('an update of its version does not make it another', () => {
    const newer = refusal(2, 1, {client: {id: 'cli', mode: 'cli', version: '2.0.0', platform: 'linux'}})
    expect(onlyClient([refusal(1, 0), newer]).identity.version).toBe('2.0.0')
  })

  test('two devices from one place are two', () => {
    expect(clientsOf(apply([refusal(1, 0, {deviceId: 'aa'}), refusal(2, 1, {deviceId: 'bb'})]))).toHaveLength(2)
  })

  test('a browser from another origin is another', () => {
    expect(
      clientsOf(apply([refusal(1, 0, {origin: 'http://a.example'}), refusal(2, 1, {origin: 'http://b.example'})])),
    ).toHaveLength(2)
  })

  test('a browser that was refused with its origin and let in without one is the same, and back', () => {
    const turnedAway = refusal(1, 0, {...webchat, origin: 'http://192.0.2.1:18789'})
    expect(stateAt(60, [turnedAway, admission(2, 30)])).toBe('back')
  })

  test('a client whose platform only some lines tell is one', () => {
    const lines = [
      refusal(1, 0, {client: {id: 'cli', mode: 'cli', platform: 'linux'}}),
      refusal(2, 1, {client: {id: 'cli', mode: 'cli', platform: null}}),
    ]
    expect(clientsOf(apply(lines))).toHaveLength(1)
  })

  test('one of which more is told while it is in leaves as the one that came', () => {
    const lines = [admission(1, 0), event(1, 'mentioned', {conn: conn(1)}, {deviceId: 'aa'}), departure(1, 2)]
    expect(stateAt(3, lines)).toBe('out')
  })
})

describe('what a client has been through', () => {
  const lines = [
    refusal(1, 0),
    refusal(2, 10),
    refusal(3, 20, {authReason: 'token_missing', text: 'unauthorized: gateway token missing', suppressed: 3}),
    visit(4, 30, {client: {id: 'cli', mode: 'cli', platform: 'linux'}, remote: '192.0.2.7'}),
  ]

  test('adds up', () => {
    expect(onlyClient(lines)).toMatchObject({
      attempts: 4,
      refused: 3,
      left: 1,
      connected: 0,
      hidden: 3,
      firstAt: at(0),
      lastAt: at(30),
      lastReason: 'left-before-connect',
      lastCode: 1006,
    })
  })

  test('is told by reason, each with its lines', () => {
    const tallies = Array.from(onlyClient(lines).tallies.values(), ({reason, count, hidden, code}) => [
      reason,
      count,
      hidden,
      code,
    ])
    expect(tallies).toEqual([
      ['token-mismatch', 2, 0, 1008],
      ['token-missing', 1, 3, 1008],
      ['left-before-connect', 1, 0, 1006],
    ])
  })

  test('is counted by the minute, hidden ones too', () => {
    const client = onlyClient([refusal(1, 0), refusal(2, 59), refusal(3, 60, {suppressed: 5}), refusal(4, 180)])
    expect(lastMinutes(client.minutes, at(200), 5)).toEqual([0, 2, 6, 0, 1])
    expect(lastMinutes(client.minutes, at(3600), 3)).toEqual([0, 0, 0])
  })
})

describe('a storm', () => {
  const stormAt = (seconds: number, lines: readonly LogLine[]) => stormOf(onlyClient(lines), at(seconds))

  test('is a steady short period, and nearly all of it failing', () => {
    expect(stormAt(21, every(10, 2, refusal))).toEqual({periodMs: 2000, perSecond: 0.5})
    expect(stateAt(21, every(10, 2, refusal))).toBe('storm')
  })

  test('may back off a little, and may be let in once in a while', () => {
    const slower = [0, 1, 2, 4, 6, 9, 12, 15].map((seconds, i) => refusal(i + 1, seconds))
    expect(stormAt(16, slower)?.periodMs).toBe(2000)
    const once = [...every(12, 1, refusedWebchat), admission(900, 12), departure(900, 12.5), ...every(8, 1, refusedWebchat, 13)]
    expect(stormAt(21, once)).not.toBeNull()
  })

  test('is not five attempts', () => {
    expect(stormAt(5, every(5, 1, refusal))).toBeNull()
  })

  test('is not one retry in ten minutes', () => {
    expect(stormAt(600 * 20, every(20, 600, refusal))).toBeNull()
    expect(stateAt(600 * 20, every(20, 600, refusal))).not.toBe('storm')
  })

  test('is not a retry every two minutes', () => {
    expect(stormAt(120 * 20, every(20, 120, refusal))).toBeNull()
  })

  test('is not a client that gets in every other time', () => {
    const mixed = Array.from({length: 10}, (_, i) =>
      i % 2 === 0 ? [refusedWebchat(i + 1, i)] : [admission(i + 1, i), departure(i + 1, i + 0.5)],
    )
    expect(stormAt(10, mixed.flat())).toBeNull()
  })

  test('is over after a silence', () => {
    const lines = every(20, 1, refusal)
    expect(stormAt(19 + 15, lines)).not.toBeNull()
    expect(stormAt(19 + 16, lines)).toBeNull()
    expect(stateAt(60, lines)).toBe('stuck')
  })

  test('of a slow rhythm is over after a longer silence', () => {
    const lines = every(9, 30, refusal)
    expect(stormAt(8 * 30 + 110, lines)).not.toBeNull()
    expect(stormAt(8 * 30 + 130, lines)).toBeNull()
  })

  test('does not begin again with one attempt after a silence', () => {
    expect(stormAt(121, [...every(20, 0.2, refusal), refusal(900, 120)])).toBeNull()
  })

  test('is marked once, with the one who makes it, and again when it comes again', () => {
    const storms = (lines: readonly LogLine[]) => apply(lines).world.timeline.filter(({kind}) => kind === 'storm')
    expect(storms(every(60, 1, refusal)).map(({text}) => text)).toEqual(['cli from 192.0.2.7: token-mismatch every 1.0 s'])
    const rest = every(16, 300, refusal, 1000)
    expect(storms([...every(60, 1, refusal), ...rest, ...every(60, 1, refusal, 9000)])).toHaveLength(2)
  })

  test('is not marked for one of another kind that comes long after a burst', () => {
    const burst = every(7, 0.2, refusal)
    const {world} = apply([
      ...burst,
      refusal(900, 12, {authReason: 'device_token_mismatch', text: 'unauthorized: device token mismatch'}),
    ])
    expect(world.timeline.filter(({kind}) => kind === 'storm')).toEqual([])
  })

  test('is none where somebody only looks, again and again, whether the gateway answers', () => {
    const lines = every(60, 1, visit)
    expect(stormAt(60, lines)).toBeNull()
    expect(stateAt(60, lines)).toBe('out')
  })

  test('of silent probes is none of the client that knocks between them', () => {
    const probes = every(20, 1, visit)
    const {world} = apply([...probes, refusal(900, 20)])
    const retrying = Array.from(world.clients.byKey.values()).find(({refused}) => refused > 0)
    expect(stormOf(retrying as Client, at(20))).toBeNull()
  })
})

describe('how a client fares', () => {
  test('in: it was let in and has not left', () => {
    expect(stateAt(3600, [admission(1, 0)])).toBe('in')
    expect(stateAt(3600, [admission(1, 0), admission(2, 1), departure(1, 2)])).toBe('in')
  })

  test('out: it was in and has left', () => {
    expect(stateAt(3, [admission(1, 0), departure(1, 2)])).toBe('out')
    expect(stateAt(86_400, [admission(1, 0), departure(1, 2)])).toBe('out')
  })

  test('out: it only looked in', () => {
    expect(stateAt(1, [visit(1, 0)])).toBe('out')
  })

  test('back: it was refused, and is in since', () => {
    const lines = [refusedWebchat(1, 0), refusedWebchat(2, 5), admission(3, 10)]
    expect(stateAt(11, lines)).toBe('back')
    expect(stateAt(11, [...lines, departure(3, 11)])).toBe('out')
  })

  test('in, not back: it is refused beside the connection that it has', () => {
    expect(stateAt(6, [admission(1, 0), refusedWebchat(2, 5)])).toBe('in')
  })

  test('stuck: it was refused and has not been seen in since', () => {
    expect(stateAt(1, [refusal(1, 0)])).toBe('stuck')
    expect(stateAt(5, [admission(1, 0), departure(1, 1), refusedWebchat(2, 4)])).toBe('stuck')
  })

  test('unknown: ten minutes after a refusal, of one whose coming in no line would tell', () => {
    expect(stateAt(599, [refusal(1, 0)])).toBe('stuck')
    expect(stateAt(601, [refusal(1, 0)])).toBe('unknown')
  })

  test('stuck for as long as it takes: a webchat, whose coming in would be told', () => {
    expect(stateAt(86_400, [refusedWebchat(1, 0)])).toBe('stuck')
  })

  test('out: all of its trouble was expected', () => {
    const lines = [
      read(0, {kind: 'gateway-stopping', signal: 'SIGTERM', restart: true}),
      refusal(1, 1, {code: 1012, text: 'service restart', cause: 'x', authReason: 'y'}),
    ]
    expect(stateAt(2, lines)).toBe('out')
  })

  test('stuck, though it also left when the gateway stopped', () => {
    const gone = visit(2, 5, {client: {id: 'cli', mode: 'cli', platform: 'linux'}, remote: '192.0.2.7', code: 1012})
    expect(stateAt(6, [refusal(1, 0), gone])).toBe('stuck')
  })
})

describe('a gateway that was killed', () => {
  test('takes its visitors with it, though no line says so', () => {
    const lines = [admission(1, 0), read(30, {kind: 'gateway-starting'}), up(31)]
    const {attempts, world} = apply(lines)
    expect(attempts[0]).toMatchObject({outcome: 'connected', endedAt: null, gone: true})
    expect(stateAt(32, lines)).toBe('out')
    expect(world.life.state).toBe('up')
  })

  test('does not take one that is let in again by the next', () => {
    expect(stateAt(40, [admission(1, 0), up(31), admission(2, 35)])).toBe('in')
  })
})

test('whose an attempt was is known when it is over, whether it was let in or refused', () => {
  const {world, attempts} = apply([refusal(1, 0), admission(2, 5), departure(2, 9), visit(3, 12)])
  const clients = Array.from(world.clients.byKey.values())
  expect(attempts.map(attempt => clientOfAttempt(world, attempt))).toEqual(
    attempts.map(attempt => clients.find(({last}) => last === attempt)),
  )
})
