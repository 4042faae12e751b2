import {describe, expect, test} from 'vitest'
import type {Profile} from '../../src/domain/logins/profile.ts'
import {formatLifetime, parseLifetime, secretProblem} from '../../src/domain/logins/renewal.ts'
import {rightKind, whyUnfit} from '../../src/domain/plans/renewal/choice.ts'
import {loginCli} from '../../src/gateway/logins/cli-login.ts'
import {profileOf} from './profile-builder.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

const profile = (found: Partial<Profile>): Profile =>
  profileOf('anthropic:manual', {inUseBy: [], state: 'expired', why: 'It ended.', openclawSays: null, ...found})

const hostEnvOf = (found: Partial<Profile>, more: {isInactive?: boolean; isLeftover?: boolean} = {}) => ({
  profile: profile(found),
  isInactive: false,
  isLeftover: false,
  now,
  ...more,
})

const chosen = (found: Partial<Profile>, more?: {isInactive?: boolean; isLeftover?: boolean}): string => {
  const kind = rightKind(hostEnvOf(found, more))
  return typeof kind === 'string' ? kind : kind.refused.title
}

const blocked = (reason: string) => ({blocked: {kind: 'disabled' as const, until: now + 60_000, reason, model: null}})

describe('the right renewal for each state', () => {
  test.each<[Partial<Profile>, string]>([
    [{state: 'expired'}, 'paste-token'],
    [{state: 'expiring'}, 'paste-token'],
    [{state: 'missing'}, 'paste-token'],
    [{state: 'ok'}, 'paste-token'],
    [{type: 'api_key', state: 'missing'}, 'paste-api-key'],
    [{type: 'api_key', state: 'static'}, 'paste-api-key'],
    [{type: 'api_key', state: 'static', ...blocked('auth_permanent')}, 'paste-api-key'],
    [{type: 'oauth', state: 'expired'}, 'login'],
    [{type: 'oauth', state: 'login-lost'}, 'login'],
    [{type: 'oauth', state: 'missing'}, 'login'],
    [{type: 'oauth', state: 'renews', ...blocked('session_expired')}, 'login'],
    [{type: 'oauth', state: 'renews'}, 'anthropic:manual renews itself'],
    [{type: 'oauth', state: 'ok'}, 'anthropic:manual renews itself'],
    [{provider: 'github-copilot', type: 'token', state: 'static'}, 'copilot'],
    [
      {type: 'api_key', state: 'static', ...blocked('billing')},
      'anthropic:manual is not expired: OpenClaw will not use it for another a while (billing)',
    ],
    [
      {state: 'ok', ...blocked('rate_limit')},
      'anthropic:manual is not expired: OpenClaw will not use it for another a while (rate_limit)',
    ],
    [{state: 'unverified'}, 'anthropic:manual is a reference, which a literal must not replace'],
    [{state: 'unknown'}, 'OpenClaw does not use anthropic:manual'],
    [
      {from: 'env', profileId: 'env:ANTHROPIC_API_KEY', state: 'static'},
      'env:ANTHROPIC_API_KEY is a variable, not a saved login',
    ],
    [{from: 'external', state: 'external'}, 'anthropic:manual belongs to another program'],
    [{store: {kind: 'cli', path: null}}, 'The store of anthropic:manual cannot be read'],
    [{profileId: '--force'}, 'Its name begins with a dash'],
  ])('%j', (found, kind) => {
    expect(chosen(found)).toBe(kind)
  })

  test('what was saved and never switched on, and what was left behind', () => {
    expect(chosen({state: 'missing'}, {isInactive: true})).toBe('activate')
    expect(chosen({state: 'missing'}, {isLeftover: true})).toBe('anthropic:manual has not been migrated')
  })
})

test.each<['logout' | 'order' | 'paste-token' | 'setup-token' | 'copilot', Partial<Profile>, string | null]>([
  ['logout', {state: 'expired'}, null],
  ['logout', {state: 'expired', inUseBy: ['main']}, 'anthropic:manual is in use'],
  ['logout', {state: 'expired', inUseBy: ['main'], hidesShared: true}, null],
  ['logout', {state: 'ok'}, 'anthropic:manual still serves'],
  ['order', {state: 'ok'}, null],
  ['order', {state: 'expired'}, 'anthropic:manual no longer serves'],
  ['paste-token', {type: 'oauth', state: 'expired'}, 'anthropic:manual is an OAuth login'],
  ['setup-token', {provider: 'openai'}, 'setup-token is for Anthropic'],
  ['copilot', {}, 'That is the login of GitHub Copilot'],
])('%s of %j', (kind, found, title) => {
  expect(whyUnfit(kind, hostEnvOf(found))?.refused.title ?? null).toBe(title)
})

