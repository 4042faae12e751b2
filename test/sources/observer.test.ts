import {readFileSync} from 'node:fs'
import {expect, onTestFinished, test, vi} from 'vitest'
import {deviceOf} from '../../src/demo/device.ts'
import {type DemoGateway, type GatewayOptions, startDemoGateway} from '../../src/demo/server/gateway.ts'
import {buildId} from '../../src/demo/server/lines.ts'
import {writeConfig} from '../../src/demo/server/settings.ts'
import {logOf, messages, page, tokenOf, visit} from '../demo/demo-client.ts'
import {scratchFolder} from '../stress/recorder.ts'
import {watched} from './observed.ts'

const start = async (options: Partial<GatewayOptions> = {}): Promise<DemoGateway> => {
  const gateway = await startDemoGateway({
    folder: scratchFolder(),
    ...options,
    timing: {startMs: 0, delayScale: 0, pollMs: 10, ...options.timing},
  })
  onTestFinished(() => gateway.stop())
  return gateway
}

const rotate = (gateway: DemoGateway, token: string): void => {
  const config = JSON.parse(readFileSync(gateway.configFile, 'utf8'))
  config.gateway.auth.token = token
  writeConfig(gateway.configFile, config)
}

const retries = (gateway: DemoGateway): number =>
  messages(gateway).filter(text => text.startsWith('closed before connect')).length

test('let in, it knows the gateway and leaves no line, neither coming nor going', async () => {
  const gateway = await start({timing: {tickMs: 20}})
  const before = logOf(gateway).length
  const observer = watched(gateway.url, () => tokenOf(gateway))
  const observed = await observer.until('up', ({tickAt, health}) => tickAt !== null && health !== null)
  expect(observed.hello).toMatchObject({version: '2026.9.6', scopes: ['operator.read'], bootId: expect.any(String)})
  expect(observed.hello?.appliedConfigHash).toMatch(/^hmac-sha256:/)
  expect(observed.presence).toMatchObject([{mode: 'gateway', reason: 'self'}])
  expect(observed.health).toMatchObject({ok: true, eventLoop: {degraded: false}})
  expect(Math.abs(Date.now() - (observed.bootedAt ?? 0))).toBeLessThan(30_000)
  expect(observed.ownPort).toBeGreaterThan(0)
  expect(observer.states()).toEqual(['connecting', 'up'])
  observer.close()
  await gateway.stop()
  expect(
    logOf(gateway)
      .slice(before)
      .filter(line => JSON.stringify(line).includes('gatecrab')),
  ).toEqual([])
})

test('it is told who comes and goes, and is not among them', async () => {
  const gateway = await start()
  const observer = watched(gateway.url, () => tokenOf(gateway))
  await observer.until('up')
  const {client, headers} = page(gateway.port)
  const webchat = visit(gateway, {
    connect: {auth: {token: tokenOf(gateway)}},
    client: {...client, buildId},
    headers: headers ?? {},
    device: deviceOf('webchat'),
  })
  await observer.until('up', ({presence}) => presence?.length === 2)
  expect(observer.now().presence?.[1]).toMatchObject({mode: 'webchat', reason: 'connect'})
  webchat.socket.close(1000)
  await observer.until('up', ({presence}) => presence?.[1]?.reason === 'disconnect')
})

test('without a token it does not even knock, and it comes once there is one', async () => {
  const gateway = await start()
  let token: string | null = null
  let asked = 0
  const observer = watched(gateway.url, () => {
    asked += 1
    return token
  })
  await vi.waitFor(() => expect(asked).toBeGreaterThan(3))
  expect(observer.states()).toEqual(['off'])
  token = tokenOf(gateway)
  await observer.until('up')
  expect(retries(gateway)).toBe(0)
})

test('refused, it is silent until the token changes: one knock in all', async () => {
  const gateway = await start()
  let token = 'f'.repeat(48)
  let asked = 0
  const observer = watched(gateway.url, () => {
    asked += 1
    return token
  })
  const observed = await observer.until('refused')
  expect(observed.refusal).toMatchObject({code: 'AUTH_TOKEN_MISMATCH'})
  expect(observed.because).toMatch(/token mismatch/)
  expect(observed.retryAt).toBeNull()
  const sofar = asked
  await vi.waitFor(() => expect(asked).toBeGreaterThan(sofar + 5))
  expect(retries(gateway)).toBe(1)
  token = tokenOf(gateway)
  await observer.until('up')
  expect(observer.now().refusal).toBeNull()
  expect(retries(gateway)).toBe(1)
})

