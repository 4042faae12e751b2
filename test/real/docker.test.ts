import {type ChildProcess, spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readEntries} from '../../src/domain/plans/journal.ts'
import {isSince} from '../../src/domain/release.ts'
import {built, launcher} from '../e2e/built.ts'
import {askPort, collected} from '../fixtures/stubs/home.ts'
import {containerName, type Engine, isUnpacked, startEngine, whyNoEngine} from './engine.ts'

const releases = ['2026.9.6', '2026.6.11']
const why = whyNoEngine(releases)
const made = 'de'.repeat(24)
const long = 900_000

/** A client that comes with a token that the gateway does not take. */
const comeWrong = (port: number): Promise<number> =>
  new Promise(resolve => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    const client = {id: 'cli', version: '0.0.1', platform: 'linux', mode: 'cli'}
    const params = {
      minProtocol: 3,
      maxProtocol: 4,
      client,
      role: 'operator',
      scopes: [],
      caps: [],
      auth: {token: 'not-the-token'},
    }
    socket.addEventListener('message', ({data}) => {
      if (String(data).includes('connect.challenge'))
        socket.send(JSON.stringify({type: 'req', id: '1', method: 'connect', params}))
    })
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({code}) => resolve(code))
  })

if (why !== null) test.skip(`the story of a container, since ${why}`, () => {})

