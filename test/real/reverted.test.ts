import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeAll, describe, expect, test, vi} from 'vitest'
import {built, launcher} from '../e2e/built.ts'
import {askPort, collected} from '../fixtures/stubs/home.ts'
import {isOnTap, onTap, type Tap} from './traffic-recorder.ts'

const other = 'ab'.repeat(24)

/** "It reverted": each of the four causes brought about at a real gateway, and told from the others by what it left. */
describe.skipIf(!isOnTap('2026.9.6'))('what brought the old token back', () => {
  let tap: Tap
  let child: ChildProcess | null = null

  beforeAll(built)

  afterEach(() => {
    child?.kill('SIGKILL')
    tap.end()
  })

  const bin = (): string => fs.readFileSync(path.join(tap.home, 'env.sh'), 'utf8').match(/^BIN=(.*)$/m)?.[1] ?? ''
  const isUp = async (): Promise<boolean> => {
    try {
      return (await fetch(`http://127.0.0.1:${tap.port}/readyz`)).status === 200
    } catch {
      return false
    }
  }

  /** Stopped, changed and started again, with what it says on its console kept where its service would keep it. */
  const startAgain = async (change: (config: {meta?: object; gateway: {auth: {token?: string}}}) => void, ...flags: string[]) => {
    tap.signal('SIGTERM')
    await vi.waitUntil(async () => (await askPort(tap.port, other)) === 0, {timeout: 30_000, interval: 100})
    const config = JSON.parse(fs.readFileSync(tap.configFile, 'utf8'))
    change(config)
    fs.writeFileSync(tap.configFile, JSON.stringify(config), {mode: 0o600})
    const out = fs.openSync(path.join(tap.home, 'logs/console.log'), 'a')
    const env = {HOME: tap.home, PATH: `${bin()}:/usr/bin:/bin`, TERM: 'dumb', OPENCLAW_DISABLE_BONJOUR: '1'}
    child = spawn(path.join(bin(), 'openclaw'), ['gateway', 'run', ...flags], {cwd: tap.home, env, stdio: ['ignore', out, out]})
    await vi.waitUntil(isUp, {timeout: 90_000, interval: 250})
  }
  const causes = async (...flags: string[]): Promise<[string, boolean][]> => {
    const env = {HOME: tap.home, PATH: `${bin()}:/usr/bin:/bin`, TERM: 'dumb'}
    const args = [
      launcher,
      'copies',
      '--json',
      '--ask',
      '--log',
      tap.log,
      '--log',
      path.join(tap.home, 'logs/console.log'),
      ...flags,
    ]
    const {stdout} = await collected(spawn(process.execPath, args, {cwd: tap.home, env, stdio: ['ignore', 'pipe', 'pipe']}))
    const {reverted} = JSON.parse(stdout) as {reverted: {cause: string; sure: boolean}[]}
    return reverted.map(({cause, sure}) => [cause, sure])
  }
  const rotated = (): void => {
    const env = {HOME: tap.home, PATH: `${bin()}:/usr/bin:/bin`, TERM: 'dumb', OPENCLAW_DISABLE_BONJOUR: '1'}
    execFileSync(path.join(bin(), 'openclaw'), ['config', 'patch', '--stdin'], {
      env,
      input: JSON.stringify({gateway: {auth: {token: other}}}),
    })
  }

  test('an older config was put back at a start', async () => {
    tap = onTap('2026.9.6')
    const old = tap.token()
    rotated()
    await vi.waitUntil(async () => (await askPort(tap.port, other)) === 400, {timeout: 30_000})
    await startAgain(config => {
      delete config.meta
      config.gateway.auth.token = 'cd'.repeat(24)
    })
    expect([await askPort(tap.port, 'cd'.repeat(24)), tap.token() === old || tap.token() === other]).toEqual([401, true])
    expect(await causes()).toEqual([['auto-restore', true]])
  })

  test('there is no token in the config, so each start makes one up', async () => {
    tap = onTap('2026.9.6')
    await startAgain(config => {
      delete config.gateway.auth.token
    })
    expect((await causes()).map(([cause]) => cause)).toContain('no-literal')
  })

  test('it was started with --token, which the running process hides', async () => {
    tap = onTap('2026.9.6')
    await startAgain(() => {}, '--token', other)
    expect(await askPort(tap.port, other)).toBe(400)
    expect((await causes()).map(([cause]) => cause)).toEqual(['start-command'])
  })

  test.skipIf(!isOnTap('2026.6.11'))('only the command line sends the old one', async () => {
    tap = onTap('2026.6.11')
    fs.writeFileSync(path.join(tap.home, '.openclaw/.env'), `OPENCLAW_GATEWAY_TOKEN=${other}\n`, {mode: 0o600})
    expect(await askPort(tap.port, tap.token())).toBe(400)
    expect(await causes('--release', '2026.6.11')).toEqual([['command-line-env', true]])
  })
})
