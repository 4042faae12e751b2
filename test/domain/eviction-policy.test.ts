import {describe, expect, test} from 'vitest'
import {statusLine} from '../../src/app/header.ts'
import {attemptMetrics} from '../../src/app/metrics/attempts.ts'
import {boardText} from '../../src/app/panels/board.ts'
import {assessed} from '../../src/app/problems.ts'
import {openingState} from '../../src/app/state.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {verdictFor} from '../../src/domain/diagnosis/all-problems.ts'
import {countersOf, diagnose} from '../../src/domain/diagnosis/log-problems.ts'
import {countTurnedAway} from '../../src/domain/diagnosis/refused-clients.ts'
import {buildRotationBoard} from '../../src/domain/token/rotation-board.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import type {Limits, World} from '../../src/domain/world/world.ts'
import {admission, apply, at, clientsOf, event, read, refusal, visit} from './event-builders.ts'

const worldOf = (lines: readonly LogLine[], limits: Partial<Limits> = {}): World => apply(lines, limits).world

/** The honest client with an old token: three refusals, eight seconds apart. */
const stuck = (facts = {}): LogLine[] => [1, 2, 3].map(n => refusal(n, n * 8, facts))

/** So many, within four seconds. */
const flood = (count: number, make: (n: number, seconds: number) => LogLine): LogLine[] =>
  Array.from({length: count}, (_, i) => make(1000 + i, 30 + (i * 4) / count))

const byOrigin = (n: number, seconds: number): LogLine =>
  visit(n, seconds, {origin: `http://${n}.example`, userAgent: `agent ${n}`})
const byName = (n: number, seconds: number): LogLine =>
  refusal(n, seconds, {client: {id: `id-${n}`, mode: 'cli'}, remote: '192.0.2.66'})

