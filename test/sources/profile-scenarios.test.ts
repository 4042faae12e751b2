import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {profilesFor} from '../../src/domain/logins/login-row.ts'
import {profileExitCode} from '../../src/domain/logins/profile-report.ts'
import {boardAt, fixtures, json, named, type Scenario, scenario} from './profile-host.ts'

type Listed = {profileId: string; status: string; expiresAt?: number}
type Unusable = {profileId: string; until: number; reason?: string}

const agentOf = (file: string): string => /models-status\.(\w+)\.json/.exec(file)?.[1] ?? 'main'

const checkExit = ({runs}: Scenario, agent: string): number | undefined =>
  runs.find(({cmd}) => cmd.includes('--check') && (cmd.includes(`--agent ${agent}`) || !cmd.includes('--agent')))?.rc

const events = ['01-healthy', '02-expiring', '03-expired', '04-garbage', '05-agents', '06-cooldowns', '07-refs-env'].flatMap(
  name =>
    fs
      .readdirSync(path.join(fixtures, name, 'out'))
      .filter(file => file.startsWith('models-status'))
      .map(file => [name, file] as const),
)

describe('beside what OpenClaw itself printed', () => {
  test.each(events)('%s %s: every status, every end, every block, the exit of --check', async (name, file) => {
    const found = scenario(name)
    const board = await boardAt(found)
    const agent = agentOf(file)
    const own = profilesFor(board.profiles, agent)
    const {auth} = json(fixtures, name, 'out', file)
    const listed: Listed[] = auth.oauth.profiles
    const ours = own
      .filter(({openclawSays}) => openclawSays !== null)
      .map(({profileId, openclawSays}) => [profileId, openclawSays])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(listed.map(({profileId, status}) => [profileId, status])))
    for (const {profileId, expiresAt} of listed) {
      if (expiresAt !== undefined) expect(named({profiles: own}, profileId).expiresAt, profileId).toBe(expiresAt)
    }
    const blocked = own.flatMap(({profileId, blocked}) => (blocked ? [[profileId, blocked.until]] : []))
    const unusable: Unusable[] = auth.unusableProfiles
    expect(Object.fromEntries(blocked)).toEqual(Object.fromEntries(unusable.map(({profileId, until}) => [profileId, until])))
    expect(board.agents.find(report => report.agent === agent)?.openclaw?.exit).toBe(checkExit(found, agent))
  })
})

const statesIn = async (name: string) => {
  const board = await boardAt(scenario(name))
  return {board, states: Object.fromEntries(board.profiles.map(({agent, profileId, state}) => [`${agent} ${profileId}`, state]))}
}

test('01: all is well', async () => {
  const {board, states} = await statesIn('01-healthy')
  expect(states).toEqual({
    'main anthropic:manual': 'ok',
    'main openai:ops@example.com': 'ok',
    'main google:manual': 'static',
    'main github-copilot:github': 'static',
  })
  expect([profileExitCode(board), board.problems]).toEqual([0, []])
})

test('02: what renews itself is no alarm', async () => {
  const {board, states} = await statesIn('02-expiring')
  expect(states).toEqual({
    'main anthropic:manual': 'expiring',
    'main anthropic:spare': 'ok',
    'main openai:ops@example.com': 'renews',
    'main xai:default': 'renews',
    'main minimax-portal:default': 'expiring',
    'main google:manual': 'static',
  })
  expect(board.profiles.filter(({renewsItself}) => renewsItself).map(({profileId}) => profileId)).toEqual([
    'xai:default',
    'openai:ops@example.com',
  ])
  expect(profileExitCode(board)).toBe(2)
})

test('03: past, lost, and merely asleep', async () => {
  const {board, states} = await statesIn('03-expired')
  expect(states).toEqual({
    'main anthropic:manual': 'expired',
    'main openai:ops@example.com': 'renews',
    'main xai:default': 'expired',
    'main minimax-portal:default': 'login-lost',
    'main google:manual': 'static',
  })
  const manual = named(board, 'anthropic:manual')
  expect(manual.remainingMs).toBe(-2 * 86_400_000)
  expect(manual.why).toBe('It ended 2 d ago, and a token does not renew itself.')
  expect(named(board, 'minimax-portal:default')).toMatchObject({expiresAt: null, remainingMs: null, renewsItself: false})
  expect(profileExitCode(board)).toBe(1)
})

test('04: each odd row is named, and each odd expiry is a problem', async () => {
  const {board, states} = await statesIn('04-garbage')
  const state = (variant: string) => states[`main anthropic:${variant}`]
  expect(Object.keys(states)).toHaveLength(44)
  for (const variant of ['no-provider', 'non-object', 'type-aws-sdk', 'type-garbage'])
    expect(state(variant), variant).toBe('unknown')
  for (const variant of [
    'tok-zero',
    'tok-neg',
    'tok-null',
    'tok-iso',
    'tok-huge',
    'oau-zero',
    'oau-noexp',
    'api-blank',
    'oau-nothing',
  ])
    expect(state(variant), variant).toBe('missing')
  expect([state('tok-seconds'), state('oau-seconds')]).toEqual(['expired', 'renews'])
  expect([state('api-keyRef-env-unset'), state('tok-tokenRef-env-unset')]).toEqual(['unverified', 'unverified'])
  expect([state('oau-fence-failed'), state('oau-no-access'), state('oau-past')]).toEqual(['login-lost', 'renews', 'renews'])
  const titles = board.problems.map(({title}) => title).join('\n')
  expect(titles).toContain('OpenClaw drops 4 of the rows')
  expect(titles).toContain('The expiry of anthropic:tok-seconds seems to be stored in seconds')
  expect(titles).toContain('The expiry of anthropic:tok-iso is stored as text')
  expect(titles).toContain('The expiry of anthropic:tok-zero is stored as 0')
  expect(titles).toContain('The expiry of anthropic:tok-expiresAt-field is not read')
})

