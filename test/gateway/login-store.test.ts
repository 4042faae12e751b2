import {describe, expect, test} from 'vitest'
import {profileConfigOf} from '../../src/gateway/logins/config.ts'
import {needsLogin, providerVariables} from '../../src/gateway/logins/providers.ts'
import {statusOf} from '../../src/gateway/logins/status.ts'
import {agentPlace, contentsOf, readsJsonStore} from '../../src/gateway/logins/store.ts'

const usageOf = (stats: object) => contentsOf({profiles: {}}, {usageStats: {'a:b': stats}})?.usage['a:b']

describe('the state beside a store', () => {
  test('windows with their reason and model', () => {
    const usage = usageOf({
      lastUsed: 7,
      cooldownUntil: 10,
      cooldownReason: 'rate_limit',
      cooldownModel: 'm',
      disabledUntil: 20,
      disabledReason: 'billing',
      blockedUntil: 30,
      blockedReason: 'subscription_limit',
      blockedScope: 'model',
      blockedModel: 'n',
    })
    expect(usage).toEqual({
      lastUsed: 7,
      refusedAt: null,
      windows: [
        {kind: 'disabled', until: 20, reason: 'billing', model: null},
        {kind: 'blocked', until: 30, reason: 'subscription_limit', model: 'n'},
        {kind: 'cooldown', until: 10, reason: 'rate_limit', model: 'm'},
      ],
    })
  })

  test('early releases leave the reason out: what failed most stands for it', () => {
    expect(usageOf({cooldownUntil: 10, failureCounts: {timeout: 1, rate_limit: 3}})?.windows[0]?.reason).toBe('rate_limit')
    expect(usageOf({cooldownUntil: 10})?.windows[0]?.reason).toBeNull()
  })

  test('a cooldown for the login itself holds for every model', () => {
    expect(usageOf({cooldownUntil: 10, cooldownReason: 'auth', cooldownModel: 'm'})?.windows[0]?.model).toBeNull()
  })

  test('refused for good', () => {
    expect(usageOf({lastFailureAt: 9, disabledReason: 'auth_permanent'})?.refusedAt).toBe(9)
    expect(usageOf({lastFailureAt: 9, failureCounts: {session_expired: 1}})?.refusedAt).toBe(9)
    expect(usageOf({lastFailureAt: 9, failureCounts: {rate_limit: 1, auth: 2}})?.refusedAt).toBeNull()
  })

  test('times that are none are no windows', () => {
    expect(usageOf({cooldownUntil: '10', disabledUntil: -1, blockedUntil: 9e15})?.windows).toEqual([])
  })

  test('the state inside an old store, and the one beside it on top', () => {
    const inside = {version: 1, profiles: {}, order: {a: ['a:1'], b: ['b:1']}, usageStats: {'a:1': {lastUsed: 1}}}
    const found = contentsOf(inside, {order: {A: ['a:2', 5, '']}})
    expect(found?.order).toEqual({a: ['a:2'], b: ['b:1']})
    expect(found?.usage['a:1']?.lastUsed).toBe(1)
  })

  test.each([null, 5, [], {}, {profiles: []}, {profiles: 'x'}])('%j is no store', value => {
    expect(contentsOf(value, null)).toBeNull()
  })

  test.each([undefined, null, 'x', {order: 5, usageStats: []}])('a state that is %j counts as empty', state => {
    expect(contentsOf({profiles: {}}, state)).toEqual({credentials: [], order: {}, usage: {}})
  })
})

