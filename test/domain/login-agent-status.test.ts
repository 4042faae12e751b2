import {describe, expect, test} from 'vitest'
import {loginProblems} from '../../src/domain/diagnosis/login-problems.ts'
import type {Credential, StoreRows, Usage} from '../../src/domain/logins/credential.ts'
import {buildProfileReport, profileExitCode} from '../../src/domain/logins/profile-report.ts'
import type {AgentFacts, ProfileReading} from '../../src/domain/logins/reading.ts'
import {credential} from './credentials.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const hour = 3_600_000
const day = 24 * hour

const ends = (profileId: string, ms: number, more: Partial<Credential> = {}) =>
  credential(profileId, {expires: {kind: 'at', at: now + ms}, ...more})

const rows = (credentials: Credential[], more: Partial<StoreRows> = {}): StoreRows => ({
  place: {kind: 'sqlite', path: '/state/openclaw.sqlite'},
  credentials,
  order: {},
  usage: {},
  writtenAt: null,
  ...more,
})

const agent = (id: string, model: string | null, own: StoreRows | null = null): AgentFacts => ({
  id,
  isConfigured: true,
  isRead: true,
  models: model === null ? [] : [{provider: model, model: 'one'}],
  own,
})

const reading = (shared: StoreRows | null, more: Partial<ProfileReading> = {}): ProfileReading => ({
  at: now,
  tookMs: 0,
  release: '2026.9.6',
  agents: [agent('main', 'anthropic')],
  shared: shared && {owner: 'main', rows: shared},
  leftovers: [],
  env: [],
  cliStatuses: [],
  auth: {order: {}, profiles: {}},
  knowsModels: true,
  providersWithoutLogin: [],
  problems: [],
  isWhole: true,
  ...more,
})

const outcome = (found: ProfileReading) => {
  const board = buildProfileReport(found, now)
  const inUse = board.profiles.filter(({inUseBy}) => inUseBy.length > 0).map(({profileId}) => profileId)
  return {exit: profileExitCode(board), inUse, openclaw: board.agents[0]?.openclaw?.exit}
}

const waiting = (ms: number, model: string | null = null): Usage => ({
  lastUsed: 0,
  windows: [{kind: 'cooldown', until: now + ms, reason: 'rate_limit', model}],
  refusedAt: null,
})

describe('the one that counts', () => {
  test('an expired spare is no alarm', () => {
    const found = reading(rows([ends('anthropic:good', 9 * day), ends('anthropic:old', -day)]))
    expect(outcome(found)).toEqual({exit: 0, inUse: ['anthropic:good'], openclaw: 0})
  })

  test('an order that names only the expired one', () => {
    const found = reading(
      rows([ends('anthropic:good', 9 * day), ends('anthropic:old', -day)], {order: {anthropic: ['anthropic:old']}}),
    )
    expect(outcome(found)).toEqual({exit: 1, inUse: ['anthropic:old'], openclaw: 1})
  })

  test('the order of the store comes before that of the config; what the config lists comes before the rest', () => {
    const credentials = [ends('anthropic:a', 9 * day), ends('anthropic:b', hour), ends('anthropic:c', -day)]
    const auth = {order: {anthropic: ['anthropic:c']}, profiles: {}}
    expect(outcome(reading(rows(credentials), {auth})).inUse).toEqual(['anthropic:c'])
    expect(outcome(reading(rows(credentials, {order: {anthropic: ['anthropic:b']}}), {auth}))).toMatchObject({
      exit: 2,
      inUse: ['anthropic:b'],
    })
    const listed = {order: {}, profiles: {'anthropic:b': {provider: 'anthropic', mode: 'token'}}}
    expect(outcome(reading(rows(credentials), {auth: listed}))).toMatchObject({exit: 2, inUse: ['anthropic:b']})
  })

  test('an order whose profiles are all gone gives way to what is there', () => {
    const found = reading(rows([ends('anthropic:good', 9 * day)], {order: {anthropic: ['anthropic:gone']}}))
    expect(outcome(found)).toMatchObject({exit: 0, inUse: ['anthropic:good']})
  })

  test('OAuth before tokens before keys, the longest unused first, a blocked one last', () => {
    const key = credential('anthropic:key', {type: 'api_key'})
    const login = ends('anthropic:login', 9 * day, {type: 'oauth', hasRefresh: true})
    const [first, second] = [ends('anthropic:first', 9 * day), ends('anthropic:second', 9 * day)]
    const usage = {'anthropic:first': {...waiting(-1), lastUsed: 5}, 'anthropic:second': {...waiting(-1), lastUsed: 3}}
    expect(outcome(reading(rows([key, first, second, login], {usage}))).inUse).toEqual(['anthropic:login'])
    expect(outcome(reading(rows([key, first, second], {usage}))).inUse).toEqual(['anthropic:second'])
    const blocked = {...usage, 'anthropic:second': waiting(hour)}
    expect(outcome(reading(rows([key, first, second], {usage: blocked}))).inUse).toEqual(['anthropic:first'])
  })

  test('a block for another model does not count', () => {
    const usage = {'anthropic:a': waiting(hour, 'two')}
    expect(outcome(reading(rows([credential('anthropic:a'), credential('anthropic:b')], {usage}))).inUse).toEqual(['anthropic:a'])
  })

  test('all blocked: nothing is broken by our rule, OpenClaw calls it missing, and both are told', () => {
    const found = reading(rows([credential('anthropic:a')], {usage: {'anthropic:a': waiting(hour)}}))
    expect(outcome(found)).toEqual({exit: 0, inUse: ['anthropic:a'], openclaw: 1})
    expect(buildProfileReport(found, now).agents[0]?.openclaw?.because).toBe('it finds no usable login for anthropic')
  })

  test('a reference that was not found gives way to a login that is sure', () => {
    const reference = {source: 'env' as const, provider: 'default', name: 'X', found: 'no' as const, place: null}
    const unsure = credential('anthropic:unsure', {secret: 'none', reference})
    expect(outcome(reading(rows([unsure, credential('anthropic:sure')]))).inUse).toEqual(['anthropic:sure'])
    expect(outcome(reading(rows([unsure])))).toEqual({exit: 0, inUse: ['anthropic:unsure'], openclaw: 1})
  })
})

