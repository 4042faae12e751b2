import {describe, expect, test} from 'vitest'
import type {ProfilesRead} from '../../src/app/logins/profiles-read.ts'
import {profiles as panel} from '../../src/app/panels/profiles.ts'
import {profilesText} from '../../src/cli/print/profiles-text.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {disabledLogins, loginProblems} from '../../src/domain/diagnosis/login-problems.ts'
import {type Profile, renewalFailureOf} from '../../src/domain/logins/profile.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {at} from '../domain/event-builders.ts'
import {profileOf} from '../domain/profile-builder.ts'
import {having, opened} from './app-driver.ts'

const now = at(600)

const lost = (profileId: string, more: Partial<Profile> = {}): Profile =>
  profileOf(profileId, {
    type: 'oauth',
    state: 'login-lost',
    why: 'A renewal failed and took the refresh token with it: somebody must sign in again.',
    todo: 'Sign in again.',
    openclawSays: 'expired',
    ...more,
  })

/** The words of openclaw/openclaw threads 57107, 82591 and 3.13 to 9.6, in the line that a failed turn writes. */
const codex = (code: string, message: string): string =>
  `OAuth token refresh failed for openai-codex: OpenAI Codex token refresh failed (401): { \\"error\\": { \\"message\\": \\"${message}\\", \\"type\\": \\"invalid_request_error\\", \\"param\\": null, \\"code\\": \\"${code}\\" } }. Please try again or re-authenticate.`

const line = (text: string, n = 1): LogLine =>
  readLogLine(
    `{"0":"{\\"subsystem\\":\\"diagnostic\\"}","1":${JSON.stringify(`lane task error: lane=main durationMs=1251 error="${text}"`)},"_meta":{"logLevelName":"ERROR","name":"{\\"subsystem\\":\\"diagnostic\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:00:0${n}.000Z"}`,
    {file: 'gateway.jsonl', line: n},
    0,
    now,
  )

const worldOf = (...lines: LogLine[]) => {
  const world = createWorld()
  for (const one of lines) applyLine(world, one)
  return world
}

const readOf = (...profiles: Profile[]): ProfilesRead => ({
  profiles,
  agents: [
    {agent: 'main', isRead: true, exit: 1, because: `${profiles[0]?.profileId} is login-lost`, reasons: ['x'], openclaw: null},
  ],
  problems: [],
  isWhole: true,
  at: now,
  logNames: new Map(),
})

describe('why a renewal failed', () => {
  test.each([
    [
      'provider-refresh-token-reused',
      codex(
        'refresh_token_reused',
        'Your refresh token has already been used to generate a new access token. Please try signing in again.',
      ),
      'a login of its own',
    ],
    [
      'provider-refresh-expired',
      codex('token_expired', 'Could not validate your token. Please try signing in again.'),
      'openclaw models auth login --provider openai-codex',
    ],
    [
      'provider-refresh-revoked',
      'OAuth token refresh failed for openai-codex: {"error":"invalid_grant"}. Please try again or re-authenticate.',
      'signed-out devices',
    ],
    ['provider-refresh-sign-in-again', 'OAuth token refresh failed for openai-codex: Please sign in again.', 'in a browser'],
    [
      'provider-refresh-network',
      'OAuth token refresh failed for openai-codex: fetch failed. Please try again or re-authenticate.',
      'Mend the network',
    ],
    [
      'provider-oauth-refresh-failed',
      'OAuth token refresh failed for openai-codex: Failed to refresh OpenAI Codex token. Please try again or re-authenticate.',
      'Sign in again',
    ],
  ])('%s stands in the panel and in the problem, each with its own cure', (reason, text, cure) => {
    const login = lost('openai-codex:default')
    const profiles = readOf(login)
    const found = line(text)
    const world = worldOf(found)
    const input = {...having(opened(), {type: 'profiles-read', read: profiles}).state, world, now}
    const panelSays = panel.view(input, false).selectionAt(0)?.why(input)
    expect(panelSays?.seen).toContain(`the renewal failed 9m59s ago: ${reason}`)
    expect(panelSays?.tryThis).toContain(cure)
    const [problem] = loginProblems(profiles.agents, now, world, profiles)
    expect(problem).toMatchObject({
      id: 'login-gone',
      because: `openai-codex:default is login-lost; the renewal of openai-codex:default failed at 2026-11-21T10:00:01Z: ${reason}`,
    })
    expect(problem?.tryThis).toContain(cure)
  })

  test('is not laid to one of two logins where the line names the provider alone', () => {
    const [one, two] = [lost('xai:a'), lost('xai:b')]
    const world = worldOf(line('OAuth token refresh failed for xai: fetch failed.'))
    expect(renewalFailureOf(world, one, readOf(one, two))).toBeNull()
    expect(renewalFailureOf(world, one, readOf(one))?.reason).toBe('provider-refresh-network')
  })

  test('is no longer told of a login that is well again', () => {
    const well = lost('xai:a', {state: 'ok'})
    expect(renewalFailureOf(worldOf(line('OAuth token refresh failed for xai: fetch failed.')), well, readOf(well))).toBeNull()
  })
})

describe('a login that is disabled for billing', () => {
  const disabled = lost('acme:key', {
    type: 'api_key',
    state: 'static',
    why: 'An API key has no expiry; OpenClaw will not use it for another 3 h (billing).',
    todo: 'Top up the account.',
    blocked: {kind: 'disabled', until: now + 10_800_000, reason: 'billing', model: null},
  })

  test('is a problem while no other serves its agent, and none once the time is over', () => {
    expect(disabledLogins(readOf(disabled), now)).toEqual([
      expect.objectContaining({
        id: 'login-disabled',
        harm: 'broken',
        layer: 'provider',
        about: 'acme:key',
        tryThis: 'Top up the account.',
      }),
    ])
    expect(disabledLogins(readOf(disabled), now + 10_800_001)).toEqual([])
    expect(disabledLogins(readOf({...disabled, inUseBy: []}), now)).toEqual([])
  })

  test('is called disabled by the command too', () => {
    const text = profilesText({
      now,
      warnAfterMs: 1,
      release: '2026.9.6',
      profiles: [disabled],
      agents: [],
      problems: [],
      isWhole: true,
    })
    expect(text).toMatch(/never +disabled +\* acme:key/)
  })
})
