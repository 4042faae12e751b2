import fs from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, onTestFinished, test} from 'vitest'
import {formatFailure} from '../../src/domain/failure.ts'
import {profileExitCode} from '../../src/domain/logins/profile-report.ts'
import {agentDb, boardAt, folder, moved, named, put, sharedDb, token} from './profile-host.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const hour = 3_600_000
const store = (name = 'anthropic:manual', expires: unknown = now + 48 * hour) => ({
  version: 1,
  profiles: {[name]: token(expires)},
})
const config = {agents: {defaults: {model: 'anthropic/claude-opus-4-6'}}}

const host = (release: string | null = '2026.9.6') => {
  const stateDir = folder()
  put(stateDir, 'openclaw.json', config)
  return {stateDir, now, release: release as string, env: {}}
}

const read = async (found: ReturnType<typeof host>) => {
  const board = await boardAt(found)
  return {board, said: board.problems.map(formatFailure).join('\n'), exit: profileExitCode(board)}
}

describe('what cannot be read is a sentence and exit 3', () => {
  test.each([
    ['WAL', 'is locked: database is locked.'],
    ['DELETE', 'a write is under way or was cut off'],
  ])('a %s database that somebody holds for himself alone', async (mode, sentence) => {
    const found = host('2026.7.35')
    const file = agentDb(path.join(found.stateDir, 'agents/main/agent/openclaw-agent.sqlite'), store(), null, 0, 1)
    const db = new DatabaseSync(file)
    onTestFinished(() => db.close())
    db.exec(`PRAGMA journal_mode = ${mode}; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE`)
    db.prepare('UPDATE auth_profile_store SET store_json = ?').run(JSON.stringify(store('anthropic:unsaved')))
    const {board, said: printed, exit} = await read(found)
    expect(printed).toContain(sentence)
    expect([board.profiles, exit]).toEqual([[], 3])
    db.exec('ROLLBACK; PRAGMA locking_mode = NORMAL; SELECT 1 FROM auth_profile_store')
    expect((await read(found)).board.profiles.map(({profileId}) => profileId)).toEqual(['anthropic:manual'])
  })

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 6000)],
    ['no database', () => Buffer.from('#!/bin/sh\necho not a database at all, but long enough to be looked at\n'.repeat(40))],
    ['zeroes', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    [
      'torn in the middle',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(8192, 7), bytes.subarray(12_288)]),
    ],
  ])('a database that is %s', async (_what, broken) => {
    const found = host()
    const file = sharedDb(found.stateDir, {...moved, 'authProfiles.store': store()})
    fs.writeFileSync(file, broken(fs.readFileSync(file)))
    const {said: printed, exit} = await read(found)
    expect(printed).toContain(`The profile store ${file} is half-written or damaged`)
    expect(exit).toBe(3)
  })

  test.each(['{"version":1,"profiles":{"anthropic:manual":{"type":"tok', '', 'null', '[]', '{"profiles":[]}'])(
    'a JSON store that says %j',
    async text => {
      const found = host('2026.4.15')
      const file = put(found.stateDir, 'agents/main/agent/auth-profiles.json', text)
      const {said: printed, exit} = await read(found)
      expect(printed).toContain(`The profile store ${file}`)
      expect(exit).toBe(3)
    },
  )

  test('a row whose JSON breaks off', async () => {
    const found = host()
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': '{"version":1,"prof'})
    const {said: printed, exit} = await read(found)
    expect(printed).toContain('its JSON breaks off')
    expect(exit).toBe(3)
  })

  test('a folder where a store should be', async () => {
    const found = host('2026.4.15')
    fs.mkdirSync(path.join(found.stateDir, 'agents/main/agent/auth-profiles.json'), {recursive: true})
    const {said: printed, exit} = await read(found)
    expect(printed).toMatch(/cannot be read: EISDIR\. Run gatecrab as the gateway's user\.$/)
    expect(exit).toBe(3)
  })

  test('a database of a later layout, of the agent and of all', async () => {
    const agent = host('2026.7.35')
    agentDb(path.join(agent.stateDir, 'agents/main/agent/openclaw-agent.sqlite'), store(), null, 0, 24)
    const one = await read(agent)
    expect(one.said).toContain('is of a later layout than gatecrab knows: its layout is 24, and the newest known is 23.')
    const shared = host()
    sharedDb(shared.stateDir, {...moved, 'authProfiles.store': store()}, 19)
    const all = await read(shared)
    expect(all.said).toContain('its layout is 19, and the newest known is 18.')
    expect([one.exit, all.exit, all.board.profiles]).toEqual([3, 3, []])
  })

  test('tables of another shape', async () => {
    const found = host()
    const file = path.join(found.stateDir, 'state/openclaw.sqlite')
    fs.mkdirSync(path.dirname(file))
    const db = new DatabaseSync(file)
    db.exec('CREATE TABLE config_machine_state (name TEXT, content BLOB)')
    db.close()
    const {said: printed, exit} = await read(found)
    expect(printed).toContain('has a shape that gatecrab does not know')
    expect(exit).toBe(3)
  })

  test('a switch that points nowhere', async () => {
    const found = host()
    sharedDb(found.stateDir, {'auth.sharedStore': {location: 'the-moon'}, 'authProfiles.store': store()})
    const {said: printed, exit} = await read(found)
    expect(printed).toContain('its switch auth.sharedStore says neither state-db nor legacy-main')
    expect(exit).toBe(3)
  })

  test('a journal that a cut-off write left behind', async () => {
    const found = host()
    const file = sharedDb(found.stateDir, {...moved, 'authProfiles.store': store()})
    fs.writeFileSync(`${file}-journal`, 'half')
    const {said: printed, exit} = await read(found)
    expect(printed).toContain('a write is under way or was cut off')
    expect(exit).toBe(3)
  })

  test('no folder at all', async () => {
    const found = {stateDir: path.join(folder(), 'none'), now, release: '2026.9.6', env: {}}
    const {said: printed, exit} = await read(found)
    expect(printed).toContain('There is no OpenClaw state in')
    expect(exit).toBe(3)
  })

  test('a config that is none: the stores are read all the same', async () => {
    const found = host()
    put(found.stateDir, 'openclaw.json', '{agents: ')
    sharedDb(found.stateDir, {...moved, 'authProfiles.store': store('anthropic:manual', now - hour)})
    const {board, said: printed, exit} = await read(found)
    expect(printed).toContain(`Cannot read all of ${path.join(found.stateDir, 'openclaw.json')}`)
    expect([named(board, 'anthropic:manual').state, exit]).toEqual(['expired', 1])
  })
})

