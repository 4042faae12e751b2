import {describe, expect, test} from 'vitest'
import type {Credential, Usage} from '../../src/domain/logins/credential.ts'
import {adviceFor} from '../../src/domain/logins/login-row.ts'
import {fromNow, loginStateOf} from '../../src/domain/logins/login-state.ts'
import {openclawStatusOf} from '../../src/domain/logins/openclaw-status.ts'
import {blockedNow, isBlockedFor} from '../../src/domain/logins/order.ts'
import {loginRulesOf} from '../../src/domain/logins/release-rules.ts'
import {isSince} from '../../src/domain/release.ts'
import {credential as storedCredential} from './credentials.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const credential = (more: Partial<Credential> = {}): Credential => storedCredential('anthropic:manual', more)

const ending = (ms: number, more: Partial<Credential> = {}): Credential =>
  credential({expires: {kind: 'at', at: now + ms}, ...more})

const login = (ms: number, more: Partial<Credential> = {}): Credential => ending(ms, {type: 'oauth', hasRefresh: true, ...more})

const evaluate = (
  one: Credential,
  more: {release?: string | null; writtenAt?: number | null; usage?: Usage; now?: number} = {},
) =>
  loginStateOf(one, {
    now: more.now ?? now,
    rules: loginRulesOf(more.release ?? null),
    writtenAt: more.writtenAt ?? null,
    usage: more.usage,
  })

const used = (more: Partial<Usage> = {}): Usage => ({lastUsed: 0, windows: [], refusedAt: null, ...more})

describe('the threshold is a day, and counts itself', () => {
  test.each([
    [day + 1, 'ok'],
    [day, 'expiring'],
    [1, 'expiring'],
    [0, 'expired'],
    [-1, 'expired'],
  ])('a token that ends in %i ms is %s, and OpenClaw says so too', (ms, state) => {
    expect(evaluate(ending(ms)).state).toBe(state)
    expect(openclawStatusOf(ending(ms), loginRulesOf(null), now)).toBe(state)
  })

  test.each([
    [day + 1, 'ok'],
    [day, 'renews'],
    [0, 'renews'],
    [-30 * day, 'renews'],
  ])('a login that renews itself and ends in %i ms is %s', (ms, state) => {
    expect(evaluate(login(ms))).toMatchObject({state, renewsItself: true})
  })

  test('the same moment is judged again as time passes', () => {
    const one = ending(25 * hour)
    const states = [0, 2 * hour, 30 * hour].map(later => evaluate(one, {now: now + later}).state)
    expect(states).toEqual(['ok', 'expiring', 'expired'])
  })
})

describe('what a renewal left behind', () => {
  const fence = (kind: 'pending' | 'failed') =>
    credential({type: 'oauth', fence: kind, hasRefresh: true, expires: {kind: 'at', at: 1}})

  test('a failed one is lost under every release', () => {
    for (const release of ['2026.2.26', '2026.5.28', '2026.9.3', '2026.9.4', null])
      expect(evaluate(fence('failed'), {release})).toMatchObject({state: 'login-lost', renewsItself: false})
  })

  test('a pending one is at work for three minutes, and stuck after', () => {
    const at = (ms: number) => evaluate(fence('pending'), {writtenAt: now - ms}).state
    expect([at(0), at(3 * minute), at(3 * minute + 1), at(day)]).toEqual(['renews', 'renews', 'login-lost', 'login-lost'])
  })

  test('a release that knows no fences cannot end one', () => {
    expect(evaluate(fence('pending'), {release: '2026.9.3', writtenAt: now}).state).toBe('login-lost')
    expect(openclawStatusOf(fence('pending'), loginRulesOf('2026.4.15'), now)).toBe('ok')
  })

  test('refused for good after its end: nobody renews it any more', () => {
    expect(evaluate(login(-2 * hour), {usage: used({refusedAt: now - hour})}).state).toBe('login-lost')
    expect(evaluate(login(-2 * hour), {usage: used({refusedAt: now - 3 * hour})}).state).toBe('renews')
    expect(evaluate(login(9 * day), {usage: used({refusedAt: now - hour})}).state).toBe('ok')
  })
})

describe('what cannot be known is not called good', () => {
  const reference = {source: 'env' as const, provider: 'default', name: 'OPS_KEY', found: 'no' as const, place: null}

  test('a reference that leads nowhere, or that only a program could follow', () => {
    const key = credential({type: 'api_key', secret: 'none', reference})
    expect(evaluate(key)).toMatchObject({
      state: 'unverified',
      why: expect.stringContaining('the variable OPS_KEY, which is set neither'),
    })
    const vault = credential({secret: 'none', reference: {...reference, source: 'exec', provider: 'vault', found: 'unasked'}})
    expect(evaluate(vault)).toMatchObject({
      state: 'unverified',
      why: expect.stringContaining('the program vault prints, which gatecrab does not ask'),
    })
  })

  test('an end that is near or past comes before it', () => {
    const states = [-hour, hour, 30 * day].map(ms => evaluate(ending(ms, {secret: 'none', reference})).state)
    expect(states).toEqual(['expired', 'expiring', 'unverified'])
  })

  test('found, it is as good as what refers to it', () => {
    const found = {...reference, found: 'yes' as const, place: '.env'}
    expect(evaluate(ending(30 * day, {secret: 'none', reference: found}))).toEqual({
      state: 'ok',
      why: 'It ends in 30 d; its secret is the variable OPS_KEY, set in .env.',
      renewsItself: false,
    })
  })

  test('another program’s login is neither good nor bad', () => {
    expect(evaluate(login(-day, {isExternal: true})).state).toBe('external')
  })

  test('a sign-in that was never switched on', () => {
    const inactive = login(9 * day, {isInactive: true})
    expect([evaluate(inactive).state, openclawStatusOf(inactive, loginRulesOf('2026.9.6'), now)]).toEqual(['missing', 'missing'])
    expect(adviceFor({credential: inactive, state: 'missing', isRejected: false, agent: null, release: '2026.9.6'})).toContain(
      'models auth activate anthropic:manual',
    )
  })
})

