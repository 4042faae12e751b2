import {readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {deviceOf} from '../../src/demo/device.ts'
import {type DemoGateway, type GatewayOptions, startDemoGateway} from '../../src/demo/server/gateway.ts'
import {buildId} from '../../src/demo/server/lines.ts'
import {writeConfig} from '../../src/demo/server/settings.ts'
import {type Ask, comeAndGo, invoke, logOf, messages, newFolder, page, tokenOf, visit} from './demo-client.ts'

let folder = ''
let gateway: DemoGateway
const started: DemoGateway[] = []

beforeEach(() => {
  folder = newFolder()
})
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop()
  rmSync(folder, {recursive: true, force: true})
})

const start = async (options: Partial<GatewayOptions> = {}): Promise<DemoGateway> => {
  gateway = await startDemoGateway({folder, ...options, timing: {startMs: 0, delayScale: 0, pollMs: 10, ...options.timing}})
  started.push(gateway)
  return gateway
}

const right = (): Pick<Ask, 'connect'> => ({connect: {auth: {token: tokenOf(gateway)}}})
const webchat = (): Ask => {
  const {client, headers} = page(gateway.port)
  return {...right(), client: {...client, buildId}, headers: headers ?? {}, device: deviceOf('webchat')}
}
const rotate = (token: string): void => {
  const config = JSON.parse(readFileSync(gateway.configFile, 'utf8'))
  config.gateway.auth.token = token
  writeConfig(gateway.configFile, config)
}
const saying = (text: RegExp): string[] => messages(gateway).filter(line => text.test(line))

test('a client with the token gets a hello, answers, and leaves no line', async () => {
  await start()
  const client = visit(gateway, right())
  const hello = await client.answer
  const before = logOf(gateway).length
  expect(hello?.payload).toMatchObject({
    type: 'hello-ok',
    protocol: 4,
    server: {version: '2026.9.6'},
    auth: {scopes: ['operator.read']},
  })
  expect((await client.call('health')).payload).toMatchObject({ok: true})
  expect((await client.call('status')).payload).toMatchObject({runtimeVersion: '2026.9.6', pid: process.pid})
  expect((await client.call('system-presence')).payload).toHaveLength(1)
  expect((await client.call('logs.tail', {limit: 2})).payload).toMatchObject({file: gateway.logFile, reset: false})
  expect(logOf(gateway)).toHaveLength(before)
  client.socket.close(1000)
  await client.closed
  expect(logOf(gateway)).toHaveLength(before)
})

test('a reader is told who comes and goes', async () => {
  await start()
  const reader = visit(gateway, right())
  await reader.answer
  await comeAndGo(gateway, webchat())
  const read = (): unknown[] =>
    reader.frames.flatMap(({event, payload}) =>
      event === 'presence' ? ((payload?.['presence'] ?? []) as unknown[]).slice(1) : [],
    )
  await vi.waitFor(() =>
    expect(read()).toMatchObject([
      {mode: 'webchat', reason: 'connect'},
      {mode: 'webchat', reason: 'disconnect'},
    ]),
  )
})

test('ticks come to everybody', async () => {
  await start({timing: {tickMs: 20}})
  const client = visit(gateway, {connect: {...right().connect, scopes: []}})
  await vi.waitFor(() => expect(client.frames.filter(({event}) => event === 'tick').length).toBeGreaterThan(1))
})

test('missing tokens are logged once in 30 s, and the next line says how many were not', async () => {
  let shift = 0
  await start({clock: () => Date.now() + shift})
  const ask = {device: deviceOf('hushed')}
  const read = (): string[] => saying(/^(unauthorized|closed before)/).map(text => / suppressed=\d+/.exec(text)?.[0] ?? 'plain')
  await comeAndGo(gateway, ask)
  await vi.waitFor(() => expect(read()).toEqual(['plain', 'plain']))
  shift = 29_000
  for (let again = 0; again < 3; again++) await comeAndGo(gateway, ask)
  await comeAndGo(gateway)
  await vi.waitFor(() => expect(read()).toHaveLength(3))
  shift = 31_000
  await comeAndGo(gateway, ask)
  await vi.waitFor(() => expect(read().slice(3)).toEqual([' suppressed=3', ' suppressed=3']))
})

test('a new token in the file puts out who came with the old one, at once, without a restart', async () => {
  await start()
  const device = deviceOf('paired')
  const {token: deviceToken} = gateway.pair(device.id, 'operator', ['operator.read'])
  const old = tokenOf(gateway)
  const [shared, tab, own] = [
    visit(gateway, right()),
    visit(gateway, webchat()),
    visit(gateway, {device, connect: {auth: {deviceToken}}}),
  ]
  const bootId = (await shared.answer)?.payload?.['server']
  await Promise.all([tab.answer, own.answer])
  expect([await invoke(gateway, old), await invoke(gateway, 'x')]).toEqual([400, 401])
  rotate('n'.repeat(48))
  const end = {code: 4001, reason: 'gateway auth changed'}
  expect([await shared.closed, await tab.closed]).toEqual([end, end])
  expect([await invoke(gateway, old), await invoke(gateway, 'n'.repeat(48))]).toEqual([401, 400])
  expect(own.socket.readyState).toBe(own.socket.OPEN)
  await vi.waitFor(() => expect(saying(/gateway\.auth\.token|4001/)).toHaveLength(3))
  const [changed, out, applied] = saying(/gateway\.auth\.token|4001/)
  expect([changed, applied]).toEqual([
    'config change detected; evaluating reload (gateway.auth.token)',
    'config hot reload applied (gateway.auth.token)',
  ])
  expect(out).toMatch(/^webchat disconnected code=4001 reason=gateway auth changed conn=/)
  const again = await comeAndGo(gateway, right())
  expect((await again.answer)?.payload?.['server']).toMatchObject({bootId: (bootId as {bootId: string}).bootId})
})

