import {readFileSync, rmSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {historyOf} from '../../src/demo/clients/history.ts'
import {deviceOf} from '../../src/demo/device.ts'
import {type DemoGateway, startDemoGateway} from '../../src/demo/server/gateway.ts'
import {buildId} from '../../src/demo/server/lines.ts'
import {consoleLine, jsonLine, type Line, type LogMeta} from '../../src/demo/server/log.ts'
import {providerFailureLines} from '../../src/demo/server/provider-failure.ts'
import {writeConfig} from '../../src/demo/server/settings.ts'
import {type Ask, comeAndGo, logOf, messages, newFolder, page, tokenOf, visit} from './demo-client.ts'
import {skeleton} from './log-skeleton.ts'

type Captured = Record<string, unknown> & {message: string; time: string; hostname: string; _meta: Record<string, unknown>}

const fixture = (name: string): string[] =>
  readFileSync(new URL(`../fixtures/demo/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)

const captured = fixture('lines.jsonl')
const spoken = fixture('console.log')

const asLine = (record: Captured): Line => {
  const tail = Object.entries(record).slice(Object.keys(record).indexOf('message') + 1)
  const source = record._meta['path'] as {fullFilePath: string} | undefined
  return {
    level: record._meta['logLevelName'] as Line['level'],
    subsystem: JSON.parse(String(record['0'])).subsystem,
    text: record.message,
    ...(record['2'] ? {meta: record['1'] as LogMeta} : {}),
    tail: Object.fromEntries(tail),
    ...(source ? {origin: source.fullFilePath.split('/').at(-1) ?? ''} : {}),
  }
}

describe('every captured line comes out of the writer as it was', () => {
  const records = captured.map(raw => JSON.parse(raw) as Captured)
  test.each(records)('$message', record => {
    const {time, hostname, _meta} = record
    const ours: Captured = JSON.parse(jsonLine(asLine(record), Date.parse(time)))
    const own = {
      ...ours,
      time,
      hostname,
      _meta: {...ours._meta, date: _meta['date'], hostname: _meta['hostname'], runtimeVersion: _meta['runtimeVersion']},
    }
    expect(ours.time).toBe(time)
    expect(JSON.stringify(own)).toBe(JSON.stringify(record))
  })
})

test('the console says of each line what the real one said', () => {
  const plain = (raw: string): boolean => !/"(agent\/embedded|model-fallback\/decision)/.test(JSON.parse(raw)['0'])
  const pairs = captured.flatMap((raw, index) => (plain(raw) ? [{raw, said: spoken[index]?.slice(30)}] : []))
  expect(pairs.length).toBeGreaterThan(90)
  for (const {raw, said: text} of pairs) expect(consoleLine(asLine(JSON.parse(raw)), 0).slice(30)).toBe(text)
})

const folder = newFolder()
const expected = new Set(captured.map(skeleton))
const strange = (lines: readonly string[], seen = expected, of = skeleton): string[] =>
  [...new Set(lines.map(of))].filter(kind => !seen.has(kind))
const device = deviceOf('a cli')
const tab = deviceOf('a tab')
let gateway: DemoGateway

const userAgent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0'
const ui = (more: Ask = {}): Ask => ({...page(gateway.port), ...more})
const proxied = {'X-Forwarded-For': '203.0.113.9', Host: 'gw.example.com'}

const asks = (): Ask[] => {
  const [auth, wrong] = [{token: tokenOf(gateway)}, {token: 'wrong'}]
  return [
    {connect: {auth}, device},
    ui({connect: {auth}, device: tab, headers: {...page(gateway.port).headers, 'User-Agent': userAgent}}),
    ui({connect: {auth}, device: tab, client: {...page(gateway.port).client, buildId}}),
    {},
    {device},
    {connect: {auth: wrong, scopes: []}},
    ui({device: tab}),
    ui({device: tab, connect: {auth: wrong}}),
    {connect: {auth: {password: 'wrong'}}},
    {device, connect: {auth: {deviceToken: 'wrong'}}},
    {device, connect: {auth: {bootstrapToken: 'wrong'}}},
    ui({connect: {auth}}),
    {client: {id: 'node-host', mode: 'node'}, connect: {role: 'node', scopes: [], auth}},
    {device, connect: {auth}, spoil: proof => Object.assign(proof, {nonce: 'another'})},
    {connect: {minProtocol: 1, maxProtocol: 1, auth}},
    ui({headers: {Origin: 'http://evil.example'}, connect: {auth}, device: tab}),
    {raw: JSON.stringify({type: 'req', id: 'c1', method: 'health', params: {}})},
    {raw: JSON.stringify({type: 'req', id: 'c1', method: 'connect', params: {minProtocol: 3, maxProtocol: 4}})},
    {connect: {role: 'emperor', auth}},
    {raw: 'hello?'},
    {raw: '{"type":"event"}'},
    {raw: 'x'.repeat(70_000)},
    {silent: true},
    {headers: proxied, device: deviceOf('far'), connect: {auth}},
  ]
}

const leave = async (code?: number, reason?: string): Promise<void> => {
  const client = visit(gateway, {silent: true})
  client.socket.once('message', () => (code === undefined ? client.socket.close() : client.socket.close(code, reason)))
  await client.closed
}

const refuseCalls = async (): Promise<void> => {
  const client = visit(gateway, {connect: {auth: {token: tokenOf(gateway)}}})
  await client.answer
  await client.call('no.such.method')
  await client.call('logs.tail', {limit: 1.5})
  client.socket.close(1000, 'done')
  await client.closed
}

const edit = async (change: (config: {gateway: Record<string, unknown>}) => void, sign: RegExp): Promise<void> => {
  const config = JSON.parse(readFileSync(gateway.configFile, 'utf8'))
  change(config)
  writeConfig(gateway.configFile, config)
  await vi.waitFor(() => expect(messages(gateway).some(text => sign.test(text))).toBe(true))
}

const held = (): Promise<unknown>[] => {
  const auth = {token: tokenOf(gateway)}
  const clients = [
    visit(gateway, ui({connect: {auth}, device: tab, client: {...page(gateway.port).client, buildId}})),
    visit(gateway, {silent: true}),
  ]
  return clients.map(({socket}) => new Promise(resolve => socket.on('message', resolve)))
}

beforeAll(async () => {
  const timing = {startMs: 0, delayScale: 0, handshakeMs: 60, pollMs: 10}
  gateway = await startDemoGateway({folder, timing, config: {gateway: {trustedProxies: ['127.0.0.1']}}})
  for (const ask of asks()) await comeAndGo(gateway, ask)
  for (const [code, reason] of [[1000], [1001, 'going away'], [], [4999, 'my own reason']] as [number?, string?][])
    await leave(code, reason)
  await refuseCalls()
  await edit(
    config => Object.assign(config.gateway, {controlUi: {allowedOrigins: ['http://x.example']}}),
    /applied .*allowedOrigins/,
  )
  await edit(config => Object.assign(config.gateway, {bogusKey: 1}), /Unrecognized key/)
  await edit(config => delete config.gateway['bogusKey'], /Unrecognized key/)
  await Promise.all(held())
  await edit(({gateway: {auth}}) => Object.assign(auth as object, {token: 'f'.repeat(48)}), /applied \(gateway.auth.token/)
  await Promise.all(held())
  await gateway.restart({downMs: 0})
  await gateway.stop()
})
afterAll(() => rmSync(folder, {recursive: true}))

test('every line of a life, a restart, a rotation and each refusal is of a captured kind', () => {
  const lines = logOf(gateway)
  expect(strange(lines)).toEqual([])
  expect(new Set(lines.map(skeleton)).size).toBeGreaterThan(60)
})

test('so are the lines of provider trouble', () => {
  expect(strange(providerFailureLines(0).map(line => jsonLine(line, 0)))).toEqual([])
})

/** The cast's clients say more of themselves than the captured ones did. */
const withoutExtras = (raw: string): string =>
  skeleton(raw).replace(/(,)(origin|userAgent|forwardedFor|buildId|clientDisplayName)(?=,)/g, '')

test('so is the half hour that a demo begins with, in order of time', () => {
  const {lines} = historyOf(18_789, 1_795_256_530_369, '/logs/gateway.jsonl')
  const kinds = new Set(captured.map(withoutExtras))
  expect(
    strange(
      lines.map(({line, at}) => jsonLine(line, at)),
      kinds,
      withoutExtras,
    ),
  ).toEqual([])
  expect(lines.map(({at}) => at)).toEqual(lines.map(({at}) => at).toSorted((a, b) => a - b))
  expect(lines.length).toBeGreaterThan(500)
})
