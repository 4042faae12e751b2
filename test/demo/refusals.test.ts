import {readFileSync, rmSync} from 'node:fs'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {deviceOf} from '../../src/demo/device.ts'
import {type DemoGateway, startDemoGateway} from '../../src/demo/server/gateway.ts'
import {type Ask, comeAndGo, newFolder, page, tokenOf, visit} from './demo-client.ts'

type Row = {label: string; code: number; reason: string; error: unknown}

const rows: Row[] = JSON.parse(readFileSync(new URL('../fixtures/demo/refusals.json', import.meta.url), 'utf8'))
const folder = newFolder()
const device = deviceOf('refused')
const other = deviceOf('somebody else')
let gateway: DemoGateway

beforeAll(async () => {
  gateway = await startDemoGateway({
    folder,
    timing: {startMs: 0, delayScale: 0},
    config: {gateway: {trustedProxies: ['127.0.0.1']}},
  })
})
afterAll(async () => {
  await gateway.stop()
  rmSync(folder, {recursive: true})
})

const right = () => ({token: tokenOf(gateway)})
const wrong = {token: 'wrong'}
const evil = {Origin: 'http://evil.example'}

const asks: Record<string, () => Ask> = {
  'control-ui webchat, right token + signed device, same origin, no build id (a stale tab on versions that check it)': () => ({
    ...page(gateway.port),
    connect: {auth: right()},
    device,
  }),
  'token_missing cli #1': () => ({}),
  'token_missing cli WITH a signed device #1': () => ({device}),
  'token_mismatch cli #1': () => ({connect: {auth: wrong}}),
  'token_missing control-ui (with device)': () => ({...page(gateway.port), device}),
  'token_mismatch control-ui (with device)': () => ({...page(gateway.port), device, connect: {auth: wrong}}),
  'password sent to a token gateway': () => ({connect: {auth: {password: 'wrong'}}}),
  'device token that is wrong (auth.deviceToken)': () => ({device, connect: {auth: {deviceToken: 'wrong'}}}),
  'bootstrap token that is wrong': () => ({device, connect: {auth: {bootstrapToken: 'wrong'}}}),
  'control-ui, right token, no device identity': () => ({...page(gateway.port), connect: {auth: right()}}),
  'node role, right token, no device identity': () => ({
    client: {id: 'node-host', mode: 'node'},
    connect: {role: 'node', scopes: [], auth: right()},
  }),
  'device nonce mismatch': () => ({device, connect: {auth: right()}, spoil: proof => Object.assign(proof, {nonce: 'another'})}),
  'device nonce missing': () => ({device, connect: {auth: right()}, spoil: proof => delete proof['nonce']}),
  'device signature expired (1 h old)': () => ({
    device,
    connect: {auth: right()},
    spoil: proof => Object.assign(proof, {signedAt: Date.now() - 3_600_000}),
  }),
  'device signature invalid': () => ({
    device,
    connect: {auth: right()},
    spoil: proof => Object.assign(proof, {signature: 'AAAA'}),
  }),
  'device id mismatch': () => ({device, connect: {auth: right()}, spoil: proof => Object.assign(proof, {id: other.id})}),
  'protocol too old (1..1)': () => ({connect: {minProtocol: 1, maxProtocol: 1, auth: right()}}),
  'protocol too new (99..99)': () => ({connect: {minProtocol: 99, maxProtocol: 99, auth: right()}}),
  'control-ui from a foreign origin': () => ({...page(gateway.port), headers: evil, connect: {auth: right()}, device}),
  'cli client with a foreign Origin header': () => ({headers: evil, connect: {auth: right()}}),
  'first request is not connect': () => ({raw: JSON.stringify({type: 'req', id: 'c1', method: 'health', params: {}})}),
  'connect params invalid (client missing)': () => ({
    raw: JSON.stringify({type: 'req', id: 'c1', method: 'connect', params: {minProtocol: 3, maxProtocol: 4}}),
  }),
  'unknown client id': () => ({client: {id: 'gatecrab'}}),
  'invalid role': () => ({connect: {role: 'emperor', auth: right()}}),
  'not JSON': () => ({raw: 'hello?'}),
  'JSON, but not a request frame': () => ({raw: JSON.stringify({type: 'event', event: 'hi'})}),
  'pre-auth frame of 70 kB': () => ({raw: 'x'.repeat(70_000)}),
  'new device via trusted proxy, remote ip: pairing required': () => ({
    device: other,
    headers: {'X-Forwarded-For': '203.0.113.9'},
    client: {id: 'cli', mode: 'cli'},
    connect: {auth: right()},
  }),
}

const changing = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID'],
  [/"deviceId":"[0-9a-f]{64}"/g, '"deviceId":"ID"'],
] as const
const seen = (value: Omit<Row, 'label'>): unknown =>
  JSON.parse(changing.reduce((text, [from, to]) => text.replace(from, to), JSON.stringify(value)))

const played = rows.filter(({label}) => label in asks)

test('every captured refusal is played, but for those that have tests of their own', () => {
  const unplayed = rows.map(({label}) => label).filter(label => !(label in asks))
  expect(unplayed).toEqual([
    ...['closes 1000', 'closes 1001', 'closes without a code (1005)', 'vanishes (1006)'].map(
      how => `opens, sends nothing, ${how}`,
    ),
    'closes with app code 4999',
    'token_mismatch #4',
  ])
})

test.each(played)('$label', async ({label, ...truth}) => {
  const client = await comeAndGo(gateway, asks[label]?.())
  const answer = await client.answer
  expect(seen({...(await client.closed), error: answer?.error ?? null})).toEqual(seen(truth))
})

test('an address that is not on this machine is locked out after the limit, and a right token does not help it', async () => {
  const headers = {'X-Forwarded-For': '203.0.113.77'}
  for (let attempt = 0; attempt < 10; attempt++) await comeAndGo(gateway, {headers, connect: {auth: wrong}})
  const client = await comeAndGo(gateway, {headers, connect: {auth: right()}})
  const truth = rows.find(({label}) => label === 'token_mismatch #4')
  const error = (await client.answer)?.error as {retryAfterMs: number}
  expect(error.retryAfterMs).toBeGreaterThan(290_000)
  expect({...(await client.closed), error: {...error, retryAfterMs: 0}}).toEqual({
    code: truth?.code,
    reason: truth?.reason,
    error: {...(truth?.error as object), retryAfterMs: 0},
  })
})

test('a page on this machine is locked out too', async () => {
  const ask = {...page(gateway.port), headers: {Origin: 'http://localhost:1'}, device: other, connect: {auth: wrong}}
  for (let attempt = 0; attempt < 10; attempt++) await comeAndGo(gateway, ask)
  const {answer} = await comeAndGo(gateway, ask)
  expect((await answer)?.error).toMatchObject({details: {authReason: 'rate_limited'}})
})

test('proxy headers from an address that is not trusted are turned down before there is a socket', async () => {
  const [own, plain] = [newFolder(), {startMs: 0}]
  const strict = await startDemoGateway({folder: own, timing: plain})
  const client = visit(strict, {headers: {'X-Forwarded-For': '203.0.113.9'}})
  const status = await new Promise(resolve => client.socket.once('unexpected-response', (_, {statusCode}) => resolve(statusCode)))
  expect(status).toBe(403)
  client.socket.terminate()
  await strict.stop()
  rmSync(own, {recursive: true})
})