test.each<[string, number | null]>([
  ['365d', 365 * 86_400_000],
  ['12h', 12 * 3_600_000],
  ['1.5h', 5_400_000],
  ['30m', 1_800_000],
  ['12', 12 * 86_400_000],
  ['1w', null],
  ['1y', null],
  ['0', null],
  ['-3d', null],
  ['', null],
  ['1e9d', null],
])('a life of %j', (text, ms) => {
  expect(parseLifetime(text)).toBe(ms)
})

test('a rest of life is given in whole minutes', () => {
  expect([formatLifetime(3_600_000), formatLifetime(119_000), formatLifetime(5)]).toEqual(['60m', '1m', '1m'])
})

test.each([
  ['', 'no API key was given'],
  ['a b', 'an API key has no white space in it'],
  ['schlüssel', 'an API key has only ASCII characters'],
  ['abc', null],
])('%j as a key', (text, failure) => {
  expect(secretProblem(text, {what: 'API key', prefix: null})).toBe(failure)
})

const argv = (
  release: string | null,
  kind: 'paste-token' | 'paste-api-key' | 'login' | 'logout' | 'order',
  agent: string | null = 'work',
) =>
  loginCli(['openclaw'], {
    release,
    provider: 'anthropic',
    profileId: 'anthropic:a',
    agent,
    validFor: '30d',
    order: ['anthropic:a'],
    deviceCode: false,
  })[kind]

describe('the command of each release', () => {
  test('where the agent stands, and whether a secret may be piped', () => {
    const named = ['--provider', 'anthropic', '--profile-id', 'anthropic:a', '--expires-in', '30d']
    expect(argv('2026.9.6', 'paste-token')).toEqual({
      argv: ['openclaw', 'models', 'auth', 'paste-token', ...named, '--agent', 'work'],
      speaks: false,
    })
    expect(argv('2026.6.11', 'paste-token')).toEqual({
      argv: ['openclaw', 'models', 'auth', '--agent', 'work', 'paste-token', ...named],
      speaks: false,
    })
    expect(argv('2026.5.28', 'paste-token', null)?.speaks).toBe(false)
    for (const echoes of ['2026.5.20', '2026.4.15', '2026.1.29', null])
      expect(argv(echoes, 'paste-token', null)).toEqual({
        argv: ['openclaw', 'models', 'auth', 'paste-token', ...named],
        speaks: true,
      })
  })

  test('what a release does not have', () => {
    expect([argv('2026.5.20', 'paste-api-key'), argv('2026.7.35', 'logout'), argv(null, 'logout')]).toEqual([null, null, null])
    expect(argv('2026.8.2', 'logout')?.argv).toEqual([
      'openclaw',
      'models',
      'auth',
      'logout',
      'anthropic:a',
      '--yes',
      '--agent',
      'work',
    ])
    expect(argv('2026.3.13', 'login', null)?.argv).toEqual(['openclaw', 'models', 'auth', 'login', '--provider', 'anthropic'])
  })

  test('a container is asked for a terminal where the command speaks with a person', () => {
    const cli = loginCli(['docker', 'exec', '-i', 'gw', 'openclaw'], {
      ...{release: '2026.9.6', provider: 'xai', profileId: 'xai:a', agent: null, validFor: '1d', order: [], deviceCode: true},
    })
    expect(cli.login?.argv.slice(0, 5)).toEqual(['docker', 'exec', '-it', 'gw', 'openclaw'])
    expect(cli.login?.argv.at(-1)).toBe('--device-code')
    expect(cli['paste-token']?.argv.slice(0, 5)).toEqual(['docker', 'exec', '-i', 'gw', 'openclaw'])
    expect(cli.order?.argv.slice(5)).toEqual(['models', 'auth', 'order', 'clear', '--provider', 'xai'])
  })
})
