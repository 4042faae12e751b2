import {describe, expect, test} from 'vitest'
import {isIn} from '../../src/domain/attempts/attempt.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {admission, at, conn, event, read, refusal} from './event-builders.ts'

const untrustedClients = 100_000

const untrustedClient = (n: number) =>
  refusal(n, n / 100, {
    client: {id: `cli-${n}`, mode: 'cli', version: `${n}`, platform: `p${n}`},
    remote: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    origin: `http://${n}.example`,
    userAgent: `agent ${n}`,
    text: `own words ${n}`,
    code: 1008,
  })

const stormed = (): World => {
  const world = createWorld()
  for (let n = 1; n <= 20; n += 1) applyLine(world, admission(n, 0, {client: {id: `web-${n}`, mode: 'webchat'}}))
  for (let n = 1; n <= untrustedClients; n += 1) applyLine(world, untrustedClient(1000 + n))
  return world
}

const sizesIn = (value: unknown): number[] => {
  if (value instanceof Map || value instanceof Set) return [value.size]
  if (Array.isArray(value)) return [value.length]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sizesIn) : []
}

describe('100,000 strangers with fresh names', () => {
  const world = stormed()

  test('are all counted', () => {
    expect(world.refused).toBe(untrustedClients)
  })

  test('do not push out anybody who is in', () => {
    const inside = Array.from(world.clients.byKey.values()).filter(({open}) => open.size > 0)
    expect(inside.map(({identity}) => identity.id)).toEqual(Array.from({length: 20}, (_, i) => `web-${i + 1}`))
    for (const {open} of inside) expect([...open].every(isIn)).toBe(true)
  })

  test('fill no list beyond its bound', () => {
    expect(world.clients.byKey.size).toBeLessThanOrEqual(world.limits.clients)
    expect(world.recent.length).toBeLessThanOrEqual(world.limits.recent * 1.2)
    expect(world.guesses.size).toBeLessThanOrEqual(512)
    expect(world.timeline.length).toBeLessThanOrEqual(world.limits.timeline * 1.2)
    expect(world.minutes.before.size).toBeLessThanOrEqual(1500)
    expect(Math.max(...sizesIn({...world.attempts, closedIds: 0}))).toBeLessThanOrEqual(5000)
  })

  test('leave the latest behind, not the first', () => {
    expect(world.recent.at(-1)?.client.id).toBe(`cli-${1000 + untrustedClients}`)
    expect(Array.from(world.clients.byKey.values()).at(-1)?.identity.id).toBe(`cli-${1000 + untrustedClients}`)
  })
})

test('browsers of ever other origins are compared with no more than a bound of them, however many clients are kept', () => {
  const world = createWorld({clients: 100_000, recent: 0, timeline: 0, evidence: 0})
  for (let n = 1; n <= 5000; n += 1)
    applyLine(world, refusal(n, n, {client: {id: 'web', mode: 'webchat'}, origin: `http://${n}.example`}))
  expect(world.clients.byKey.size).toBe(5000)
  expect(world.clients.browsers.length).toBeLessThanOrEqual(2000)
  applyLine(world, admission(6000, 5001, {client: {id: 'web', mode: 'webchat'}}))
  const inside = Array.from(world.clients.byKey.values()).filter(({open}) => open.size > 0)
  expect(inside.map(({origin}) => origin)).toEqual(['http://5000.example'])
})

test('one client that never gives up keeps to its bounds too', () => {
  const world = createWorld()
  const reasons = Array.from({length: 40}, (_, i) => `reason_${i}`)
  for (let n = 1; n <= 20_000; n += 1) applyLine(world, refusal(n, n * 60, {authReason: reasons[n % 40] ?? ''}))
  const [client] = world.clients.byKey.values()
  expect(client?.attempts).toBe(20_000)
  expect(client?.tallies.size).toBe(40)
  expect(client?.recentAttempts.length).toBeLessThanOrEqual(100)
  expect(client?.minutes.before.size).toBeLessThanOrEqual(100)
  for (const {evidence} of client?.tallies.values() ?? []) expect(evidence.length).toBeLessThanOrEqual(500)
})

test('a connection that many lines name keeps a few of them', () => {
  const world = createWorld()
  applyLine(world, admission(1, 0))
  for (let i = 0; i < 5000; i += 1) applyLine(world, event(i, 'mentioned', {conn: conn(1)}))
  const [client] = world.clients.byKey.values()
  expect(client?.last.evidence.length).toBeLessThanOrEqual(20)
})

test('sockets that open and never say anything are let go of', () => {
  const world = createWorld()
  for (let n = 1; n <= 20_000; n += 1) applyLine(world, event(n, 'opened', {conn: conn(n), endpoint: `192.0.2.7:${n}->b`}))
  expect(Math.max(...sizesIn({...world.attempts, closedIds: 0}))).toBeLessThanOrEqual(5000)
  expect(world.clients.byKey.size).toBe(0)
})

test('a client that was refused for reasons of its own making keeps to a bound', () => {
  const world = createWorld()
  for (let n = 1; n <= 3000; n += 1)
    applyLine(world, refusal(n, n, {authReason: `trusted_proxy_missing_header_x-${n}`, text: ''}))
  const [client] = world.clients.byKey.values()
  expect(client?.tallies.size).toBeLessThanOrEqual(500)
})

test('marks and failures of providers keep to theirs', () => {
  const world = createWorld({timeline: 100})
  for (let n = 1; n <= 1000; n += 1) {
    applyLine(world, read(n, {kind: 'config-applied', what: 'x'}))
    applyLine(
      world,
      read(n, {kind: 'provider-trouble', provider: 'acme', model: null, profile: null, status: 401, why: null, until: null}),
    )
  }
  expect(world.timeline.length).toBeLessThanOrEqual(120)
  expect(world.provider.length).toBeLessThanOrEqual(600)
  expect(world.timeline.at(-1)?.at).toBe(at(1000))
})
