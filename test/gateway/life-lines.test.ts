import {describe, expect, test} from 'vitest'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

const eventOf = (subsystem: string, text: string, meta?: object, name = 'x') =>
  readLogLine(
    JSON.stringify({
      '0': JSON.stringify({subsystem}),
      ...(meta === undefined ? {'1': text} : {'1': meta, '2': text}),
      _meta: {logLevelName: 'INFO', name, parentNames: ['openclaw']},
      time: '2026-11-21T11:00:00Z',
    }),
    {file: 'log', line: 1},
    0,
    0,
  ).event

describe("the gateway's own life", () => {
  test.each([
    ['gateway', 'loading configuration…', {kind: 'gateway-starting'}],
    [
      'gateway',
      'listening on ws://127.0.0.1:19421, ws://[::1]:19421 (PID 22459)',
      {kind: 'gateway-listening', port: 19421, pid: 22459},
    ],
    ['gateway', 'listening on ws://0.0.0.0:18789 (PID 7)', {kind: 'gateway-listening', port: 18789, pid: 7}],
    ['gateway', 'http server listening (14 plugins: anthropic; 2.7s)', {kind: 'gateway-listening', port: null, pid: null}],
    ['gateway', 'gateway ready', {kind: 'gateway-ready'}],
    ['gateway', 'ready', {kind: 'gateway-ready'}],
    ['gateway', 'received SIGTERM; shutting down', {kind: 'gateway-stopping', signal: 'SIGTERM', restart: false}],
    ['gateway', 'received SIGUSR2; restarting', {kind: 'gateway-stopping', signal: 'SIGUSR2', restart: true}],
    [
      'gateway',
      'ws upgrade error from 192.0.2.7: socket hang up',
      {kind: 'upgrade-failed', remote: '192.0.2.7', because: 'socket hang up'},
    ],
    ['gateway/shutdown', 'shutdown completed cleanly in 87ms', {kind: 'gateway-stopped', clean: true}],
    ['gateway/shutdown', 'completed cleanly in 87ms', {kind: 'gateway-stopped', clean: true}],
    ['gateway', 'shutdown timed out; exiting without full cleanup', {kind: 'gateway-stopped', clean: false}],
    [
      'gateway',
      'restart mode: full process restart (spawned pid 31023)',
      {kind: 'gateway-respawned', how: 'full process restart', pid: 31023},
    ],
    [
      'gateway',
      'restart mode: in-process restart (no supervisor)',
      {kind: 'gateway-respawned', how: 'in-process restart', pid: null},
    ],
    [
      'gateway/reload',
      'config change detected; evaluating reload (gateway.auth.token)',
      {kind: 'config-changed', what: 'gateway.auth.token'},
    ],
    ['gateway/reload', 'config hot reload applied (gateway.auth.token)', {kind: 'config-applied', what: 'gateway.auth.token'}],
    [
      'gateway/reload',
      'config change requires gateway restart (gateway.http)',
      {kind: 'config-needs-restart', what: 'gateway.http'},
    ],
    [
      'gateway',
      'device pairing auto-approved device=7ec5 role=operator',
      {kind: 'device-paired', device: '7ec5', role: 'operator', auto: true},
    ],
    ['gateway', 'device pairing approved device=7ec5', {kind: 'device-paired', device: '7ec5', role: null, auto: false}],
  ])('%s: %s', (subsystem, text, event) => {
    expect(eventOf(subsystem, text)).toEqual(event)
  })

  test('another subsystem that says the same words is not the gateway', () => {
    expect(eventOf('plugins/x', 'gateway ready')).toBeNull()
    expect(eventOf('agent/embedded', 'received SIGTERM; shutting down')).toBeNull()
  })

  test('a second gateway that could not start says so without a subsystem', () => {
    const line = readLogLine(
      '2026-11-21T10:29:39.272+00:00 Gateway failed to start: gateway already running (pid 27668)',
      {file: 'log', line: 1},
      0,
      0,
    )
    const bare = readLogLine('Gateway failed to start: gateway already running (pid 27668)', {file: 'log', line: 1}, 0, 0)
    expect(bare.event).toEqual({kind: 'gateway-start-failed', because: 'gateway already running (pid 27668)'})
    expect(line.text).toContain('Gateway failed to start')
  })
})

describe('a provider', () => {
  test('that answers 401 or 429 is in trouble, one that answers 200 is not', () => {
    const outputOf = (status: number) =>
      eventOf('provider-transport-fetch', `[model-fetch] response provider=acme api=x model=m-1 status=${status} elapsedMs=9`)
    expect(outputOf(401)).toMatchObject({kind: 'provider-trouble', provider: 'acme', model: 'm-1', status: 401})
    expect(outputOf(429)).toMatchObject({status: 429})
    expect(outputOf(200)).toBeNull()
  })

  test('whose login is missing or lost is in trouble', () => {
    expect(eventOf('diagnostic', 'lane task error: error="No API key found for provider "openai""')).toMatchObject({
      kind: 'provider-trouble',
      provider: 'openai',
    })
    expect(eventOf('agent/embedded', 'OAuth token refresh failed for anthropic: 400')).toMatchObject({
      kind: 'provider-trouble',
      provider: 'anthropic',
    })
  })

  test('whose profile cools down says until when', () => {
    const meta = {
      event: 'auth_profile_failure_state_updated',
      provider: 'acme',
      profileId: 'sha256:934514f17a7a',
      reason: 'rate_limit',
      cooldownUntil: 1_795_257_036_753,
    }
    expect(eventOf('agent/embedded', 'auth profile failure state updated', meta)).toMatchObject({
      provider: 'acme',
      profile: 'sha256:934514f17a7a',
      why: 'rate_limit',
      until: 1_795_257_036_753,
    })
  })
})

describe('a line of a connection', () => {
  const conn = '1b9d24bb-0091-4331-abed-7704a8063016'

  test.each([
    [
      `node version mismatch conn=${conn} client=studio-mini clientVersion=2026.9.5 gatewayVersion=2026.9.6; closing for supervisor restart`,
      {kind: 'refused', conn, facts: {cause: 'client-version-mismatch'}},
    ],
    [
      `legacy node protocol accepted conn=${conn} client=node-host v2026.7.1 min=3 max=3 current=4; upgrade recommended`,
      {kind: 'mentioned', conn, facts: {client: {id: 'node-host'}}},
    ],
    [
      `error conn=${conn} remote=127.0.0.1: Invalid WebSocket frame: RSV2 and RSV3 must be clear`,
      {kind: 'mentioned', conn, facts: {detail: 'bad-frame'}},
    ],
  ])('%s', (text, events) => {
    expect(eventOf('gateway/ws', text)).toMatchObject(events)
  })
})