describe('nothing to choose from', () => {
  test('no login for a provider that needs one', () => {
    const found = reading(rows([credential('openai:x')]))
    expect(outcome(found)).toEqual({exit: 1, inUse: [], openclaw: 1})
    expect(buildProfileReport(found, now).agents[0]?.because).toBe('there is no login for anthropic')
  })

  test('a key elsewhere serves as well, even where the profiles are past', () => {
    const env = [
      {provider: 'anthropic', variable: 'ANTHROPIC_API_KEY', type: 'api_key' as const, place: 'dotenv' as const, path: '/.env'},
    ]
    const found = reading(rows([ends('anthropic:old', -day)]), {env, providersWithoutLogin: ['anthropic']})
    expect(outcome(found)).toEqual({exit: 0, inUse: ['env:ANTHROPIC_API_KEY'], openclaw: 0})
  })

  test('no models configured: every provider counts, and OpenClaw’s own check is not foretold', () => {
    const found = reading(rows([credential('anthropic:a'), ends('xai:b', -day)]), {
      knowsModels: false,
      agents: [agent('main', null)],
    })
    expect(outcome(found)).toEqual({exit: 1, inUse: ['xai:b', 'anthropic:a'], openclaw: undefined})
  })

  test('nothing at all', () => {
    const found = reading(null, {knowsModels: false, agents: [agent('main', null)]})
    expect(outcome(found).exit).toBe(1)
    expect(buildProfileReport(found, now).agents[0]?.because).toBe('there is no login at all')
  })
})

describe('several agents', () => {
  test('its own profiles stand before an inherited order, unless it has one', () => {
    const shared = rows([credential('anthropic:shared')], {order: {anthropic: ['anthropic:shared']}})
    const own = rows([ends('anthropic:own', hour)])
    const work = agent('work', 'anthropic', own)
    expect(outcome(reading(shared, {agents: [work]}))).toMatchObject({exit: 2, inUse: ['anthropic:own']})
    const ordered = agent('work', 'anthropic', {...own, order: {anthropic: ['anthropic:shared']}})
    expect(outcome(reading(shared, {agents: [ordered]}))).toMatchObject({exit: 0, inUse: ['anthropic:shared']})
  })

  test('a row of its own that OpenClaw drops hides nothing', () => {
    const shared = rows([credential('anthropic:a')])
    const own = rows([credential('anthropic:a', {ignored: 'it is no object', type: null})])
    const board = buildProfileReport(reading(shared, {agents: [agent('work', 'anthropic', own)]}), now)
    expect(board.profiles.map(({state, usedBy}) => [state, usedBy])).toEqual([
      ['static', ['work']],
      ['unknown', []],
    ])
  })

  test('an agent that nobody works with alarms nobody', () => {
    const idle = {...agent('old', null, rows([ends('anthropic:x', -day)])), isConfigured: false}
    const found = reading(rows([credential('anthropic:a')]), {agents: [agent('main', 'anthropic'), idle]})
    expect(outcome(found)).toMatchObject({exit: 0, inUse: ['anthropic:a']})
    expect(buildProfileReport(found, now).agents.map(report => report.agent)).toEqual(['main'])
  })
})

test('what is gone first, then the soonest end, then what has none', () => {
  const found = reading(
    rows([
      credential('a:static'),
      ends('b:late', 9 * day),
      credential('c:missing', {secret: 'none'}),
      ends('d:soon', hour),
      ends('e:past', -day),
      ends('f:other-cli', -9 * day, {isExternal: true}),
    ]),
  )
  expect(buildProfileReport(found, now).profiles.map(({profileId}) => profileId)).toEqual([
    'c:missing',
    'e:past',
    'd:soon',
    'b:late',
    'a:static',
    'f:other-cli',
  ])
})

describe('the problem that is made of it', () => {
  const problemsOf = (found: ProfileReading) =>
    loginProblems(buildProfileReport(found, now).agents, now).map(({title, because}) => `${title} (${because})`)
  const three = {
    ...agent('main', 'anthropic'),
    models: ['anthropic', 'openai', 'xai'].map(provider => ({provider, model: 'one'})),
  }

  test('names every login that is gone', () => {
    const shared = rows([ends('anthropic:a', -hour), ends('anthropic:b', -hour), ends('openai:a', -hour)])
    expect(problemsOf(reading(shared, {agents: [three]}))).toEqual([
      'main: 4 provider logins need you (anthropic:a is expired, anthropic:b is expired, openai:a is expired, there is no login for xai)',
    ])
  })

  test('says how many more there are than it names', () => {
    const many = Array.from({length: 9}, (_, i) => ends(`anthropic:${i}`, -hour))
    expect(problemsOf(reading(rows(many)))).toEqual([expect.stringContaining('anthropic:5 is expired and 3 more)')])
  })

  test('is one for all agents that work with the same login', () => {
    const agents = ['a', 'b', 'c', 'd'].map(id => agent(id, 'anthropic'))
    expect(problemsOf(reading(rows([ends('anthropic:a', -hour)]), {agents: [...agents, agent('e', 'openai')]}))).toEqual([
      'a, b, c and 1 more: a provider login needs you (anthropic:a is expired)',
      'e: no login for openai (a model that is used there is of openai)',
    ])
  })
})
