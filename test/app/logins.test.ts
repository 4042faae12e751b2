import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {loginLines} from '../../src/app/logins/detail.ts'
import type {ProfilesRead} from '../../src/app/logins/profiles-read.ts'
import {triage} from '../../src/app/logins/triage.ts'
import {chosenLogin} from '../../src/app/panel-view.ts'
import {profileRows, storeProblemCell, stripOf} from '../../src/app/panels/profiles.ts'
import {fieldText, pastedInto} from '../../src/app/plans/fields.ts'
import {emptyFilter} from '../../src/app/rows/filter.ts'
import type {LogLine, ProviderEvent} from '../../src/domain/attempts/event.ts'
import {diagnose} from '../../src/domain/diagnosis/log-problems.ts'
import type {Profile} from '../../src/domain/logins/profile.ts'
import type {Plan} from '../../src/domain/plans/plan.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {at} from '../domain/event-builders.ts'
import {profileOf} from '../domain/profile-builder.ts'
import {having, opened, type Session, typed} from './app-driver.ts'

const dayMs = 86_400_000
const now = at(60)

const profile = (profileId: string, more: Partial<Profile> = {}): Profile =>
  profileOf(profileId, {expiresAt: now + 2 * dayMs, remainingMs: 2 * dayMs, ...more})

const read = (...profiles: Profile[]): ProfilesRead => ({
  profiles,
  agents: [],
  problems: [],
  isWhole: true,
  at: now,
  logNames: new Map(profiles.map(({profileId}, i) => [profileId, `sha256:${String(i).padStart(12, '0')}`])),
})

const copies = {enforced: {}, copies: [], tokenProblems: [], at: now} as never

const onProfiles = (...profiles: Profile[]): Session =>
  typed(having(opened(), {type: 'copies-read', read: copies}, {type: 'profiles-read', read: read(...profiles)}), '4')

const alerts = ({effects}: Session): string[] =>
  effects.flatMap(effect => (effect.type === 'alert' ? [effect.transition.text] : []))

const failure = (event: Partial<ProviderEvent>, seconds = 70): LogLine => ({
  at: at(seconds),
  level: 'warn',
  subsystem: 'agent/embedded',
  text: 'x',
  writer: 'gateway',
  from: {file: 'gateway.jsonl', line: seconds},
  event: {kind: 'provider-trouble', provider: 'xai', model: null, profile: null, status: null, why: null, until: null, ...event},
})

const refreshFailed = (seconds: number) => failure({why: 'OAuth token refresh failed for xai: fetch failed.'}, seconds)

describe('a login that OpenClaw leaves alone', () => {
  const blocked = (reason: string, kind: 'cooldown' | 'disabled' = 'disabled') =>
    profileRows(
      read(profile('acme:key', {state: 'static', blocked: {kind, until: now + 10_800_000, reason, model: null}})),
      emptyFilter,
      now,
      false,
    )
      .rows.rowAt(0)
      .cells.map(({text, role}) => `${text} ${role ?? ''}`.trim())

  test('carries no green tick: billing is a warning, a refusal for good is broken', () => {
    expect(blocked('billing')).toEqual(expect.arrayContaining(['▲ warn', 'disabled warn', 'for 3h warn']))
    expect(blocked('auth_permanent')).toEqual(expect.arrayContaining(['● bad', 'disabled bad']))
    expect(blocked('rate_limit', 'cooldown')).toEqual(expect.arrayContaining(['▲ warn', 'cooldown warn']))
  })

  test('is fine again as soon as that is over', () => {
    const over = profile('acme:key', {
      state: 'static',
      blocked: {kind: 'disabled', until: now - 1, reason: 'billing', model: null},
    })
    expect(profileRows(read(over), emptyFilter, now, false).rows.rowAt(0).cells[0]).toMatchObject({text: '✓', role: 'good'})
  })
})

