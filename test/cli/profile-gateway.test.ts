import {type ChildProcess, spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {writeProfiles} from '../../src/demo/demo.ts'
import {endEntry} from '../../src/domain/plans/journal.ts'
import {loginRows} from '../../src/sources/plans/login-rows.ts'
import {bundle} from '../e2e/built.ts'
import {askPort, collected, type Home, startHome} from '../fixtures/stubs/home.ts'

let home: Home
let work: ChildProcess
let port: number

const folder = (): string => path.join(home.home, '.openclaw-work')
const workToken = (): string => JSON.parse(fs.readFileSync(path.join(folder(), 'openclaw.json'), 'utf8')).gateway.auth.token

beforeEach(async () => {
  home = await startHome()
  fs.mkdirSync(folder(), {mode: 0o700})
  const stub = path.join(import.meta.dirname, '../fixtures/stubs/gateway.ts')
  work = spawn(process.execPath, [stub, folder()], {stdio: ['ignore', 'pipe', 'inherit']})
  await new Promise<void>(resolve => work.stdout?.on('data', chunk => String(chunk).includes('ready') && resolve()))
  port = JSON.parse(fs.readFileSync(path.join(folder(), 'stub.json'), 'utf8')).port
})

afterEach(async () => {
  work.kill('SIGKILL')
  await home.end()
})

/** Everything that another gateway's plan must leave alone, byte for byte. */
const bytesIn = (dir: string): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(dir, {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile())
      .map(({parentPath, name}) => path.join(parentPath, name))
      .map(file => [file, fs.readFileSync(file, 'base64')]),
  )

type Call = {args: string[]; env: Record<string, string>}
const calls = (): Call[] => home.calls() as unknown as Call[]

/** The default gateway's shell, in which somebody works on a profile. */
const shell = (): Record<string, string> => ({
  STUB_LOG_ENV: '1',
  OPENCLAW_PROFILE: 'other',
  OPENCLAW_STATE_DIR: home.stateDir,
  OPENCLAW_CONFIG_PATH: home.configFile,
  OPENCLAW_SYSTEMD_UNIT: 'openclaw-gateway.service',
})

const run = async (...args: string[]) => home.run([...args, '--json', '--yes'], shell())

describe('two gateways of one account', () => {
  test('each plan with --profile acts on that gateway alone, and every command is bound to it', async () => {
    const [before, old, defaultToken] = [bytesIn(home.stateDir), workToken(), home.token()]
    const flags = ['--profile', 'work']
    for (const fix of ['rotate', 'verify', 'restart', 'undo', 'propagate'])
      expect([fix, endEntry((await run(fix, ...flags)).entries)?.outcome]).toEqual([fix, 'done'])
    expect([workToken(), await askPort(port, old)]).toEqual([old, 400])
    expect([home.token(), await home.ask(defaultToken), bytesIn(home.stateDir)]).toEqual([defaultToken, 400, before])
    const asked = calls()
    expect(asked.map(({args}) => args.slice(2, 4).join(' '))).toEqual(expect.arrayContaining(['config patch', 'gateway restart']))
    for (const {args, env} of asked.filter(call => !call.args.includes('--version')))
      expect({flags: args.slice(0, 2), env}).toEqual({
        flags,
        env: {
          OPENCLAW_STATE_DIR: folder(),
          OPENCLAW_CONFIG_PATH: path.join(folder(), 'openclaw.json'),
          OPENCLAW_GATEWAY_PORT: String(port),
        },
      })
  })

  test('renew with --profile saves in the logins of that gateway, and undo takes back there', async () => {
    const logins = (dir: string) => loginRows({kind: 'sqlite', path: path.join(dir, 'state/openclaw.sqlite')})
    for (const dir of [home.stateDir, folder()]) writeProfiles(dir, Date.now())
    const [before, old] = [await logins(home.stateDir), (await logins(folder()))?.get('anthropic:manual')]
    const fresh = `sk-ant-oat01-FAKE${'Q'.repeat(86)}-BB`
    const args = [bundle, 'renew', 'anthropic:manual', '--profile', 'work']
    const child = spawn(process.execPath, [...args, '--yes', '--json'], {cwd: home.home, env: home.env(shell()), stdio: 'pipe'})
    child.stdin.end(`${fresh}\n`)
    const {code, stderr} = await collected(child)
    expect([code, stderr]).toEqual([0, ''])
    expect((await logins(folder()))?.get('anthropic:manual')?.['token']).toBe(fresh)
    expect(await logins(home.stateDir)).toEqual(before)
    expect(endEntry((await run('undo', '--profile', 'work')).entries)?.outcome).toBe('done')
    expect((await logins(folder()))?.get('anthropic:manual')?.['token']).toBe(old?.['token'])
    expect(await logins(home.stateDir)).toEqual(before)
  })

  test('a plan on the default gateway leaves the profile alone, whatever OPENCLAW_PROFILE says', async () => {
    const [before, token, old] = [bytesIn(folder()), workToken(), home.token()]
    const env = {STUB_LOG_ENV: '1', OPENCLAW_PROFILE: 'work'}
    for (const fix of ['rotate', 'restart', 'undo'])
      expect(endEntry((await home.run([fix, '--yes', '--json'], env)).entries)?.outcome).toBe('done')
    expect([home.token(), await home.ask(old)]).toEqual([old, 400])
    expect([await askPort(port, token), bytesIn(folder())]).toEqual([400, before])
    for (const call of calls().filter(({args}) => !args.includes('--version')))
      expect(call.env).toEqual({
        OPENCLAW_STATE_DIR: home.stateDir,
        OPENCLAW_CONFIG_PATH: home.configFile,
        OPENCLAW_GATEWAY_PORT: String(home.port),
      })
  })
})