test('one agent that cannot be read does not hide the others', async () => {
  const found = host()
  put(found.stateDir, 'openclaw.json', {
    agents: {...config.agents, entries: {main: {}, work: {}}},
  })
  sharedDb(found.stateDir, {...moved, 'authProfiles.store': store('anthropic:manual', now + hour)})
  put(found.stateDir, 'agents/work/agent/openclaw-agent.sqlite', 'this is no database, whatever its name says'.repeat(99))
  const {board, exit} = await read(found)
  expect(board.agents.map(({agent, isRead, exit: one}) => [agent, isRead, one])).toEqual([
    ['main', true, 2],
    ['work', false, 0],
  ])
  expect([profileExitCode(board, 'main'), profileExitCode(board, 'work'), exit]).toEqual([2, 3, 2])
})

test('replaced between two readings, and while one is open', async () => {
  const found = host()
  const file = sharedDb(found.stateDir, {...moved, 'authProfiles.store': store('anthropic:old')})
  const db = new DatabaseSync(file)
  onTestFinished(() => db.close())
  db.exec("UPDATE config_machine_state SET updated_at_ms = 2 WHERE state_key = 'authProfiles.store'")
  expect((await boardAt(found)).profiles.map(({profileId}) => profileId)).toEqual(['anthropic:old'])
  const other = host()
  const newer = sharedDb(other.stateDir, {...moved, 'authProfiles.store': store('anthropic:new')})
  for (const end of ['-wal', '-shm']) fs.rmSync(`${file}${end}`)
  fs.renameSync(newer, file)
  expect((await boardAt(found)).profiles.map(({profileId}) => profileId)).toEqual(['anthropic:new'])
})

test('ids and providers that are words of the language do no harm', async () => {
  const found = host()
  const row = {...token(now + 48 * hour), provider: 'constructor'}
  const profiles = {constructor: row, toString: row, __proto__x: row, 'a\u001b[31mred\u0007': token(now - hour)}
  sharedDb(found.stateDir, {
    ...moved,
    'authProfiles.store': {version: 1, profiles},
    'authProfiles.state': {order: {valueOf: ['x']}},
  })
  put(found.stateDir, 'openclaw.json', {
    agents: {defaults: {model: 'constructor/x'}},
    auth: {profiles: {hasOwnProperty: {provider: 'a', mode: 'b'}}},
  })
  const {board} = await read(found)
  expect(board.profiles.map(({profileId}) => profileId).toSorted()).toEqual(['__proto__x', 'ared', 'constructor', 'toString'])
})