describe('alerts', () => {
  const turns = (...states: Profile['state'][]): Session =>
    states.reduce(
      (session, state) => having(session, {type: 'profiles-read', read: read(profile('anthropic:manual', {state}))}),
      opened(),
    )

  test('none for how things stand at the start', () => {
    expect(alerts(turns('expired'))).toEqual([])
    expect(alerts(having(opened(), {type: 'lines-received', lines: [refreshFailed(30)]}))).toEqual([])
  })

  test('one for each step down, however often it is judged', () => {
    expect(alerts(turns('ok', 'ok', 'expiring', 'expiring', 'expired', 'expired'))).toEqual([
      'anthropic:manual (agent main) ends soon',
      'anthropic:manual (agent main) has ended',
    ])
    expect(alerts(turns('renews', 'login-lost'))).toEqual([
      'anthropic:manual (agent main) lost its login: somebody must sign in again',
    ])
  })

  test('none for a step up, for one that renews itself, or for one that came new', () => {
    expect(alerts(turns('expired', 'ok', 'renews'))).toEqual([])
    const [none, one] = [read(), read(profile('xai:a', {state: 'expired'}))]
    expect(alerts(having(opened(), {type: 'profiles-read', read: none}, {type: 'profiles-read', read: one}))).toEqual([])
  })

  test('a renewal that failed is said once in an hour', () => {
    const before = having(opened(), {type: 'profiles-read', read: read(profile('xai:default', {type: 'oauth', state: 'renews'}))})
    const result = having(
      before,
      {type: 'lines-received', lines: [refreshFailed(61), refreshFailed(62)]},
      {type: 'lines-received', lines: [refreshFailed(63)]},
    )
    expect(alerts(result)).toEqual(['The renewal of xai:default failed'])
    expect(result.state.notice?.text).toBe('The renewal of xai:default failed')
    const later = having(result, {type: 'ticked', now: now + 3_700_000}, {type: 'lines-received', lines: [refreshFailed(3700)]})
    expect(alerts(later)).toHaveLength(2)
  })

  test('a replay rings no bell', () => {
    const replay = having(opened({kind: 'replay'}), {type: 'lines-received', lines: [refreshFailed(63)]})
    expect(alerts(replay)).toEqual([])
  })
})

describe('the strip of the days to come', () => {
  const ends = (...ends: [number, boolean][]): ProfilesRead =>
    read(...ends.map(([days, renewsItself], i) => profile(`p:${i}`, {expiresAt: now + days * dayMs, renewsItself})))

  test('marks what needs a person above what renews itself', () => {
    const [strip] = stripOf(
      ends([0.4, false], [2.5, true], [2.6, false], [9.1, true], [29.9, false], [30.1, false], [-1, false]),
      now,
      false,
    )
    expect(strip?.text).toBe('30 days |●·●······○···················●|')
  })

  test('in ASCII, with its age', () => {
    const cells = stripOf(ends([0.4, false], [9.1, true]), now + 61_000, true)
    expect(cells.map(({text}) => text)).toEqual([
      '30 days |#........o....................|',
      '# ends o renews itself',
      'read 1m01s ago',
    ])
    expect(stripOf({...ends(), isWhole: false}, now, true).at(-1)).toEqual({text: 'read now, not all of it', role: 'warn'})
    expect(stripOf(null, now, true)).toEqual([])
  })

  test('what could not be read is said above it, by the end of its path', () => {
    const problem = {title: 'The profile store /home/ops/.openclaw/state/openclaw.sqlite is locked', from: 'gateway' as const}
    expect(storeProblemCell({...ends(), problems: [problem]})?.text).toBe('! The profile store …/state/openclaw.sqlite is locked')
    expect(storeProblemCell({...ends(), problems: [problem, problem]})?.text).toMatch(
      /^! 2 problems, gatecrab profiles tells all: The profile/,
    )
    expect(storeProblemCell(ends())).toBe(null)
  })
})

