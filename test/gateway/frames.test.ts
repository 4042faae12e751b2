import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {Secret} from '../../src/domain/secret.ts'
import {endOf, type Frame, farewellOf, isWorthReading, readFrame} from '../../src/gateway/frames/frames.ts'
import {connectFrame} from '../../src/gateway/frames/hello.ts'
import {readPresence} from '../../src/gateway/frames/presence.ts'

const folder = path.join(import.meta.dirname, '../fixtures/frames')
const captured = (name: string): string[] =>
  fs
    .readFileSync(path.join(folder, `${name}.ndjson`), 'utf8')
    .trim()
    .split('\n')
const framesIn = (name: string): Frame[] => captured(name).slice(0, -1).map(readFrame)
const only = <K extends Frame['kind']>(frames: readonly Frame[], kind: K): Extract<Frame, {kind: K}>[] =>
  frames.filter((frame): frame is Extract<Frame, {kind: K}> => frame.kind === kind)

describe('a visit to 2026.9.6', () => {
  const frames = framesIn('2026.9.6-in')

  test('every frame is understood', () => {
    expect(frames.map(({kind}) => kind)).toEqual([
      ...['challenge', 'hello', 'health', 'presence', 'presence', 'presence', 'presence', 'tick', 'health', 'shutdown'],
    ])
  })

  test('hello says which process it is, since when, and with which config', () => {
    const [hello] = only(frames, 'hello')
    expect(hello?.hello).toMatchObject({
      version: '2026.9.6',
      protocol: 4,
      scopes: ['operator.read'],
      tickIntervalMs: 30_000,
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      connId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      appliedConfigHash: expect.stringMatching(/^hmac-sha256:/),
      uptimeMs: expect.any(Number),
    })
    expect(hello?.presence?.[0]).toMatchObject({mode: 'gateway', reason: 'self', version: '2026.9.6'})
    expect(hello?.health).toMatchObject({
      ok: true,
      hotReload: 'active',
      pluginErrors: 0,
      eventLoop: {degraded: expect.any(Boolean)},
    })
  })

  test('who comes and goes', () => {
    const lists = only(frames, 'presence').map(({presence}) =>
      presence.map(({clientId, mode, reason}) => [clientId, mode, reason]),
    )
    expect(lists[0]).toContainEqual(['openclaw-macos', 'ui', 'connect'])
    expect(lists[1]).toContainEqual(['openclaw-macos', 'ui', 'disconnect'])
    expect(lists[2]).toContainEqual(['node-host', 'node', 'connect'])
    expect(lists[3]).toContainEqual(['node-host', 'node', 'disconnect'])
  })

  test('its farewell says that it will be back', () => {
    const [farewell] = only(frames, 'shutdown')
    expect(farewell).toEqual({kind: 'shutdown', why: 'gateway restarting', restartExpectedMs: 1500})
    expect(endOf(1012, 'service restart', farewell ? farewellOf(farewell) : null)).toBe('restarting')
  })
})

test('the farewell of a stop is told from that of a restart, though the close is the same', () => {
  const frames = framesIn('2026.9.6-stopped')
  expect(JSON.parse(captured('2026.9.6-stopped').at(-1) ?? '')).toEqual({closed: 1012, reason: 'service restart'})
  const [farewell] = only(frames, 'shutdown')
  expect(endOf(1012, 'service restart', farewell ? farewellOf(farewell) : null)).toBe('stopped')
})

test('a rotation ends with 4001', () => {
  const {closed, reason} = JSON.parse(captured('2026.9.6-rotated').at(-1) ?? '')
  expect(endOf(closed, reason, null)).toBe('token-changed')
})

test.each([
  [1006, '', null, 'cut'],
  [1006, '', {why: 'gateway stopping', restarts: false}, 'stopped'],
  [1012, 'service restart', null, 'restarting'],
  [4001, 'client invalidated: device removed', null, 'closed'],
  [1008, 'slow consumer', null, 'closed'],
] as const)('close %d %s', (code, text, farewell, how) => {
  expect(endOf(code, text, farewell)).toBe(how)
})

