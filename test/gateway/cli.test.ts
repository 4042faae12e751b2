import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {cleanEnv, isElsewhere, remoteArgv, splitCommand, tokenBatch, tokenPatch} from '../../src/gateway/cli.ts'
import {readHealth, readRestart, readVersion} from '../../src/gateway/cli-output.ts'
import {knownReleases, releaseRulesOf} from '../../src/gateway/versions.ts'

const captured = (name: string): string =>
  fs.readFileSync(path.join(import.meta.dirname, '../fixtures/stubs/captures', `${name}.json`), 'utf8')

describe('what a restart came to', () => {
  test.each([
    ['2026.1.29-gateway-restart-noservice-running', 'no-service-manager'],
    ['2026.3.13-gateway-restart-noservice-running', 'not-loaded'],
    ['2026.6.11-gateway-restart-noservice-running', 'not-loaded'],
    ['2026.8.2-gateway-restart-noservice-running', 'restarted'],
    ['2026.9.6-gateway-restart-foreground', 'restarted'],
    ['2026.9.6-gateway-restart-safe-foreground', 'scheduled'],
    ['2026.9.6-gateway-restart-stopped-noservice', 'isolated'],
    ['2026.9.6-launchd-shim-restart', 'nothing-signalled'],
    ['2026.9.6-launchd-shim-restart3', 'restarted'],
    ['2026.2.26-launchd-shim-restart3', 'not-loaded'],
    ['2026.2.26-systemd-shim-restart-token-drift-warning', 'restarted'],
    ['2026.8.2-launchd-shim-restart', 'restarted'],
  ])('%s', (name, result) => {
    expect(readRestart(captured(name), '').result).toBe(result)
  })

  test.each([
    ['Bootstrap failed: 5: Input/output error', 'left-stopped'],
    ['Bootstrap failed: 125: Domain does not support specified action', 'no-login'],
    ['SystemLaunchDaemonOwnershipError: …', 'other-owner'],
    ['something new', 'failed'],
  ])('%s', (error, result) => {
    expect(readRestart(JSON.stringify({action: 'restart', ok: false, error}), '').result).toBe(result)
  })

  test('words instead of a document', () => {
    expect(readRestart('', 'Bootstrap failed: 5: Input/output error')).toMatchObject({result: 'left-stopped'})
    expect(readRestart('', '')).toMatchObject({result: 'unclear', words: 'it printed nothing'})
  })

  test('warnings around the document do not hide it', () => {
    const text = `Warning: {odd} things\n${captured('2026.9.6-gateway-restart-foreground')}\ndone\n`
    expect(readRestart(text.slice(text.indexOf('\n')), '').result).toBe('restarted')
  })
})

describe('what the other commands print', () => {
  test('health', () => {
    expect(readHealth(captured('2026.9.6-gateway-health'))).toEqual({ok: true, because: null})
    expect(readHealth(captured('2026.9.6-gateway-health-token-mismatch'))).toMatchObject({
      ok: false,
      because: expect.stringContaining('token mismatch'),
    })
    expect(readHealth(captured('2026.9.6-gateway-health-stopped'))).toMatchObject({ok: false})
    expect(readHealth('no such command')).toBeNull()
  })

  test('version', () => {
    expect(readVersion('OpenClaw 2026.9.6 (eb377ac)\n')).toBe('2026.9.6')
    expect(readVersion('2026.2.6-3\n')).toBe('2026.2.6-3')
    expect(readVersion('')).toBeNull()
  })
})

describe('the document in what a command printed', () => {
  test('is found among warnings that have brackets too', () => {
    expect(readHealth('warning: {x}\n{"ok":true}\nbye }')).toEqual({ok: true, because: null})
    expect(readHealth('{"ok":false,"error":{"message":"a \\"}{ b"}} and more')).toEqual({ok: false, because: 'a "}{ b'})
  })

  test('is none where it breaks off: a part of it is not taken for the whole', () => {
    expect(readHealth('{\n  "probe":\n{"ok":true},\n')).toEqual({ok: true, because: null})
    expect(readHealth('{"probe":{"ok":true},')).toBeNull()
  })

  test('is looked for once, however many brackets there are', () => {
    expect(readHealth(`{"a":"${'{}'.repeat(400_000)}`)).toBeNull()
  })
})

describe('how commands are called', () => {
  test('several words, with quotes', () => {
    expect(splitCommand('docker exec -i gw openclaw')).toEqual(['docker', 'exec', '-i', 'gw', 'openclaw'])
    expect(splitCommand('"/opt/my tools/openclaw" --x \'a b\'')).toEqual(['/opt/my tools/openclaw', '--x', 'a b'])
  })

  test('a command that reaches elsewhere is known as such', () => {
    expect(isElsewhere(['/usr/bin/docker', 'exec'])).toBe(true)
    expect(isElsewhere(['/usr/local/bin/openclaw'])).toBe(false)
  })

  test('a child speaks of this gateway and with no token of ours', () => {
    const env = {
      PATH: '/bin',
      OPENCLAW_GATEWAY_TOKEN: 'a',
      OPENCLAW_GATEWAY_PASSWORD: 'b',
      OPENCLAW_GATEWAY_URL: 'c',
      CLAWDBOT_GATEWAY_TOKEN: 'd',
      OPENCLAW_DISABLE_BONJOUR: '1',
      EMPTY: undefined,
    }
    expect(cleanEnv(env, {OPENCLAW_CONFIG_PATH: '/c'})).toEqual({
      PATH: '/bin',
      OPENCLAW_DISABLE_BONJOUR: '1',
      OPENCLAW_CONFIG_PATH: '/c',
      NO_COLOR: '1',
    })
  })

  test('what is fed to them', () => {
    expect(JSON.parse(tokenPatch('t"x'))).toEqual({gateway: {auth: {token: 't"x'}}})
    expect(JSON.parse(tokenBatch('t'))).toEqual([{path: 'gateway.auth.token', value: 't'}])
  })

  test('a host cannot pass for an option of ssh', () => {
    expect(remoteArgv('-oProxyCommand=x', []).slice(-3, -1)).toEqual(['--', '-oProxyCommand=x'])
  })
})

describe('the table of releases', () => {
  test('before 2026.7.35 its commands were seen to pair themselves: 2026.2.19 and 2026.3.28 to administer, later ones to read', () => {
    const pairing = ['2026.2.26', '2026.3.28', '2026.4.29', '2026.5.12', '2026.6.11', '2026.7.35', '2026.9.6'].map(
      release => releaseRulesOf(release).pairsItself,
    )
    expect(pairing).toEqual([true, true, true, true, true, false, false])
  })

  test('every row knows itself, and what lies between goes by the row before', () => {
    expect(knownReleases.map(release => releaseRulesOf(release).since)).toEqual(knownReleases)
    expect(releaseRulesOf('2026.6.11')).toMatchObject({since: '2026.5.28', isKnown: true, writes: 'patch-stdin'})
    expect(releaseRulesOf('2026.2.6-3')).toMatchObject({since: '2026.1.29', isKnown: true, writes: 'edit', reinstalls: true})
    expect(releaseRulesOf('2026.10.1')).toMatchObject({since: '2026.9.6', isKnown: false, follows: 'hot'})
    expect(releaseRulesOf('2025.12.1')).toMatchObject({since: '2026.1.29', isKnown: false, writes: 'edit'})
  })
})