describe('whose failure it is', () => {
  const state = {profiles: read(profile('anthropic:manual', {state: 'expiring'}), profile('xai:a'), profile('xai:b'))}

  test('a hashed name points to its login', () => {
    const event = failure({provider: 'anthropic', profile: 'sha256:000000000000'}).event
    expect(triage(state, event)).toBe(
      'It is about the login anthropic:manual (agent main, expiring): panel 4 shows it, and w there renews it.',
    )
    expect(triage(state, failure({profile: 'sha256:ffffffffffff'}).event)).toBe(
      'It is about a login that is in no store that was read.',
    )
  })

  test('a line that names the provider only points to all of its logins', () => {
    expect(triage(state, failure({}).event)).toBe(
      'The line names no login; xai has xai:a (agent main, ok), xai:b (agent main, ok): see panel 4.',
    )
  })

  test('a real line of a renewal that failed names its login', () => {
    const raw = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/profiles/refresh-failed.jsonl'), 'utf8').trim()
    const line = readLogLine(raw, {file: 'gateway.jsonl', line: 144}, 0, now)
    expect(line.event).toMatchObject({kind: 'provider-trouble', provider: 'xai', profile: 'xai:default'})
    expect(triage({profiles: read(profile('xai:default', {state: 'login-lost'}), profile('xai:other'))}, line.event)).toBe(
      'It is about the login xai:default (agent main, login-lost): panel 4 shows it, and w there renews it.',
    )
  })

  test('the verdict names it, where the log does', () => {
    const world = createWorld()
    applyLine(world, failure({provider: 'anthropic', profile: 'sha256:000000000000', why: 'auth'}))
    const expected = {profiles: state.profiles.profiles, logNames: state.profiles.logNames}
    const [found] = diagnose({world, now: at(80), sources: [], logins: expected})
    expect(found?.because).toContain('It is about anthropic:manual: gatecrab renew anthropic:manual.')
    expect(diagnose({world, now: at(80), sources: []})[0]?.because).not.toContain('It is about')
  })

  test('what is wrong, on the screen and in its report, names it as check does', () => {
    const line = failure({provider: 'anthropic', profile: 'sha256:000000000000', why: 'auth'})
    const seen = having(
      onProfiles(profile('anthropic:manual')),
      {type: 'lines-received', lines: [line]},
      {type: 'ticked', now: at(80)},
    )
    expect(seen.state.assessment.problems.map(({because}) => because).join()).toContain(
      'It is about anthropic:manual: gatecrab renew',
    )
  })

  test('a failure at the gateway points to none', () => {
    expect(triage(state, {kind: 'config-changed', what: 'auth.profiles'})).toBe(null)
    expect(triage(state, null)).toBe(null)
  })
})

const token = `sk-ant-oat01-FAKE${'Q'.repeat(86)}-BB`

const plan: Plan = {
  ...({id: 'x', title: 'Save', because: '', risk: '', interrupts: [], cannotUndo: [], notes: [], cards: []} as unknown as Plan),
  fix: 'renew',
  confirm: 'renew',
  steps: [],
  asks: {secret: {what: 'token', prefix: 'sk-ant-oat01-'}, validFor: '365d', terminal: false, atRisk: []},
}