describe('the config', () => {
  const models = (tree: object) =>
    profileConfigOf(tree).roster?.map(({id, models: uses}) => [id, uses.map(({provider}) => provider)])

  test('agents as entries and as a list, each with its models', () => {
    const defaults = {model: {primary: 'anthropic/a', fallbacks: ['google/b']}, imageModel: 'openai/c', utilityModel: 'xai/d'}
    expect(models({agents: {defaults, entries: {Main: {}, work: {model: 'groq/x'}}}})).toEqual([
      ['main', ['anthropic', 'google', 'openai', 'xai']],
      ['work', ['groq', 'openai', 'xai']],
    ])
    expect(models({agents: {list: [{id: 'a', model: {primary: 'p/x'}}, null, {id: 'a'}], defaults}})).toEqual([
      ['a', ['p', 'google', 'openai', 'xai']],
    ])
    expect(models({agents: {defaults}})).toBeUndefined()
  })

  test('an alias, a profile behind the model, a name without a provider', () => {
    const defaults = {
      model: {primary: 'Opus', fallbacks: ['google/b@google:work', 'nameless']},
      models: {'anthropic/claude': {alias: 'opus'}},
    }
    expect(profileConfigOf({agents: {defaults}}).defaultModels).toEqual([
      {provider: 'anthropic', model: 'claude'},
      {provider: 'google', model: 'b'},
    ])
  })

  test('of keys only that they are there', () => {
    const config = profileConfigOf({
      env: {vars: {A_KEY: 'secret-a', EMPTY: ''}, B_KEY: 'secret-b', shellEnv: {enabled: true}},
      models: {providers: {Acme: {apiKey: 'secret-c'}, local: {baseUrl: 'http://127.0.0.1'}}},
      secrets: {
        providers: {
          f: {source: 'file', path: '/s.json'},
          v: {source: 'exec', command: 'x'},
          one: {source: 'file', path: '/o', mode: 'singleValue'},
        },
      },
    })
    expect(config.variables.toSorted()).toEqual(['A_KEY', 'B_KEY'])
    expect(config.keyed).toEqual(['acme'])
    expect(config.secretFiles).toEqual({f: {path: '/s.json', isJson: true}, one: {path: '/o', isJson: false}})
    expect(JSON.stringify(config)).not.toContain('secret-')
  })

  test.each([null, 5, [], {agents: 5, auth: [], env: 'x', models: {providers: []}}, {agents: {list: {}, entries: []}}])(
    '%j decides nothing and breaks nothing',
    tree => {
      expect(profileConfigOf(tree)).toMatchObject({defaultModels: [], variables: [], keyed: []})
    },
  )
})

describe('places', () => {
  const hostEnv = {platform: 'linux' as const, home: '/home/x', tmp: '/tmp', uid: 1, env: {OPENCLAW_AGENT_DIR: '~/elsewhere'}}

  test('main can be moved by the environment, any agent by the config; a folder asked for by name wins', () => {
    const where = {stateDir: '/s', hostEnv, isStateDirGiven: false}
    expect(agentPlace('main', null, where).json).toBe('/home/x/elsewhere/auth-profiles.json')
    expect(agentPlace('work', null, where).db).toBe('/s/agents/work/agent/openclaw-agent.sqlite')
    expect(agentPlace('work', '/w', where).folder).toBe('/w')
    expect(agentPlace('main', null, {...where, isStateDirGiven: true}).folder).toBe('/s/agents/main/agent')
    const older = {...where, hostEnv: {...hostEnv, env: {PI_CODING_AGENT_DIR: '/pi'}}}
    expect(agentPlace('main', null, older).folder).toBe('/pi')
  })

  test('which release still reads the JSON file', () => {
    expect(['2026.1.29', '2026.6.1', '2026.6.5', '2026.9.6', null].map(readsJsonStore)).toEqual([true, true, false, false, false])
  })
})

test('each provider once, each with a variable', () => {
  const names = providerVariables.map(({provider}) => provider)
  expect(new Set(names).size).toBe(names.length)
  expect(
    providerVariables.every(({variables}) => variables.length > 0 && variables.every(name => /^[A-Z][A-Z0-9_]+$/.test(name))),
  ).toBe(true)
  expect(providerVariables.every(({variables, tokens = []}) => tokens.every(name => variables.includes(name)))).toBe(true)
  expect([needsLogin('anthropic'), needsLogin('ollama'), needsLogin('amazon-bedrock')]).toEqual([true, false, false])
})

describe('what models status --json prints', () => {
  test('a row it cannot read does not cost the others', () => {
    const profiles = [{profileId: 'a:b', provider: 'a', type: 'sphinx', status: 'ok'}, 5, {profileId: 'c'}]
    expect(statusOf({auth: {oauth: {profiles}}})).toEqual({
      storePath: null,
      profiles: [{profileId: 'a:b', provider: 'a', type: null, status: 'ok', expiresAt: null, blocked: null}],
    })
  })

  test('a fence shows as 1970 in some releases: that is no end', () => {
    const profiles = [{profileId: 'a:b', provider: 'a', type: 'oauth', status: 'expired', expiresAt: 1}]
    expect(statusOf({auth: {oauth: {profiles}}})).toMatchObject({profiles: [{expiresAt: null}]})
  })

  test.each([null, {}, {auth: {}}, 'x'])('%j is something else', value => {
    expect(statusOf(value)).toBeNull()
  })
})
