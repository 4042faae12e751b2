import {spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {profiles} from '../../src/cli/commands/profiles.ts'
import {readFlags} from '../../src/cli/options.ts'
import {isFailure} from '../../src/domain/failure.ts'
import {locateGateway} from '../../src/runtime/locate.ts'
import {folder, json, put, scenario} from '../sources/profile-host.ts'

type Ran = {code: number; out: string; err: string}

const run = async (argv: readonly string[]): Promise<Ran> => {
  const args = readFlags(argv, profiles.flags)
  if (isFailure(args)) throw new Error(args.title)
  const printed = {out: '', err: ''}
  const keep = (where: 'out' | 'err') => (text: unknown) => {
    printed[where] += String(text)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  try {
    return {code: await profiles.run(args, () => locateGateway(args.options)), ...printed}
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

const at = (found: ReturnType<typeof scenario>): string[] => {
  for (const [name, value] of Object.entries(found.env)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  return ['profiles', '--state-dir', found.stateDir, '--release', found.release, '--now', new Date(found.now).toISOString()]
}

describe('the exit code', () => {
  test.each([
    ['01-healthy', 0],
    ['02-expiring', 2],
    ['03-expired', 1],
    ['04-garbage', 1],
    ['05-agents', 1],
    ['06-cooldowns', 0],
    ['07-refs-env', 0],
    ['08-unmigrated-json', 1],
  ])('%s ends with %i', async (name, code) => {
    expect((await run(at(scenario(name)))).code).toBe(code)
  })

  test.each([
    ['main', 0],
    ['work', 1],
    ['home', 0],
    ['lab', 0],
    ['LAB', 0],
  ])('agent %s: %i', async (agent, code) => {
    expect((await run([...at(scenario('05-agents')), '--agent', agent])).code).toBe(code)
  })

  test('an agent that is not there is wrong usage', async () => {
    const ran = await run([...at(scenario('05-agents')), '--agent', 'nobody'])
    expect(ran).toEqual({code: 64, out: '', err: 'gatecrab: No such agent: nobody. There are main, work, home, lab.\n'})
  })

  test('what could not be found out stands on stderr as well', async () => {
    const ran = await run(['profiles', '--json', '--state-dir', path.join(folder(), 'none')])
    expect(ran.code).toBe(3)
    expect(ran.err).toMatch(/^gatecrab: There is no OpenClaw state in /)
    expect(JSON.parse(ran.out).profiles).toEqual([])
  })
})

describe('--json', () => {
  test('one document, as the contract has it', async () => {
    const {out} = await run([...at(scenario('02-expiring')), '--json'])
    const document = JSON.parse(out)
    expect(Object.keys(document)).toEqual(['now', 'warnAfterMs', 'release', 'profiles', 'agents', 'problems'])
    expect([document.now, document.warnAfterMs]).toEqual(['2026-11-21T10:22:10.369Z', 86_400_000])
    expect(document.profiles[0]).toEqual({
      agent: 'main',
      usedBy: ['main'],
      inUseBy: [],
      profileId: 'xai:default',
      provider: 'xai',
      type: 'oauth',
      state: 'renews',
      why: 'It ends in 3 min; OpenClaw renews it by itself.',
      todo: null,
      expiresAt: '2026-11-21T10:25:10.369Z',
      remainingMs: 180_000,
      renewsItself: true,
      blocked: null,
      from: 'saved',
      store: {kind: 'sqlite', path: expect.stringMatching(/state\/openclaw\.sqlite$/)},
      openclawSays: 'expiring',
      hidesShared: false,
      renewalFailure: null,
    })
  })

  test('nothing is undefined, every end is ISO or null, every why one sentence', async () => {
    for (const name of ['04-garbage', '05-agents', '06-cooldowns', '07-refs-env', '08-unmigrated-json']) {
      const document = JSON.parse((await run([...at(scenario(name)), '--json'])).out)
      for (const profile of document.profiles) {
        expect(Object.keys(profile)).toHaveLength(18)
        for (const end of [profile.expiresAt, profile.blocked?.until ?? null])
          expect(end === null || new Date(end).toISOString() === end).toBe(true)
        expect(profile.why).toMatch(/^[A-Z].*[^.]\.$/)
        expect(profile.why).not.toMatch(/\. [A-Z]/)
        expect(profile.remainingMs === null || Number.isInteger(profile.remainingMs)).toBe(true)
      }
    }
  })

  test('a block with its end and reason', async () => {
    const document = JSON.parse((await run([...at(scenario('06-cooldowns')), '--json'])).out)
    const paid = document.profiles.find(({profileId}: {profileId: string}) => profileId === 'anthropic:paid')
    expect(paid.blocked).toEqual({kind: 'disabled', until: '2026-11-21T10:40:20.073Z', reason: 'billing', model: null})
  })

  test('where OpenClaw’s own check would end otherwise, and why', async () => {
    const document = JSON.parse((await run([...at(scenario('05-agents')), '--json', '--agent', 'lab'])).out)
    expect(document.agents).toEqual([
      {agent: 'lab', isRead: true, exit: 0, because: null, openclaw: {exit: 2, because: 'it calls xai:default expiring'}},
    ])
  })
})

describe('a sign-in that is lost', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')

  const lost = (): string[] => {
    const stateDir = path.join(folder(), '.openclaw')
    const access = {type: 'oauth', provider: 'openai-codex', access: 'a', expires: now - 60_000}
    put(stateDir, 'agents/main/agent/auth-profiles.json', {version: 1, profiles: {'openai-codex:default': access}})
    const text =
      'lane task error: lane=main error="OAuth token refresh failed for openai-codex: 401 { \\"code\\": \\"refresh_token_reused\\" }. Please try again or re-authenticate."'
    const line = {0: '{"subsystem":"diagnostic"}', 1: text, _meta: {logLevelName: 'ERROR', parentNames: ['openclaw']}}
    const log = put(stateDir, 'gateway.jsonl', `${JSON.stringify({...line, time: '2026-11-21T11:30:00.000Z'})}\n`)
    put(stateDir, 'openclaw.json', {logging: {file: log}})
    return ['profiles', '--state-dir', stateDir, '--release', '2026.4.5', '--now', new Date(now).toISOString()]
  }

  test('says why its renewal failed, by the log of the last day, and what helps against that', async () => {
    const {out} = await run(lost())
    const text = out.replaceAll(/\s+/g, ' ')
    expect(text).toContain('Its renewal failed 30 min ago: provider-refresh-token-reused. Sign in again: ')
    expect(text).toContain('give each agent and machine a login of its own')
    const [profile] = JSON.parse((await run([...lost(), '--json'])).out).profiles
    expect(profile.renewalFailure).toMatchObject({
      reason: 'provider-refresh-token-reused',
      at: '2026-11-21T11:30:00.000Z',
      from: {line: 1},
    })
  })
})

describe('the text', () => {
  test('fits 80 columns, whatever the names are', async () => {
    const found = scenario('04-garbage')
    const {out} = await run(at(found))
    const long = out.split('\n').filter(line => line.length > 80)
    expect(long.filter(line => /\s/.test(line.trim()))).toEqual([])
    expect(out.split('\n').length).toBeGreaterThan(60)
  })

  test('soonest end first', async () => {
    const {out} = await run(at(scenario('02-expiring')))
    const ids = Array.from(out.matchAll(/^(?:in|never|unknown) .*? ([\w-]+:\S+)/gm), ([, id]) => id)
    expect(ids).toEqual([
      'xai:default',
      'openai:ops@example.com',
      'minimax-portal:default',
      'anthropic:manual',
      'anthropic:spare',
      'google:manual',
    ])
    expect(out).toContain('in 12 h      expiring    * anthropic:manual              main           expiring\n')
  })

  test('says why it ends with 1 or 2', async () => {
    const expired = await run(at(scenario('03-expired')))
    expect(expired.code).toBe(1)
    expect(expired.out.replace(/\s+/g, ' ')).toMatch(/! main: \S+ is (?:expired|login-lost), so this ends with 1\./)
    expect((await run(at(scenario('02-expiring')))).out).toMatch(/ is expiring, so this ends with 2\./)
    expect((await run(at(scenario('01-healthy')))).out).not.toContain('so this ends with')
  })

  test('says where it differs from OpenClaw’s own check', async () => {
    const {out} = await run(at(scenario('05-agents')))
    expect(out.replace(/\s+/g, ' ')).toContain(
      '`openclaw models status --check --agent lab` would exit 2, for it calls xai:default expiring',
    )
  })
})

test('no secret in any form of it', async () => {
  for (const name of ['01-healthy', '04-garbage', '05-agents', '06-cooldowns', '07-refs-env', '08-unmigrated-json']) {
    const found = scenario(name)
    const text = (await run(at(found))).out + (await run([...at(found), '--json'])).out
    expect(text).not.toMatch(/(?<!OPS_)FAKE|sk-ant|AIza|eyJhbG|rt_|ghu_|nvapi|hf_|AAAAA-AA|bbbbbbbb|cccccccc/)
    expect(text.length).toBeGreaterThan(500)
  }
})

test('the database is loaded when profiles are read, not before', () => {
  const root = path.join(import.meta.dirname, '../..')
  const script = (more: string) => `
    const {profiles} = await import('${root}/src/cli/commands/profiles.ts')
    const {readFlags} = await import('${root}/src/cli/options.ts')
    const {locateGateway} = await import('${root}/src/runtime/locate.ts')
    const isLoaded = () => process.moduleLoadList.some(name => /sqlite/.test(name))
    const before = isLoaded()
    ${more}
    process.stderr.write(JSON.stringify([before, isLoaded()]))`
  const run = (more: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script(more)], {
      encoding: 'utf8',
      env: {...process.env, NODE_OPTIONS: ''},
    }).stderr
  const found = scenario('01-healthy')
  expect(run('')).toBe('[false,false]')
  const argv = JSON.stringify(['profiles', '--json', '--state-dir', found.stateDir])
  expect(
    run(`const args = readFlags(${argv}, profiles.flags); await profiles.run(args, () => locateGateway(args.options))`),
  ).toBe('[false,true]')
})

test('a named command is split into words and started with the folder that was asked for', async () => {
  const found = scenario('02-expiring')
  fs.writeFileSync(path.join(found.stateDir, 'state/openclaw.sqlite'), 'this is no database'.repeat(99))
  const root = folder()
  const status = path.join(import.meta.dirname, '../fixtures/profiles/02-expiring/out/models-status.json')
  const double = put(
    root,
    'openclaw.cjs',
    `process.stdout.write(require('node:fs').readFileSync(${JSON.stringify(status)})); process.exitCode = 2`,
  )
  const ran = await run([...at(found), '--json', '--openclaw', `${process.execPath} ${double}`])
  expect(ran.code).toBe(2)
  expect(JSON.parse(ran.out).profiles).toHaveLength(json(status).auth.oauth.profiles.length)
  expect((await run([...at(found), '--json'])).code).toBe(3)
})

describe('a config that names no model', () => {
  const ran = async (release: string) => {
    const found = scenario('01-healthy')
    const config = path.join(found.stateDir, 'openclaw.json')
    const {agents: _, ...rest} = json(config)
    fs.writeFileSync(config, JSON.stringify(rest))
    const argv = ['profiles', '--state-dir', found.stateDir, '--release', release, '--now', new Date(found.now).toISOString()]
    for (const [name, value] of Object.entries(found.env)) vi.stubEnv(name, value)
    onTestFinished(() => void vi.unstubAllEnvs())
    return run([...argv, '--json'])
  }
  const titles = ({out}: Ran) => (JSON.parse(out) as {problems: {title: string; because: string}[]}).problems

  test('is judged by the login of the model that OpenClaw uses then, and says so', async () => {
    const found = await ran('2026.9.6')
    expect(titles(found)).toContainEqual(
      expect.objectContaining({
        title: 'The config names no model',
        because: 'OpenClaw 2026.9.6 then uses a built-in model of openai',
      }),
    )
    const {agents} = JSON.parse(found.out) as {agents: {exit: number; openclaw: {exit: number} | null}[]}
    for (const {exit, openclaw} of agents) expect(openclaw?.exit).toBe(exit)
  })

  test('says what it cannot know where the release is not one that was run', async () => {
    expect(titles(await ran('2026.5.5'))).toContainEqual(
      expect.objectContaining({because: expect.stringContaining('is not known here: every login counts')}),
    )
  })
})