describe('renewing from the screen', () => {
  const shown = (more = {}): Session =>
    having(
      {...onProfiles(profile('anthropic:manual', {state: 'expired'})), ...more},
      {type: 'renewal-asked', request: {profileId: 'anthropic:manual', agent: 'main', kind: null}},
      {type: 'plan-made', plan},
    )

  test('w asks for the plan of the chosen login', () => {
    const {effects} = typed(onProfiles(profile('anthropic:manual', {state: 'expired'})), 'w')
    expect(effects.at(-1)).toEqual({type: 'make-renewal', request: {profileId: 'anthropic:manual', agent: 'main', kind: null}})
  })

  test.each([
    ['w', profile('openai:a', {type: 'oauth', state: 'renews'}), 'openai:a renews itself'],
    ['w', profile('env:X', {from: 'env', state: 'static'}), 'env:X is a variable, not a saved login'],
    ['d', profile('anthropic:a', {state: 'ok', inUseBy: []}), 'anthropic:a still serves'],
    ['d', profile('anthropic:a', {state: 'expired'}), 'anthropic:a is in use'],
    ['o', profile('anthropic:a', {state: 'expired'}), 'anthropic:a no longer serves'],
  ])('%s says why it cannot act: %#', (key, one, because) => {
    const {state, effects} = typed(onProfiles(one), key)
    expect(state.notice?.text).toContain(because)
    expect(effects).toEqual([])
  })

  test('the palette knows the other ways', () => {
    const session = onProfiles(profile('openai:a', {provider: 'openai', type: 'oauth', state: 'renews'}))
    expect(typed(session, ': "renew login" enter').effects.at(-1)).toEqual({
      type: 'make-renewal',
      request: {profileId: 'openai:a', agent: 'main', kind: 'login'},
    })
    expect(typed(session, ': "renew magic" enter').state.notice?.text).toContain('renew takes one of paste-token')
    expect(typed(session, ': "renew logout" enter').state.notice?.text).toContain('openai:a is in use')
  })

  test('elsewhere it says where the logins are', () => {
    expect(typed(onProfiles(profile('a:b')), '1 w').state.notice?.text).toBe(
      'That is about a login at a model provider: 4 shows them',
    )
    expect(typed(opened({kind: 'replay'}), '4 w').state.notice?.text).toContain('A replay is of the past')
  })

  test('the secret is typed unseen, then its life, then the word; it goes out with the effect and nowhere else', () => {
    const secretTyped = typed(shown(), `"${token}"`)
    expect(fieldText(secretTyped.state.plan!, plan).typed).toBe('•••••••••••• 106')
    expect(JSON.stringify(secretTyped)).not.toContain('QQQQ')
    const run = typed(secretTyped, 'enter enter "renew" enter')
    const effect = run.effects.at(-1)
    expect(effect?.type === 'run-plan' && effect.secret?.reveal()).toBe(token)
    expect(run.state.plan).toMatchObject({phase: 'running', secret: null, typed: ''})
    expect(JSON.stringify(run)).not.toContain('QQQQ')
  })

  test('what cannot be it goes no further', () => {
    const wrong = typed(shown(), '"abc" enter')
    expect([wrong.state.plan?.field, wrong.state.notice?.text]).toEqual([
      'secret',
      'That is no token: this token begins with sk-ant-oat01-',
    ])
    const life = typed(typed(shown(), `ctrl+u "${token}" enter backspace`), '"y" enter')
    expect([life.state.plan?.field, life.state.notice?.text]).toEqual([
      'life',
      expect.stringContaining('How long it is good for'),
    ])
    expect(typed(typed(shown(), `"${token}" enter enter`), '"no" enter').state.notice?.text).toBe('Type the word renew to run it')
  })

  test('a paste goes into the masked field, and presses no keys elsewhere', () => {
    const {state} = shown()
    const pasted = pastedInto(state.plan!, ` ${token}\n`)
    expect(pasted?.type === 'plan-secret-typed' && pasted.secret.reveal()).toBe(token)
    expect(pastedInto({...state.plan!, field: 'word'}, 'renew')).toBe(null)
  })

  test('--readonly shows it and runs nothing', () => {
    const session = shown()
    const {state, effects} = typed({...session, state: {...session.state, readonly: true}}, `"${token}" enter`)
    expect([state.notice?.text, effects.some(({type}) => type === 'run-plan')]).toEqual([
      '--readonly shows plans and runs none',
      false,
    ])
  })
})

test('enter opens all about a login: its evidence, its failures in the log, and what helps', () => {
  const session = typed(
    having(
      onProfiles(
        profile('xai:default', {type: 'oauth', state: 'login-lost', inUseBy: [], expiresAt: null, why: 'A renewal failed.'}),
      ),
      {type: 'lines-received', lines: [refreshFailed(61)]},
    ),
    'enter',
  )
  expect(session.state.overlay).toEqual({kind: 'login', top: 0})
  const text = loginLines(chosenLogin(session.state), session.state)
    .map(({label, text}) => `${label}${text}`.trimEnd())
    .join('\n')
  expect(text).toMatchInlineSnapshot(`
    "xai:default: oauth at xai, kept by agent main

    state         login-lost: A renewal failed.
    ends          not known
    renewed       only by a person
    used by       main; in use now by nobody
    openclaw says ok
    kept in       /s/state/openclaw.sqlite (saved), read now
    in the log    sha256:000000000000

    The log tells of 1 failure of it, 1 renewal among them:
      10:01:01  renewal failed: provider-refresh-network (names the provider only)  gateway.jsonl:61

    What helps
      w  renew it
      d  remove it: it is dead, and nobody would miss it"
  `)
  expect(typed(session, 'w').effects.at(-1)).toMatchObject({type: 'make-renewal'})
  expect(typed(session, 'q').state.overlay).toBe(null)
})
