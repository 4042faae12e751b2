import {describe, expect, test} from 'vitest'
import {type Attempt, createAttempt} from '../../src/domain/attempts/attempt.ts'
import {countSettled, recordEnded} from '../../src/domain/attempts/client.ts'
import {findOrAddClient} from '../../src/domain/attempts/clients.ts'
import type {ConnectedClient} from '../../src/domain/live/connected-client.ts'
import {createLiveNow, type LiveNow} from '../../src/domain/live/live-state.ts'
import {emptyVisitHistory, updateVisitHistory} from '../../src/domain/live/visit-history.ts'
import {
  buildRotationBoard,
  graceMs,
  hasMissingClients,
  isExpectedAt,
  type RotationBoard,
} from '../../src/domain/token/rotation-board.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'

const rotatedAt = Date.parse('2026-11-21T12:00:00Z')
const rotatedPlus = (seconds: number): number => rotatedAt + seconds * 1000
const hour = 3_600_000

const come = (world: World, id: string, at: number, more: Partial<Attempt> = {}): Attempt => {
  const attempt: Attempt = {
    ...createAttempt(`${id}-${at}`, at),
    outcome: 'connected',
    client: {id, mode: 'webchat', version: null, platform: null, displayName: null},
    remote: '192.0.2.7',
    ...more,
  }
  world.recent.push(attempt)
  countSettled(findOrAddClient(world.clients, attempt, 100), attempt, 10)
  return attempt
}

const refused = (world: World, id: string, at: number, more: Partial<Attempt> = {}): Attempt =>
  come(world, id, at, {outcome: 'refused', reason: 'token-mismatch', closeCode: 1008, ...more})

const cutOff = (world: World, attempt: Attempt, at: number): void => {
  Object.assign(attempt, {endedAt: at, reason: 'token-changed', closeCode: 4001})
  recordEnded(findOrAddClient(world.clients, attempt, 100), attempt)
}

const read = ({rows}: RotationBoard) =>
  rows.map(({client, state, reason, count, expected}) => [client.identity.id, state, reason, count, expected])

describe('the rotation board', () => {
  test('one that was cut off waits, until it is in again', () => {
    const world = createWorld()
    cutOff(world, come(world, 'ui', rotatedPlus(-60)), rotatedPlus(1))
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(2)))).toEqual([['ui', 'waiting', 'token-changed', 0, 0]])
    come(world, 'ui', rotatedPlus(5))
    const board = buildRotationBoard(world, rotatedAt, rotatedPlus(6))
    expect(read(board)).toEqual([['ui', 'back', null, 0, 0]])
    expect(board.rows[0]).toMatchObject({backAt: rotatedPlus(5), stayed: false})
    expect(hasMissingClients(board)).toBe(false)
  })

  test('one that was never cut off, as a paired device, is back from the start', () => {
    const world = createWorld()
    come(world, 'node', rotatedPlus(-60))
    const board = buildRotationBoard(world, rotatedAt, rotatedPlus(100))
    expect(read(board)).toEqual([['node', 'back', null, 0, 0]])
    expect(board.rows[0]?.stayed).toBe(true)
  })

  test('refusals of the first moments are expected; after that the client is stuck, with its reason and card', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(2))
    refused(world, 'ui', rotatedPlus(4), {alsoHidden: 3})
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(5)))).toEqual([['ui', 'waiting', 'token-mismatch', 5, 5]])
    refused(world, 'ui', rotatedPlus(95))
    const board = buildRotationBoard(world, rotatedAt, rotatedPlus(96))
    expect(read(board)).toEqual([['ui', 'stuck', 'token-mismatch', 6, 5]])
    expect(board.rows[0]?.tryThis).toContain('openclaw dashboard')
    expect(board).toMatchObject({waiting: 0, back: 0, stuck: 1})
  })

  test('what a new token cannot cause makes nobody stuck', () => {
    const world = createWorld()
    refused(world, 'page', rotatedPlus(5), {reason: 'origin-mismatch'})
    for (const reason of ['invalid-credential', 'credential-expired', 'invalid-frame', 'protocol-features-mismatch'])
      refused(world, reason, rotatedPlus(95), {reason})
    cutOff(world, come(world, 'ui', rotatedPlus(-60)), rotatedPlus(1))
    refused(world, 'ui', rotatedPlus(95), {reason: 'origin-mismatch'})
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(600)))).toEqual([['ui', 'waiting', 'origin-mismatch', 0, 0]])
  })

  test('one that is locked out is not stuck: nobody knows which token it holds', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(2))
    refused(world, 'ui', rotatedPlus(95), {reason: 'rate-limited'})
    const [row] = buildRotationBoard(world, rotatedAt, rotatedPlus(200)).rows
    expect(row).toMatchObject({state: 'waiting', reason: 'rate-limited'})
    expect(row?.tryThis).not.toBeNull()
  })

  test('one that tries again and again is stuck at once, as it is in the list of clients', () => {
    const world = createWorld()
    for (let i = 0; i < 20; i += 1) refused(world, 'ui', rotatedPlus(2 + i))
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(22)))[0]?.slice(0, 3)).toEqual(['ui', 'stuck', 'token-mismatch'])
  })

  test('one that was refused early knows what helps, and until when it may come back by itself', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(2))
    expect(buildRotationBoard(world, rotatedAt, rotatedPlus(5)).rows[0]).toMatchObject({
      state: 'waiting',
      tryThis: expect.stringContaining('openclaw dashboard'),
      graceUntil: rotatedAt - 2000 + graceMs,
    })
  })

  test('one that was refused early and has not come again is stuck once the grace is over', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(2))
    expect(read(buildRotationBoard(world, rotatedAt, rotatedAt + graceMs))[0]?.[1]).toBe('stuck')
  })

  test('one that got in after it had been refused is back', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(120))
    come(world, 'ui', rotatedPlus(130))
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(140)))).toEqual([['ui', 'back', 'token-mismatch', 1, 0]])
  })

  test('one that was refused before the rotation and never got in is not waited for', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(-600))
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(120)))).toEqual([])
  })

  test('who was not seen for a day, and who only looked whether the port answers, is not on it', () => {
    const world = createWorld()
    come(world, 'old', rotatedAt - 25 * hour, {endedAt: rotatedAt - 25 * hour})
    come(world, 'probe', rotatedPlus(-5), {outcome: 'left', expected: 'probe'})
    come(world, 'us', rotatedPlus(-5), {expected: 'ours'})
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(5)))).toEqual([])
  })

  test('the stuck come first, the many before the few', () => {
    const world = createWorld()
    come(world, 'in', rotatedPlus(-5))
    cutOff(world, come(world, 'waits', rotatedPlus(-5)), rotatedPlus(1))
    refused(world, 'some', rotatedPlus(100))
    for (let i = 0; i < 3; i += 1) refused(world, 'many', rotatedPlus(100 + i))
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(110))).map(([id]) => id)).toEqual([
      'many',
      'some',
      'waits',
      'in',
    ])
  })

  test('two of the same name from two places are two', () => {
    const world = createWorld()
    refused(world, 'ui', rotatedPlus(100))
    refused(world, 'ui', rotatedPlus(100), {remote: '192.0.2.8'})
    expect(read(buildRotationBoard(world, rotatedAt, rotatedPlus(110))).map(([, , , count]) => count)).toEqual([1, 1])
  })
})

