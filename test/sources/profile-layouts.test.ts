import path from 'node:path'
import {describe, expect, test} from 'vitest'
import type {ProfileReport} from '../../src/domain/logins/profile-report.ts'
import {agentDb, boardAt, folder, moved, put, read, sharedDb, token} from './profile-host.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const day = 86_400_000
const store = (profiles: Record<string, number>) => ({
  version: 1,
  profiles: Object.fromEntries(Object.entries(profiles).map(([id, ms]) => [id, token(now + ms)])),
})

const config = {agents: {defaults: {model: 'anthropic/claude-opus-4-6'}, list: [{id: 'main', default: true}, {id: 'Work'}]}}

const host = (release: string | null, tree: object = config) => {
  const stateDir = folder()
  put(stateDir, 'openclaw.json', tree)
  return {stateDir, now, release: release as string, env: {}}
}

const dbOf = (stateDir: string, agent: string): string => path.join(stateDir, 'agents', agent, 'agent/openclaw-agent.sqlite')

const readings = ({profiles}: ProfileReport) =>
  profiles.map(({agent, profileId, state, usedBy, store: {kind}}) => [agent, profileId, state, usedBy.join(), kind])

describe('what main keeps is inherited, until it moves', () => {
  test('as files, with a state of its own beside each', async () => {
    const found = host('2026.4.15')
    put(found.stateDir, 'agents/main/agent/auth-profiles.json', store({'anthropic:a': 9 * day, 'anthropic:b': 9 * day}))
    put(found.stateDir, 'agents/work/agent/auth-profiles.json', store({'anthropic:b': -day}))
    put(found.stateDir, 'agents/work/agent/auth-state.json', {order: {anthropic: ['anthropic:b']}})
    const board = await boardAt(found)
    expect(readings(board)).toEqual([
      ['work', 'anthropic:b', 'expired', 'work', 'json'],
      ['main', 'anthropic:a', 'ok', 'main,work', 'json'],
      ['main', 'anthropic:b', 'ok', 'main', 'json'],
    ])
    expect(board.agents.map(({agent, exit, openclaw}) => [agent, exit, openclaw?.exit])).toEqual([
      ['main', 0, 0],
      ['work', 1, 1],
    ])
  })

  test.each(['2026.6.11', '2026.7.35', '2026.8.2', '2026.9.6'])(
    'as databases of %s, the shared one without a switch',
    async release => {
      const found = host(release)
      sharedDb(found.stateDir, {'config.lastTouchedAt': '"x"'})
      agentDb(dbOf(found.stateDir, 'main'), store({'anthropic:a': 9 * day}), {order: {anthropic: ['anthropic:a']}}, 0, 1)
      agentDb(dbOf(found.stateDir, 'work'), store({'anthropic:own': 9 * day}), null, 0, 1)
      expect(readings(await boardAt(found))).toEqual([
        ['main', 'anthropic:a', 'ok', 'main,work', 'sqlite'],
        ['work', 'anthropic:own', 'ok', 'work', 'sqlite'],
      ])
    },
  )

  test('moved: what main still keeps for itself lies over it', async () => {
    const found = host('2026.9.6')
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': store({'anthropic:a': 9 * day, 'anthropic:b': 9 * day})})
    agentDb(dbOf(found.stateDir, 'main'), store({'anthropic:a': 2 * day}))
    expect(readings(await boardAt(found))).toEqual([
      ['main', 'anthropic:a', 'ok', 'main', 'sqlite'],
      ['main', 'anthropic:a', 'ok', 'work', 'sqlite'],
      ['main', 'anthropic:b', 'ok', 'main,work', 'sqlite'],
    ])
  })

  test('the config may name another keeper', async () => {
    const {agents} = config
    const found = host('2026.9.6', {agents: {...agents, defaults: {...agents.defaults, authInheritance: {agentId: 'work'}}}})
    agentDb(dbOf(found.stateDir, 'work'), store({'anthropic:a': 9 * day}))
    expect(readings(await boardAt(found))).toEqual([['work', 'anthropic:a', 'ok', 'main,work', 'sqlite']])
  })
})