const addressNo = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`

const now = at(35)
const problemsIn = (world: World) => diagnose({world, now, sources: []})
const named = (world: World): (string | null)[] => clientsOf({world, attempts: []}).map(({identity}) => identity.id)

const stateWith = (world: World) => {
  const state = {...openingState({kind: 'live', host: 'vm', release: null, port: null, now, readonly: false}), world}
  return {...state, assessment: assessed(state, now)}
}

const metricOf = (name: string, world: World): Record<string, number> => {
  const samples = attemptMetrics
    .find(metric => metric.name === name)
    ?.read({state: stateWith(world), version: '', release: null, own: {cpuSeconds: 0, rssBytes: 0, startedAt: 0}})
  return Object.fromEntries((samples ?? []).map(({labels = {}, value}) => [Object.values(labels).join(' '), value]))
}

const headerOf = (world: World): string => {
  return statusLine(stateWith(world), true)
    .map(({text}) => text)
    .join('  ')
}

describe('2,100 sockets that never speak, each with another Origin', () => {
  const world = worldOf([...stuck(), ...flood(2100, byOrigin)])

  test('are one row of their address, whose origin is not told', () => {
    const [cli, unnamed, ...more] = clientsOf({world, attempts: []})
    expect(more).toEqual([])
    expect(cli).toMatchObject({identity: {id: 'cli'}, refused: 3})
    expect(unnamed).toMatchObject({identity: {id: null}, remote: '192.0.2.9', origin: null, attempts: 2100, left: 2100})
  })

  test('move no verdict, no count and no header', () => {
    const [worst, ...others] = problemsIn(world)
    expect(worst).toMatchObject({id: 'token-mismatch', harm: 'broken', count: 3})
    expect(verdictFor(problemsIn(world))).toBe('broken')
    expect(others.map(({harm}) => harm)).toEqual(others.map(() => 'note'))
    expect(countTurnedAway({world, now})).toBe(1)
    expect(countersOf(world)).toEqual({gatewayAuthFailures: 3, providerAuthFailures: 0, channelAuthFailures: 0})
    expect(headerOf(world)).toMatch(/^\* refusing 1 client /)
    expect(metricOf('gatecrab_clients', world)).toMatchObject({stuck: 1, storm: 0})
    expect(buildRotationBoard(world, at(0), now).rows.find(({client}) => client.identity.id === 'cli')).toMatchObject({count: 3})
  })

  test('alone they are worth knowing, and no more', () => {
    const alone = worldOf(flood(2100, byOrigin))
    expect(verdictFor(problemsIn(alone))).toBe('ok')
    expect(countTurnedAway({world: alone, now})).toBe(0)
  })

  test('do not push the honest refusals out of the latest attempts', () => {
    const small = worldOf([...stuck(), ...flood(2100, byOrigin)], {recent: 100})
    expect(small.recent.filter(({client}) => client.id === 'cli')).toHaveLength(3)
    expect(small.recent.length).toBeLessThanOrEqual(120)
  })
})

test('two pages that were refused for their origins stay two, since they said who they are', () => {
  const page = (n: number, origin: string) =>
    refusal(n, n, {client: {id: 'openclaw-control-ui', mode: 'webchat'}, origin, cause: 'origin-mismatch', authReason: ''})
  const world = worldOf([page(1, 'http://a.example'), page(2, 'http://b.example')])
  expect(clientsOf({world, attempts: []}).map(({origin}) => origin)).toEqual(['http://a.example', 'http://b.example'])
})

test('one that says no name keeps its origin while it is the only one', () => {
  const world = worldOf([1, 2].map(n => visit(n, n, {origin: 'http://a.example'})))
  expect(clientsOf({world, attempts: []}).map(({origin}) => origin)).toEqual(['http://a.example'])
})

describe('more clients than are kept', () => {
  const limits = {clients: 200}

  test('a stuck client and one that was in outlast 100,000 unnamed ones of as many addresses', () => {
    const lines = [admission(9, 0, {remote: '192.0.2.8'}), event(1, 'disconnected', {conn: null, endpoint: null})]
    const untrustedClients = flood(100_000, (n, seconds) =>
      visit(n, seconds, {remote: addressNo(n), origin: `http://${n}.example`}),
    )
    const world = worldOf([...lines, ...stuck(), ...untrustedClients])
    expect(named(world)).toEqual(expect.arrayContaining(['openclaw-control-ui', 'cli']))
    expect(world.clients.byKey.size).toBeLessThanOrEqual(world.limits.clients)
  })

  test('a flood of names from one address displaces its own', () => {
    const quiet = [4, 5].map(n => refusal(n, n, {client: {id: `quiet-${n}`, mode: 'cli'}, remote: '192.0.2.8', authReason: ''}))
    const world = worldOf([...quiet, ...stuck(), ...flood(5000, byName)], limits)
    expect(named(world)).toEqual(expect.arrayContaining(['quiet-4', 'quiet-5', 'cli']))
    expect(world.clients.byKey.size).toBeLessThanOrEqual(200)
  })

  test('a /64 is one sender', () => {
    const untrustedClients = flood(5000, (n, seconds) =>
      refusal(n, seconds, {client: {id: `id-${n}`, mode: 'cli'}, remote: `2001:db8:0:7::${n.toString(16)}`}),
    )
    const others = Array.from({length: 150}, (_, i) => refusal(100 + i, i / 10, {remote: addressNo(i)}))
    const world = worldOf([...others, ...untrustedClients], limits)
    expect(named(world).filter(id => id === 'cli')).toHaveLength(150)
  })

  test('who came again outlasts those who came once, from one address', () => {
    const world = worldOf([...stuck({remote: '192.0.2.66'}), ...flood(5000, byName)], limits)
    expect(named(world)).toContain('cli')
  })

  test('what was dropped is said wherever clients are counted, and counted by what never forgets', () => {
    const world = worldOf(flood(5000, byName), limits)
    const remaining = world.clients.byKey.size
    const gone = world.clients.dropped.clients
    expect(remaining + gone).toBe(5000)
    const [problem] = problemsIn(world)
    expect(problem).toMatchObject({id: 'token-mismatch', harm: 'broken', count: 5000, since: at(30)})
    expect(problem?.title).toBe('Up to 5000 clients use an old or wrong token')
    expect(problem?.because).toMatch(new RegExp(` and ${remaining - 3} more and up to ${gone} more that are no longer kept\\.$`))
    expect([countTurnedAway({world, now}), countersOf(world).gatewayAuthFailures]).toEqual([5000, 5000])
    expect(headerOf(world)).toMatch(/^\* refusing up to 5000 clients/)
    expect(metricOf('gatecrab_clients_dropped_total', world)).toEqual({'': gone})
    expect(boardText(buildRotationBoard(world, at(0), now)).text).toContain(`and up to ${gone} more that are no longer kept`)
  })

  test('a reason of which no row is left is a problem all the same, and none when ten minutes have passed', () => {
    const world = worldOf(
      [refusal(1, 20, {authReason: 'password_mismatch', text: '', remote: '192.0.2.66'}), ...flood(5000, byName)],
      {clients: 4},
    )
    for (const client of world.clients.byKey.values()) expect(client.tallies.has('password-mismatch')).toBe(false)
    expect(problemsIn(world).map(({id}) => id)).toContain('password-mismatch')
    expect(diagnose({world, now: now + 600_000, sources: []}).map(({id}) => id)).not.toContain('password-mismatch')
  })
})

test('storms and headers of strangers do not push the marks of the gateway itself out of the timeline', () => {
  const world = worldOf([read(0, {kind: 'config-skipped', what: 'gateway.port'})], {timeline: 50})
  for (let n = 1; n <= 500; n += 1) applyLine(world, read(n, {kind: 'proxy-suspected', remote: '192.0.2.66'}))
  expect(world.timeline.map(({of}) => of)).toContain('config-skipped')
  expect(world.timeline.length).toBeLessThanOrEqual(60)
})