test('05: inherited rows once, and the local one that hides a good one is named', async () => {
  const {board} = await statesIn('05-agents')
  expect(board.profiles).toHaveLength(6)
  expect(named(board, 'google:manual')).toMatchObject({agent: 'main', usedBy: ['main', 'work', 'home', 'lab'], from: 'saved'})
  expect(named(board, 'anthropic:manual', 'main').usedBy).toEqual(['main', 'home', 'lab'])
  const hiding = named(board, 'anthropic:manual', 'work')
  expect(hiding).toMatchObject({state: 'expired', usedBy: ['work'], inUseBy: ['work']})
  expect(hiding.why).toContain('it hides the shared one of that name, which is good')
  expect(hiding.todo).toContain('--agent work')
  expect(board.problems.map(({title}) => title)).toEqual(['Agent work does not see the good shared anthropic:manual'])
  expect(board.agents.map(({agent, exit, openclaw}) => [agent, exit, openclaw?.exit])).toEqual([
    ['main', 0, 0],
    ['work', 1, 1],
    ['home', 0, 0],
    ['lab', 0, 2],
  ])
  expect(profilesFor(board.profiles, 'home').map(({agent, profileId, from}) => [agent, profileId, from])).toEqual([
    ['home', 'openai:ops@example.com', 'inherited'],
    ['home', 'anthropic:manual', 'inherited'],
    ['home', 'anthropic:backup', 'inherited'],
    ['home', 'google:manual', 'inherited'],
  ])
})

test('06: blocks with their reason, past ones gone, those of a provider that keeps its own limits left out', async () => {
  const {board} = await statesIn('06-cooldowns')
  const blocks = Object.fromEntries(
    board.profiles.map(({profileId, blocked}) => [profileId, blocked && [blocked.kind, blocked.reason, blocked.model]]),
  )
  expect(blocks).toEqual({
    'anthropic:manual': ['cooldown', 'rate_limit', null],
    'anthropic:modelscoped': ['cooldown', 'rate_limit', 'claude-opus-4-6'],
    'anthropic:paid': ['disabled', 'billing', null],
    'anthropic:past': null,
    'google:manual': ['cooldown', 'auth', null],
    'openai:ops@example.com': ['blocked', 'subscription_limit', null],
    'openrouter:manual': null,
    'xai:default': ['disabled', 'auth_permanent', null],
  })
  expect(named(board, 'anthropic:past').inUseBy).toEqual(['main'])
  expect(named(board, 'xai:default').todo).toContain('models auth login --provider xai')
  expect(named(board, 'anthropic:paid').todo).toMatch(/^Top up the account at the provider, then wait/)
  expect(named(board, 'anthropic:past').todo).toBeNull()
})

test('06: a day later every window is past', async () => {
  const found = scenario('06-cooldowns')
  const board = await boardAt({...found, now: found.now + 86_400_000})
  expect(board.profiles.filter(({blocked}) => blocked !== null)).toEqual([])
})

test('07: references are followed as far as they go, variables are rows of their own', async () => {
  const {board, states} = await statesIn('07-refs-env')
  expect(states).toEqual({
    'main anthropic:ref-env-set': 'static',
    'main anthropic:ref-env-unset': 'unverified',
    'main anthropic:ref-file': 'ok',
    'main anthropic:ref-file-missing': 'unverified',
    'main openai:ref-oauth': 'unverified',
    'main env:GEMINI_API_KEY': 'static',
    'main env:HF_TOKEN': 'static',
    'main env:NVIDIA_API_KEY': 'static',
  })
  expect(named(board, 'env:GEMINI_API_KEY')).toMatchObject({from: 'env', provider: 'google', inUseBy: ['main']})
  expect(named(board, 'env:HF_TOKEN').store).toMatchObject({kind: 'env', path: expect.stringMatching(/\.env$/)})
  expect(named(board, 'env:NVIDIA_API_KEY').store).toMatchObject({path: expect.stringMatching(/openclaw\.json$/)})
})

test('08: left behind is not expired, it waits for the doctor', async () => {
  const {board, states} = await statesIn('08-unmigrated-json')
  expect(states).toEqual({'main anthropic:manual': 'missing', 'main google:manual': 'missing'})
  for (const profile of board.profiles) {
    expect(profile.todo).toMatch(/Keep a copy of the config and the profile stores.*`cp -pR .*openclaw doctor --fix.*loses one/)
    expect(profile).toMatchObject({openclawSays: null, store: {kind: 'json'}})
  }
  expect(board.problems.map(({title}) => title)).toEqual(['The profiles of agent main have not been migrated'])
  expect(profileExitCode(board)).toBe(1)
})

test('08: to a release that reads that file it is the store', async () => {
  const board = await boardAt({...scenario('08-unmigrated-json'), release: '2026.5.28'})
  expect(board.profiles.map(({profileId, state, openclawSays}) => [profileId, state, openclawSays])).toEqual([
    ['anthropic:manual', 'ok', 'ok'],
    ['google:manual', 'static', 'static'],
  ])
  expect([profileExitCode(board), board.problems]).toEqual([0, []])
})