describe.skipIf(why !== null).each(releases.filter(isUnpacked))('a gateway in a container, %s', release => {
  let engine: Engine
  let following: ChildProcess | null = null
  let followed = ''
  let came = 0
  const secrets: string[] = []
  const isOld = !isSince(release, '2026.8.0')

  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd: engine.env['HOME'],
      env: engine.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = await collected(child)
    for (const secret of [...secrets, engine.token()]) expect(`${ended.stdout}${ended.stderr}`).not.toContain(secret)
    return ended
  }
  const plan = async (...args: string[]) => {
    const {stdout, stderr, code} = await run(...args, '--yes', '--json')
    const entries = readEntries(stdout)
    const failures = entries.flatMap(entry =>
      entry.kind === 'step-ended' && !entry.ok ? [`${entry.step}: ${entry.because}`] : [],
    )
    const wrong = entries.flatMap(entry => (entry.kind === 'proved' && !entry.ok ? [entry.what] : []))
    expect({code, failures, wrong, stderr: stderr.trim()}).toEqual({code: 0, failures: [], wrong: [], stderr: ''})
    return entries
  }
  const startedAt = (): string => engine.docker('inspect', '--format', '{{.State.StartedAt}}', containerName).trim()
  const refuse = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) expect(await comeWrong(engine.port)).toBe(1008)
    came += times
  }
  /** Whether the command inside signs in with what it finds there. */
  const commandSignsIn = (): boolean => {
    try {
      return /"ok":\s*true/.test(engine.docker('exec', '-i', containerName, 'openclaw', 'gateway', 'health', '--json'))
    } catch {
      return false
    }
  }
  const causes = async (): Promise<string[]> => {
    const {reverted} = JSON.parse((await run('copies', '--json', '--ask')).stdout) as {reverted: {cause: string}[]}
    return reverted.map(({cause}) => cause)
  }

  beforeAll(async () => {
    await built()
    engine = await startEngine(release)
    secrets.push(engine.token(), engine.envToken())
    following = spawn(process.execPath, [launcher, 'connections', '--follow', '--json', '--since', '1h'], {
      cwd: engine.env['HOME'],
      env: engine.env,
    })
    following.stdout?.setEncoding('utf8').on('data', chunk => {
      followed += chunk
    })
  }, long)

  afterAll(async () => {
    following?.kill('SIGTERM')
    await engine?.end()
  }, long)

  test(
    'is found by itself, and its refusals are counted',
    async () => {
      await refuse(3)
      const {stdout} = await run('check', '--json')
      const {gateway, counters, problems} = JSON.parse(stdout)
      expect(gateway).toMatchObject({port: engine.port, is: 'up', release})
      expect(counters.gatewayAuthFailures).toBe(3)
      expect(problems.map(({id}: {id: string}) => id)).toContain('token-mismatch')
      const {stdout: listed} = await run('connections', '--json')
      expect(
        listed
          .trim()
          .split('\n')
          .filter(line => line.includes('token-mismatch')),
      ).toHaveLength(3)
    },
    long,
  )

  test(
    'has its old token in the environment of the container, which shuts out the command of old releases alone',
    async () => {
      const {stdout} = await run('copies', '--json')
      const {copies} = JSON.parse(stdout) as {copies: {place: string; path: string; key: string; verdict: string}[]}
      expect(copies.filter(({place}) => place === 'container-env')).toMatchObject([
        {path: engine.folder, key: `${containerName}.OPENCLAW_GATEWAY_TOKEN`, verdict: 'differs'},
      ])
      expect(commandSignsIn()).toBe(!isOld)
      expect(await causes()).toEqual(isOld ? ['command-line-env'] : [])
    },
    long,
  )

  test(
    'is restarted by its engine, and that is proved',
    async () => {
      const before = startedAt()
      const entries = await plan('restart')
      expect(startedAt()).not.toBe(before)
      expect(entries).toContainEqual(
        expect.objectContaining({kind: 'proved', what: expect.stringContaining('has started again'), ok: true}),
      )
      await engine.ready()
      await refuse(2)
    },
    long,
  )

  test(
    'is given the token in force by its .env, and then the command inside signs in with it',
    async () => {
      const before = startedAt()
      await plan('propagate')
      expect(startedAt()).not.toBe(before)
      expect(engine.envToken()).toBe(engine.token())
      expect([commandSignsIn(), await causes()]).toEqual([true, []])
      await engine.ready()
      await refuse(2)
    },
    long,
  )

  test(
    'takes a new token, its container too, and an undo takes both back',
    async () => {
      const old = engine.token()
      await plan('rotate')
      await engine.ready()
      const fresh = engine.token()
      secrets.push(fresh)
      expect(fresh).not.toBe(old)
      expect([await askPort(engine.port, old), await askPort(engine.port, fresh), await askPort(engine.port, made)]).toEqual([
        401, 400, 401,
      ])
      expect([engine.envToken(), commandSignsIn()]).toEqual([fresh, true])
      await plan('undo')
      await engine.ready()
      expect(engine.token()).toBe(old)
      expect([await askPort(engine.port, old), await askPort(engine.port, fresh), await askPort(engine.port, made)]).toEqual([
        400, 401, 401,
      ])
      expect([engine.envToken(), commandSignsIn()]).toEqual([old, true])
    },
    long,
  )

  test(
    'is given the token in force by the compose file that names an old one itself, and an undo takes that back',
    async () => {
      const file = path.join(engine.folder, 'docker-compose.yml')
      const stale = 'c'.repeat(48)
      const text = fs.readFileSync(file, 'utf8').replace(`\${OPENCLAW_GATEWAY_TOKEN}`, `"${stale}" # by hand`)
      const mode = fs.statSync(file).mode & 0o777
      fs.writeFileSync(file, text)
      fs.chmodSync(file, 0o600)
      engine.compose('up', '-d')
      await engine.ready()
      expect(engine.envToken()).toBe(stale)
      await plan('propagate')
      await engine.ready()
      expect(fs.readFileSync(file, 'utf8')).toBe(text.replace(stale, engine.token()))
      expect([engine.envToken(), commandSignsIn()]).toEqual([engine.token(), true])
      await plan('undo')
      await engine.ready()
      expect([fs.readFileSync(file, 'utf8'), engine.envToken()]).toEqual([text, stale])
      fs.chmodSync(file, mode)
    },
    long,
  )

  test(
    'was followed through all of that: each refusal once, none lost',
    async () => {
      const ids = () =>
        followed
          .split('\n')
          .filter(
            line =>
              line.includes('"not-the-token"') === false && line.includes('token-mismatch') && line.includes('"version":"0.0.1"'),
          )
          .map(line => (JSON.parse(line) as {id: string}).id)
      await expect.poll(() => new Set(ids()).size, {timeout: 60_000, interval: 500}).toBe(came)
    },
    long,
  )

  test(
    'is not taken for a quiet one by a user whom the engine refuses',
    async () => {
      const args = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, launcher, 'check', '--json']
      const env = {
        ...engine.env,
        HOME: path.parse(process.cwd()).root,
        DOCKER_HOST: engine.env['DOCKER_HOST'],
        GATECRAB_STATE_DIR: '/nonexistent',
      }
      const {stdout, code} = await collected(spawn('setpriv', args, {cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe']}))
      const {problems} = JSON.parse(stdout) as {problems: {id: string; because: string}[]}
      const because = expect.stringContaining('this user may not ask the engine of docker')
      expect(problems).toContainEqual(expect.objectContaining({id: 'log-unreadable', because}))
      expect(code).not.toBe(0)
    },
    long,
  )
})