test('which refusals are expected', () => {
  expect(isExpectedAt({at: rotatedPlus(1)}, rotatedAt)).toBe(true)
  expect(isExpectedAt({at: rotatedPlus(91)}, rotatedAt)).toBe(false)
  expect(isExpectedAt({at: rotatedPlus(-60)}, rotatedAt)).toBe(false)
})

describe('with those who listen', () => {
  const createConnectedClient = (name: string, more: Partial<ConnectedClient> = {}): ConnectedClient => ({
    ...{key: name, name, displayName: null, mode: null, version: null, platform: null, from: 'local', since: rotatedPlus(-60)},
    ...{by: 'presence', process: null, pid: null, user: null, endpoint: null, deviceId: null, attemptId: null},
    ...more,
  })
  const looks = (...all: readonly (readonly [seconds: number, ...visitors: ConnectedClient[]])[]): LiveNow => ({
    ...createLiveNow(1),
    visitHistory: all.reduce(
      (book, [seconds, ...clients]) => updateVisitHistory(book, clients, rotatedPlus(seconds)),
      emptyVisitHistory,
    ),
  })
  const states = (live: LiveNow, seconds: number, world = createWorld()) =>
    buildRotationBoard(world, rotatedAt, rotatedPlus(seconds), live).rows.map(({client, state, backAt}) => [
      client.identity.id,
      state,
      backAt,
    ])

  test('one that leaves no line waits until it is in again', () => {
    const bridge = createConnectedClient('home-bridge')
    const again = createConnectedClient('home-bridge', {key: 'again', since: rotatedPlus(12)})
    expect(states(looks([-30, bridge], [-1, bridge], [1]), 2)).toEqual([['home-bridge', 'waiting', null]])
    expect(states(looks([-30, bridge], [-1, bridge], [1], [12, again]), 13)).toEqual([['home-bridge', 'back', rotatedPlus(12)]])
  })

  test('one that stays in is back, but not in the moments in which it may just be being closed', () => {
    const node = createConnectedClient('node-host')
    expect(states(looks([-30, node], [1, node]), 1)).toEqual([['node-host', 'waiting', null]])
    expect(states(looks([-30, node], [8, node]), 8)).toEqual([['node-host', 'back', rotatedPlus(-60)]])
  })

  test('one that the log saw refused is back when the gateway knows it to be in, and is one row', () => {
    const world = createWorld()
    refused(world, 'openclaw-ios', rotatedPlus(5), {
      client: {id: 'openclaw-ios', mode: 'ui', version: null, platform: null, displayName: null},
      remote: '127.0.0.1',
    })
    const phone = createConnectedClient('openclaw-ios', {mode: 'ui', since: rotatedPlus(20)})
    expect(states(looks([21, phone]), 22, world)).toEqual([['openclaw-ios', 'back', rotatedPlus(20)]])
    expect(states(looks([21]), 22, world)).toEqual([['openclaw-ios', 'waiting', null]])
  })

  test('one that had left before is not waited for, nor a connection that only passed by', () => {
    expect(states(looks([-600, createConnectedClient('node-host')], [-300], [1]), 2)).toEqual([])
    const bare = createConnectedClient('curl', {by: 'socket'})
    expect(states(looks([-15, bare], [-1, bare], [1]), 2)).toEqual([])
    expect(states(looks([-90, bare], [-1, bare], [1]), 2)).toEqual([['curl', 'waiting', null]])
  })
})