describe('agents', () => {
  test('one that lies elsewhere, one that is only on disk, and no main at all', async () => {
    const elsewhere = folder()
    const found = host('2026.9.6', {agents: {defaults: {model: 'anthropic/x'}, entries: {ops: {agentDir: elsewhere}}}})
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': store({'anthropic:shared': 9 * day})})
    agentDb(path.join(elsewhere, 'openclaw-agent.sqlite'), store({'anthropic:ops': 9 * day}))
    agentDb(dbOf(found.stateDir, 'gone'), store({'anthropic:old': -day}))
    const board = await boardAt(found)
    expect(readings(board)).toEqual([
      ['gone', 'anthropic:old', 'expired', 'gone', 'sqlite'],
      ['ops', 'anthropic:ops', 'ok', 'ops', 'sqlite'],
      ['ops', 'anthropic:shared', 'ok', 'ops,gone', 'sqlite'],
    ])
    expect(board.agents.map(({agent, exit}) => [agent, exit])).toEqual([['ops', 0]])
  })

  test('parts of the config in other files', async () => {
    const found = host('2026.9.6', {agents: {$include: './agents.json5'}})
    put(found.stateDir, 'agents.json5', '{entries: {one: {model: "anthropic/x"}, two: {model: "anthropic/x"}}, // both\n}')
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': store({'anthropic:a': 9 * day})})
    expect(readings(await boardAt(found))).toEqual([['one', 'anthropic:a', 'ok', 'one,two', 'sqlite']])
  })
})

describe('a release that is not known', () => {
  test('files alone are the store', async () => {
    const found = host(null, {})
    put(found.stateDir, 'agents/main/agent/auth-profiles.json', store({'anthropic:a': 9 * day}))
    expect(readings(await boardAt(found))).toEqual([['main', 'anthropic:a', 'ok', 'main', 'json']])
  })

  test('beside a database they are left over', async () => {
    const found = host(null, {})
    sharedDb(found.stateDir, moved)
    put(found.stateDir, 'agents/main/agent/auth-profiles.json', store({'anthropic:a': 9 * day}))
    expect(readings(await boardAt(found))).toEqual([['main', 'anthropic:a', 'missing', 'main', 'json']])
  })

  test('beside a database that has rows they are dead weight', async () => {
    const found = host('2026.9.6', {})
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': store({'anthropic:b': 9 * day})})
    put(found.stateDir, 'agents/main/agent/auth-profiles.json', store({'anthropic:a': -9 * day}))
    const board = await boardAt(found)
    expect([readings(board), board.problems.map(({title}) => title)]).toEqual([
      [['main', 'anthropic:b', 'ok', 'main', 'sqlite']],
      ['The config names no model'],
    ])
  })
})

test('a login whose renewal OpenClaw is at just now, and one that it never ended', async () => {
  const digestOf = (what: string) => `openclaw-oauth-refresh-fence:v1:${'0a'.repeat(16)}:${what}:${'1b'.repeat(32)}`
  const profiles = {
    'xai:a': {type: 'oauth', provider: 'xai', access: digestOf('access'), refresh: digestOf('refresh'), expires: 1},
  }
  const states = await Promise.all(
    [10_000, 600_000].map(async ago => {
      const found = host('2026.9.6', {})
      sharedDb(found.stateDir, {...moved, 'authProfiles.store': {version: 1, profiles}}, 18, now - ago)
      return (await boardAt(found)).profiles[0]
    }),
  )
  expect(states.map(one => [one?.state, one?.openclawSays, one?.expiresAt])).toEqual([
    ['renews', 'expired', null],
    ['login-lost', 'expired', null],
  ])
})

describe('the config file', () => {
  test('an include is heard under what stands beside it, a list of them in turn', async () => {
    const found = host('2026.9.6', {agents: {$include: ['./a.json', './b.json'], defaults: {model: 'anthropic/x'}}})
    put(found.stateDir, 'a.json', {entries: {one: {}}, defaults: {model: 'google/x'}})
    put(found.stateDir, 'b.json', {entries: {two: {model: {$include: './model.json'}}}})
    put(found.stateDir, 'model.json', {primary: 'xai/grok', fallbacks: []})
    expect((await read(found)).agents.map(({id, models}) => [id, models.map(({provider}) => provider)])).toEqual([
      ['one', ['anthropic']],
      ['two', ['xai']],
    ])
  })

  test('an include in a circle, and one that is gone', async () => {
    const found = host('2026.9.6', {agents: {$include: './openclaw.json'}, env: {$include: './gone.json'}})
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': store({'anthropic:a': 9 * day})})
    const board = await boardAt(found)
    expect(board.profiles.map(({profileId}) => profileId)).toEqual(['anthropic:a'])
    expect(board.problems.map(({because}) => because)).toEqual([expect.stringContaining('gone.json: ENOENT')])
  })
})