test('a config it cannot read changes nothing but the log', async () => {
  await start()
  const text = readFileSync(gateway.configFile, 'utf8')
  writeFileSync(gateway.configFile, '{not json')
  await vi.waitFor(() => expect(saying(/^config reload skipped \(invalid config\): : JSON5 parse failed/)).toHaveLength(1))
  writeFileSync(gateway.configFile, text)
  expect((await comeAndGo(gateway, right()).then(({answer}) => answer))?.ok).toBe(true)
  expect(await invoke(gateway, tokenOf(gateway))).toBe(400)
})

test('a restart says so, closes with 1012, and is back on the same port with a new boot', async () => {
  await start()
  const [shared, silent] = [visit(gateway, right()), visit(gateway, {silent: true})]
  const first = (await shared.answer)?.payload?.['server'] as {bootId: string}
  await gateway.restart({downMs: 20})
  expect(shared.frames.at(-1)).toMatchObject({
    event: 'shutdown',
    payload: {reason: 'gateway restarting', restartExpectedMs: 1500},
  })
  const end = {code: 1012, reason: 'service restart'}
  expect([await shared.closed, await silent.closed]).toEqual([end, end])
  const back = await comeAndGo(gateway, right())
  const second = (await back.answer)?.payload?.['server'] as {bootId: string}
  expect(second.bootId).not.toBe(first.bootId)
  expect(saying(/SIGUSR2|^restart mode|^gateway ready/)).toHaveLength(5)
})

test('nobody is let in while it starts', async () => {
  await start({timing: {startMs: 200}})
  const restarted = gateway.restart({downMs: 0})
  const refused = await vi.waitUntil(
    async () => {
      const {code, reason} = await comeAndGo(gateway, right()).then(({closed}) => closed)
      return code === 1013 && reason
    },
    {interval: 10},
  )
  const ready = await fetch(`http://127.0.0.1:${gateway.port}/readyz`)
  expect([refused, ready.status]).toEqual(['gateway starting', 503])
  await restarted
  expect((await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).status).toBe(200)
  expect(saying(/1013/)).toEqual([])
})

test('a killed gateway says nothing, and starts again from the beginning', async () => {
  await start()
  const tab = visit(gateway, webchat())
  await tab.answer
  const before = logOf(gateway).length
  await gateway.kill()
  expect((await tab.closed).code).toBe(1006)
  expect(logOf(gateway)).toHaveLength(before)
  await gateway.restart({downMs: 0})
  expect(messages(gateway)[before]).toBe('loading configuration…')
  expect((await comeAndGo(gateway, right()).then(({answer}) => answer))?.ok).toBe(true)
})

test('a silent socket is closed with 1000 and no reason', async () => {
  await start({timing: {handshakeMs: 30}})
  const client = visit(gateway, {silent: true})
  expect(await client.closed).toEqual({code: 1000, reason: ''})
  await vi.waitFor(() => expect(saying(/^(handshake timeout|closed before)/)).toHaveLength(2))
})

test('wrong tokens from this machine wait longer each time, and a right one does not', async () => {
  await start({timing: {delayScale: 0.1}})
  const waits = (): number[] => logOf(gateway).flatMap(line => JSON.parse(line)['1'].durationMs ?? [])
  const took = async (): Promise<number> => {
    const {length} = waits()
    await comeAndGo(gateway, {connect: {auth: {token: 'wrong'}}})
    return vi.waitUntil(() => waits()[length])
  }
  const [first, second, third] = [await took(), await took(), await took()]
  expect(first).toBeGreaterThanOrEqual(24)
  expect(second).toBeGreaterThanOrEqual(49)
  expect(third).toBeGreaterThanOrEqual(99)
  expect(await invoke(gateway, tokenOf(gateway))).toBe(400)
  expect(await took()).toBeLessThan(third)
})

test('its probes over HTTP leave no line', async () => {
  await start()
  const before = logOf(gateway).length
  const get = (where: string): Promise<Response> => fetch(`http://127.0.0.1:${gateway.port}${where}`)
  const answers = await Promise.all(['/health', '/healthz', '/readyz', '/tools/invoke', '/v1/models'].map(get))
  expect(answers.map(({status}) => status)).toEqual([200, 200, 200, 405, 404])
  expect(await answers[0]?.json()).toEqual({ok: true, status: 'live'})
  expect(await invoke(gateway, 'wrong')).toBe(401)
  expect(logOf(gateway)).toHaveLength(before)
})

test('what it keeps is its own alone, and its token is 48 hex digits', async () => {
  await start()
  const modes = ['openclaw.json', 'logs', 'logs/gateway.jsonl', 'logs/gateway.log', 'state'].map(
    part => statSync(path.join(folder, part)).mode & 0o777,
  )
  expect(modes).toEqual([0o600, 0o700, 0o600, 0o600, 0o700])
  expect(tokenOf(gateway)).toMatch(/^[0-9a-f]{48}$/)
  expect(JSON.parse(readFileSync(gateway.configFile, 'utf8'))).toMatchObject({
    meta: {lastTouchedVersion: '2026.9.6'},
    logging: {file: gateway.logFile},
  })
})

test('after stop() nobody listens, nothing runs, and another can take its place', async () => {
  await start()
  const holder = visit(gateway, right())
  await holder.answer
  const restarting = gateway.restart({downMs: 60_000})
  await gateway.stop()
  await restarting
  await expect(fetch(`http://127.0.0.1:${gateway.port}/health`)).rejects.toThrow()
  const {port} = gateway
  await start()
  expect(gateway.port).toBe(port)
})
