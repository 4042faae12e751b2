import {expect, test} from 'vitest'
import {emptyTries, oneMore, waitBefore} from '../../src/sources/live/observer-retry.ts'
import {curtServer, fakeGateway, helloOk, muteServer, refusal} from './fake-gateway.ts'
import {watched} from './observed.ts'

const token = (): string => 'a'.repeat(48)
const self = {mode: 'gateway', reason: 'self'}

test('a server that takes connections and never speaks is frozen, and is knocked at once', async () => {
  const mute = await muteServer()
  const observer = watched(mute.url, token)
  const observed = await observer.until('frozen')
  expect(observed.because).toMatch(/takes connections and has said nothing/)
  expect(mute.sockets).toHaveLength(1)
  mute.hangUp()
  await observer.until('not-yet')
})

test('a gateway that no longer answers pings is frozen; when it does again, it is up', async () => {
  const fake = await fakeGateway(() => helloOk('2026.9.6', [self]))
  const observer = watched(fake.url, token)
  await observer.until('up')
  fake.answerPings(false)
  const frozen = await observer.until('frozen')
  expect(frozen.because).toMatch(/holds our connection/)
  expect(frozen.hello?.version).toBe('2026.9.6')
  fake.answerPings(true)
  await observer.until('up')
  expect(fake.sockets).toHaveLength(1)
  fake.answerPings(false)
  await observer.until('frozen')
  fake.sockets[0]?.terminate()
  await observer.until('gone')
})

test('one that answers pings and completes no sign-in is not up', async () => {
  const fake = await fakeGateway(() => null)
  const observer = watched(fake.url, token, {timing: {helloMs: 200}})
  const observed = await observer.until('not-yet')
  expect(observed.because).toMatch(/completes no sign-in/)
})

test('it asks for nothing but to be let in, by its own name, and from no page', async () => {
  const fake = await fakeGateway(() => helloOk('2026.9.6', [self]))
  const observer = watched(fake.url, token)
  await observer.until('up')
  fake.say({type: 'event', event: 'health', payload: {ok: true, ts: 5}, stateVersion: {presence: 1, health: 2}})
  fake.say({type: 'event', event: 'chat', payload: {text: 'not for us'}})
  fake.say({type: 'event', event: 'tick', payload: {ts: 6}})
  await observer.until('up', ({tickAt}) => tickAt !== null)
  expect(fake.asked).toHaveLength(1)
  expect(JSON.parse(fake.asked[0] ?? '')).toMatchObject({method: 'connect'})
  expect(fake.agents).toEqual(['gatecrab/0.0.0-test'])
  expect(fake.origins).toEqual([undefined])
})

test('whoever may not see the list does not take it for an empty house', async () => {
  const fake = await fakeGateway(() => helloOk('2026.9.6', []))
  expect((await watched(fake.url, token).until('up')).presence).toBeNull()
})

test('an older release that only counts its list up is greeted again, without a word about it', async () => {
  const list = [self]
  const fake = await fakeGateway((_socket, nth) =>
    helloOk('2026.6.11', nth === 1 ? list : [...list, {clientId: 'node-host'}], nth),
  )
  const observer = watched(fake.url, token)
  await observer.until('up')
  fake.say({type: 'event', event: 'health', payload: {ok: true, ts: 5}, stateVersion: {presence: 2, health: 2}})
  await observer.until('up', ({presence}) => presence?.length === 2)
  expect(observer.states()).toEqual(['connecting', 'up'])
  expect(observer.now().lastEnd).toBeNull()
  expect(fake.sockets).toHaveLength(2)
  expect(fake.asked.map(text => JSON.parse(text).params.scopes)).toEqual([['operator.read'], []])
})

test.each([
  ['503 Service Unavailable', 'not-yet', /starting, stopping or full \(HTTP 503\)/],
  ['502 Bad Gateway', 'not-yet', /HTTP 502/],
  ['403 Forbidden', 'refused', /trustedProxies/],
  ['200 OK', 'refused', /no gateway/],
  ['404 Not Found', 'refused', /no gateway/],
] as const)('HTTP %s instead of a socket: %s', async (status, state, because) => {
  const server = await curtServer(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
  const observed = await watched(server.url, token).until(state)
  expect(observed.because).toMatch(because)
})

test('what is no HTTP at all is left alone', async () => {
  const server = await curtServer('SSH-2.0-OpenSSH_9.9\r\n')
  const observer = watched(server.url, token)
  expect((await observer.until('refused')).because).toMatch(/no HTTP/)
  expect(server.count()).toBe(1)
})

test('locked out, it waits as long as it is told, and does not call it a wrong token', async () => {
  const locked = refusal({
    code: 'INVALID_REQUEST',
    message: 'too many failed attempts',
    details: {code: 'AUTH_RATE_LIMITED'},
    retryAfterMs: 120_000,
  })
  const fake = await fakeGateway(socket => {
    setTimeout(() => socket.close(1008, 'unauthorized'), 5)
    return locked
  })
  const observed = await watched(fake.url, token).until('not-yet')
  expect((observed.retryAt ?? 0) - Date.now()).toBeGreaterThan(110_000)
  expect(observed.refusal?.code).toBe('AUTH_RATE_LIMITED')
})

test.each([
  [1013, 'gateway starting', 'not-yet'],
  [1012, 'service restart', 'not-yet'],
  [1008, 'device identity required', 'refused'],
  [1002, 'protocol mismatch', 'refused'],
  [1000, '', 'not-yet'],
] as const)('closed with %d %s before it is let in: %s', async (code, text, state) => {
  const fake = await fakeGateway(socket => void socket.close(code, text))
  await watched(fake.url, token).until(state)
})

test('a gateway that throws everybody out right after the hello is not stormed', async () => {
  const fake = await fakeGateway(socket => {
    setTimeout(() => socket.terminate(), 5)
    return helloOk('2026.9.6', [self])
  })
  const observer = watched(fake.url, token, {random: () => 1})
  await observer.until('gone', ({retryAt}) => retryAt !== null)
  await observer.until('gone', ({retryAt}) => (retryAt ?? 0) - Date.now() > 1500)
  expect(fake.sockets).toHaveLength(2)
})

test.each(['not an address', 'ftp://127.0.0.1', 'ws://127.0.0.1:1/#here'])('%s is said to be no address', async url => {
  expect((await watched(url, token).until('refused')).because).toMatch(/should begin with ws:/)
})

test('the pace: a second at first, half a minute at last, and quicker where it will soon be back', () => {
  const waits = (again: 'soon' | 'later', random: number): number[] => {
    let tries = emptyTries
    return Array.from({length: 30}, () => {
      const ms = waitBefore(tries, again, 0, () => random)
      tries = oneMore(tries, again)
      return ms
    })
  }
  expect(waits('later', 1).slice(0, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  expect(waits('later', 0).every(ms => ms === 0)).toBe(true)
  expect(
    waits('soon', 1)
      .slice(0, 20)
      .every(ms => ms === 1000),
  ).toBe(true)
  expect(waits('soon', 1).at(-1)).toBe(30_000)
  expect(waitBefore(emptyTries, 'later', 9e9, () => 0)).toBe(300_000)
})