describe('releases', () => {
  test.each([
    ['2026.9.6', '2026.9.6', true],
    ['2026.10.1', '2026.9.6', true],
    ['2027.1.1', '2026.12.31', true],
    ['2026.9.5', '2026.9.6', false],
    ['2026.2.6-3', '2026.2.6', true],
    ['v2026.8.1-beta.2', '2026.8.1', true],
    ['OpenClaw 2026.4.15 (abc)', '2026.4.20', false],
    [null, '2026.9.6', true],
    ['nightly', '2026.9.6', true],
  ])('%s is at least %s: %s', (release, since, is) => {
    expect(isSince(release, since)).toBe(is)
  })

  test('a renewable login past its end: as each release calls it', () => {
    const called = ['2026.1.29', '2026.2.26', '2026.4.15', '2026.4.20', '2026.7.35', '2026.9.6'].map(release =>
      openclawStatusOf(login(-hour), loginRulesOf(release), now),
    )
    expect(called).toEqual(['expired', 'ok', 'ok', 'expired', 'expired', 'expired'])
  })

  test('where the store lies', () => {
    expect(['2026.4.5', '2026.6.1', '2026.6.5', '2026.7.35', '2026.8.1'].map(release => loginRulesOf(release).store)).toEqual([
      'json',
      'json',
      'agent-db',
      'agent-db',
      'shared-db',
    ])
  })

  test('an expiry as text: no end at all before, missing since', () => {
    const text = credential({expires: {kind: 'invalid', as: 'text', meant: null}})
    expect(
      ['2026.3.2', '2026.3.7'].map(release => [
        evaluate(text, {release}).state,
        openclawStatusOf(text, loginRulesOf(release), now),
      ]),
    ).toEqual([
      ['static', 'static'],
      ['missing', 'missing'],
    ])
  })
})

describe('blocks', () => {
  const window = (kind: 'cooldown' | 'disabled' | 'blocked', until: number, model: string | null = null) => ({
    kind,
    until,
    reason: 'rate_limit',
    model,
  })

  test('the one that ends last, past ones never, none for a provider that keeps its own', () => {
    const usage = used({windows: [window('disabled', now + hour), window('cooldown', now + 2 * hour), window('blocked', now)]})
    expect(blockedNow('anthropic', usage, now)?.kind).toBe('cooldown')
    expect(blockedNow('anthropic', usage, now + 2 * hour)).toBeNull()
    expect(blockedNow('openrouter', usage, now)).toBeNull()
    expect(blockedNow('anthropic', undefined, now)).toBeNull()
  })

  test('for one model only', () => {
    const block = window('cooldown', now + hour, 'claude-opus-4-6')
    expect([isBlockedFor(block, 'claude-opus-4-6'), isBlockedFor(block, 'claude-haiku-4-5'), isBlockedFor(block, null)]).toEqual([
      true,
      false,
      true,
    ])
  })
})

test.each([
  [30_000, 'in less than a minute'],
  [59 * minute, 'in 59 min'],
  [47 * hour, 'in 47 h'],
  [48 * hour, 'in 2 d'],
  [-90 * minute, '1 h ago'],
])('%i ms from now is %s', (ms, words) => {
  expect(fromNow(now + ms, now)).toBe(words)
})

describe('what helps', () => {
  const adviceIn = (
    one: Credential,
    state: 'expired' | 'missing' | 'login-lost' | 'ok' | 'renews',
    release: string | null,
    more = {},
  ) => adviceFor({credential: one, state, isRejected: false, agent: null, release, ...more})

  test('always with an end, always for its agent, an id quoted where a shell would stumble', () => {
    const odd = credential({profileId: "anthropic:it's me"})
    expect(adviceIn(odd, 'expired', '2026.9.6', {agent: 'work'})).toBe(
      "Make a token with `claude setup-token`, then `openclaw models auth paste-token --provider anthropic --profile-id 'anthropic:it'\\''s me' --expires-in 365d --agent work`.",
    )
  })

  test('a release that shows what is piped to it is given it in its prompt', () => {
    expect(adviceIn(credential(), 'expired', '2026.5.20')).toContain('in the prompt of')
    expect(adviceIn(credential(), 'expired', '2026.5.28')).not.toContain('prompt')
  })

  test.each([
    [credential({type: 'api_key'}), 'missing', 'paste-api-key --provider anthropic'],
    [login(0), 'login-lost', 'login --provider anthropic'],
    [credential({provider: 'github-copilot'}), 'expired', 'login-github-copilot'],
  ] as const)('%#: %s', (one, state, words) => {
    expect(adviceIn(one, state, '2026.9.6')).toContain(words)
  })

  test('nothing where nothing is to be done', () => {
    expect([adviceIn(credential(), 'ok', null), adviceIn(login(0), 'renews', null)]).toEqual([null, null])
  })
})