test('refused, it knocks once more when somebody rings', async () => {
  const gateway = await start()
  const observer = watched(gateway.url, () => 'f'.repeat(48))
  await observer.until('refused')
  const events = observer.all.length
  observer.retryNow()
  observer.retryNow()
  await observer.until('refused', () => observer.all.length > events + 1)
  await vi.waitFor(() => expect(retries(gateway)).toBe(2))
})

test('a rotation throws it out, and the new token lets it in again', async () => {
  const gateway = await start()
  const observer = watched(gateway.url, () => tokenOf(gateway))
  const {hello} = await observer.until('up')
  rotate(gateway, 'a'.repeat(48))
  const observed = await observer.until('up', ({lastEnd}) => lastEnd !== null)
  expect(observed.lastEnd).toMatchObject({how: 'token-changed', code: 4001, text: 'gateway auth changed'})
  expect(observed.hello?.bootId).toBe(hello?.bootId)
  expect(observer.states()).toEqual(['connecting', 'up', 'not-yet', 'up'])
  expect(retries(gateway)).toBe(0)
})

test('a rotation to a token that is not known here is one refusal', async () => {
  const gateway = await start()
  const old = tokenOf(gateway)
  const observer = watched(gateway.url, () => old)
  await observer.until('up')
  rotate(gateway, 'a'.repeat(48))
  const observed = await observer.until('refused')
  expect(observed.lastEnd?.how).toBe('token-changed')
  expect(retries(gateway)).toBe(1)
})

test('a restart is announced, waited for, and seen to be one', async () => {
  const gateway = await start({timing: {startMs: 1500}})
  const observer = watched(gateway.url, () => tokenOf(gateway))
  const {hello} = await observer.until('up')
  await gateway.restart({downMs: 100})
  const observed = await observer.until('up', now => now.hello?.bootId !== hello?.bootId)
  expect(observed.lastEnd).toMatchObject({how: 'restarting', code: 1012})
  expect(observer.states()).toEqual(['connecting', 'up', 'not-yet', 'up'])
  const text = new Set(observer.all.map(({because}) => because))
  expect([...text]).toContain('it restarts')
  expect([...text].some(text => /gateway starting/.test(text))).toBe(true)
  expect(observer.all.some(({farewell}) => farewell === 'gateway restarting')).toBe(true)
  expect(retries(gateway)).toBe(0)
})

test('a stop is told from a kill', async () => {
  const gateway = await start()
  const observer = watched(gateway.url, () => tokenOf(gateway))
  await observer.until('up')
  await gateway.kill()
  const killed = await observer.until('gone', ({because}) => /killed or crashed/.test(because))
  expect(killed.lastEnd).toMatchObject({how: 'cut', code: 1006})
  expect(killed).toMatchObject({hello: null, presence: null, upSince: null})
  await gateway.restart({downMs: 0})
  await observer.until('up')
  await gateway.stop()
  const stopped = await observer.until('gone', ({because}) => /stopped in good order, and nothing listens/.test(because))
  expect(stopped.lastEnd).toMatchObject({how: 'stopped', code: 1012})
  expect(stopped.farewell).toBe('gateway stopping')
})

test('where nothing listens it waits longer and longer, and comes at once when somebody rings', async () => {
  const gateway = await start()
  await gateway.kill()
  const observer = watched(gateway.url, () => tokenOf(gateway), {random: () => 1})
  const first = await observer.until('not-yet')
  expect(first.because).toMatch(/^nothing listens on 127\.0\.0\.1:/)
  expect((first.retryAt ?? 0) - Date.now()).toBeGreaterThan(500)
  await gateway.restart({downMs: 0})
  observer.retryNow()
  const observed = await observer.until('up')
  expect(observed.upSince ?? 0).toBeLessThan(first.retryAt ?? 0)
})

test('closed, it says nothing more and leaves', async () => {
  const gateway = await start({timing: {tickMs: 10}})
  const observer = watched(gateway.url, () => tokenOf(gateway))
  await observer.until('up')
  observer.close()
  const events = observer.all.length
  const reader = visit(gateway, {connect: {auth: {token: tokenOf(gateway)}}})
  await vi.waitFor(() => expect(reader.frames.filter(({event}) => event === 'tick').length).toBeGreaterThan(3))
  expect(observer.all).toHaveLength(events)
})