test.each([
  ['2026.9.6-wrong-token', 'AUTH_TOKEN_MISMATCH', false, null],
  ['2026.6.11-wrong-token', 'AUTH_TOKEN_MISMATCH', false, null],
  ['2026.9.6-no-token', 'DEVICE_IDENTITY_REQUIRED', false, null],
  ['2026.9.6-starting', 'UNAVAILABLE', true, 500],
])('%s is a refusal: %s', (name, code, later, retryAfterMs) => {
  const [refusal] = only(framesIn(name), 'refusal')
  expect(refusal).toMatchObject({code, later, retryAfterMs})
})

test('releases that give no code are known by their sentence', () => {
  const outputOf = (message: string): Frame =>
    readFrame(JSON.stringify({type: 'res', id: 'connect', ok: false, error: {message}}))
  expect(outputOf('unauthorized: gateway token mismatch (set gateway.remote.token)')).toMatchObject({
    code: 'AUTH_TOKEN_MISMATCH',
    later: false,
  })
  expect(outputOf('device identity required')).toMatchObject({code: 'DEVICE_IDENTITY_REQUIRED'})
})

test('2026.6.11 has no boot id and no config hash, and says so by saying nothing', () => {
  const [hello] = only(framesIn('2026.6.11-in'), 'hello')
  expect(hello?.hello).toMatchObject({version: '2026.6.11', bootId: null, appliedConfigHash: null, scopes: []})
  expect(hello?.presence).toHaveLength(1)
})

test('conversations are not even decoded', () => {
  const chat = JSON.stringify({type: 'event', event: 'chat', payload: {text: 'between the two of us'}, seq: 4})
  expect(isWorthReading(chat.slice(0, 120))).toBe(false)
  for (const line of captured('2026.9.6-in').slice(0, -1)) expect(isWorthReading(line.slice(0, 120))).toBe(true)
})

test('a request to pair is told, whatever kind of device it is', () => {
  expect(
    readFrame('{"type":"event","event":"device.pair.requested","payload":{"requestId":"r1","deviceId":"d1","ts":1}}'),
  ).toEqual({
    kind: 'pairing',
    what: 'device.pair.requested',
    deviceId: 'd1',
    requestId: 'r1',
  })
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"type":"event"}',
  '{"type":"res","id":"9","ok":true}',
  '{"type":"event","event":"nobody.knows"}',
])('what is not understood is no reason to fall: %j', raw => {
  expect(readFrame(raw).kind).toBe('other')
})

test('a list may hold anything', () => {
  const list = readPresence([
    null,
    3,
    {mode: 7, host: 'x'.repeat(5000), reason: 'con\u001b[31mnect', roles: 'none'},
    {clientId: 'cli'},
  ])
  expect(list).toHaveLength(2)
  expect(list?.[0]).toMatchObject({mode: null, reason: 'connect', roles: []})
  expect(list?.[0]?.host?.length).toBeLessThan(300)
  expect(readPresence('nobody')).toBeNull()
})

describe('how we ask to be let in', () => {
  const asked = (release: string | null): {params: Record<string, unknown>} =>
    JSON.parse(connectFrame({token: new Secret('a-token'), version: '1.2.3', platform: 'linux', release}))

  test('under a name that the log shows and that no list keeps', () => {
    expect(asked(null)).toMatchObject({
      method: 'connect',
      params: {
        minProtocol: 3,
        maxProtocol: 4,
        client: {id: 'cli', mode: 'cli', displayName: 'gatecrab', instanceId: 'gatecrab', version: '1.2.3'},
        auth: {token: 'a-token'},
      },
    })
  })

  test.each([
    ['2026.1.29', []],
    ['2026.7.35', []],
    ['2026.8.2', ['operator.read']],
    ['2026.9.6', ['operator.read']],
    [null, ['operator.read']],
  ])('with no more than %s asks for', (release, scopes) => {
    expect(asked(release).params['scopes']).toEqual(scopes)
  })
})
