import {execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import https from 'node:https'
import os from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {isSince} from '../../src/domain/release.ts'
import {portHolder} from '../../src/sources/service/port-holder.ts'
import {bundle} from '../e2e/built.ts'
import {askPort, collected, type Ended} from '../fixtures/stubs/home.ts'
import {sampleProcesses} from '../fixtures/stubs/leaks.ts'

/** Which releases are installed for the script that starts a real gateway; named by GATECRAB_REAL_TOOL. */
const cache = process.env['GATEWAY_CACHE'] ?? path.join(os.homedir(), '.cache/gatecrab-real')
const tool = process.env['GATECRAB_REAL_TOOL'] ?? path.join(import.meta.dirname, '../../../shared/tools/real-gateway')
const isInstalled = (release: string): boolean => fs.existsSync(path.join(cache, release, 'node_modules/.bin/openclaw'))
const releases = ['2026.9.6', '2026.8.2', '2026.6.11', '2026.3.13'].filter(
  release => fs.existsSync(tool) && (isInstalled(release) || process.env['GATECRAB_REAL'] === '1'),
)

type Real = {home: string; port: number; bin: string; token: () => string; run: (...args: string[]) => Promise<Ended>}

const started = (release: string): Real => {
  const text = execFileSync(tool, ['start', release], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
  const output = Object.fromEntries(text.split('\n').map(line => line.split('='))) as Record<string, string>
  const home = output['HOME_OF_GATEWAY'] ?? ''
  const bin = output['BIN'] ?? ''
  const env = {HOME: home, PATH: `${bin}:/usr/bin:/bin`, TERM: 'dumb', OPENCLAW_DISABLE_BONJOUR: '1'}
  const config = path.join(home, '.openclaw/openclaw.json')
  return {
    home,
    bin,
    port: Number(output['PORT']),
    token: () => (JSON.parse(fs.readFileSync(config, 'utf8')) as {gateway: {auth: {token: string}}}).gateway.auth.token,
    run: (...args) => collected(spawn(process.execPath, [bundle, ...args], {cwd: home, env, stdio: ['ignore', 'pipe', 'pipe']})),
  }
}

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {}
}

const none = test.skipIf(releases.length > 0)
none('no real gateway is installed here', () => {
  expect(releases).toEqual([])
})

describe.each(releases)('a real gateway, %s', release => {
  let real: Real

  beforeAll(() => {
    real = started(release)
  }, 300_000)

  /** Old releases start again as another process, in a group of its own. */
  afterAll(async () => {
    const holder = await portHolder({host: '127.0.0.1', port: real.port})
    execFileSync(tool, ['stop', real.home], {stdio: 'ignore'})
    if (holder !== null) end(holder.pid)
    fs.rmSync(real.home, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
  })

  const enforces = async (token: string, not: string): Promise<void> => {
    expect([await askPort(real.port, token), await askPort(real.port, not), await askPort(real.port, token)]).toEqual([
      400, 401, 400,
    ])
  }

  test('rotate, verify, undo, each proven from outside', async () => {
    const old = real.token()
    const sampling = sampleProcesses()
    const rotated = await real.run('rotate', '--yes', '--json')
    const fresh = real.token()
    expect([rotated.code, rotated.stderr, endEntry(rotated.entries)?.outcome]).toEqual([0, '', 'done'])
    expect(fresh).not.toBe(old)
    await enforces(fresh, old)
    expect((await real.run('verify', '--json')).code).toBe(0)
    const undone = await real.run('undo', '--yes', '--json')
    expect([undone.code, real.token()]).toEqual([0, old])
    await enforces(old, fresh)
    expect(rotated.stdout + undone.stdout + Object.values(sampling.stop()).join()).not.toMatch(new RegExp(`${old}|${fresh}`))
  })

  test('restart: again where this release restarts a gateway of its own, else told that it did not', async () => {
    const token = real.token()
    const {code, entries} = await real.run('restart', '--yes', '--json')
    if (isSince(release, '2026.7.0')) {
      expect(code).toBe(0)
      expect(entriesOf(entries, 'proved').map(({ok}) => ok)).toEqual([true, true])
    } else {
      expect(code).toBe(1)
      expect(endEntry(entries)).toMatchObject({changed: false, because: expect.stringContaining('not-loaded')})
    }
    await enforces(token, 'f'.repeat(48))
  })

  test('propagate and clean-up, and the old token is nowhere any more', async () => {
    const old = real.token()
    const dotenv = path.join(real.home, '.openclaw/.env')
    fs.writeFileSync(dotenv, `OPENCLAW_GATEWAY_TOKEN=${old}\n`, {mode: 0o600})
    expect((await real.run('rotate', '--yes')).code).toBe(0)
    expect((await real.run('propagate', '--yes')).code).toBe(0)
    expect(fs.readFileSync(dotenv, 'utf8')).toBe(`OPENCLAW_GATEWAY_TOKEN=${real.token()}\n`)
    expect((await real.run('clean-up', '--yes')).code).toBe(0)
    const remaining = ['openclaw.json', 'openclaw.json.bak', 'openclaw.json.last-good', '.env'].map(name =>
      path.join(real.home, '.openclaw', name),
    )
    expect(remaining.filter(file => fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes(old))).toEqual([])
    await enforces(real.token(), old)
  })
})

describe.skipIf(!releases.includes('2026.9.6'))('a real gateway behind TLS, with the certificate it made itself', () => {
  let real: Real

  const overTls = (token: string): Promise<number> =>
    new Promise(resolve => {
      const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'}
      const where = {host: '127.0.0.1', port: real.port, path: '/tools/invoke', method: 'POST', rejectUnauthorized: false}
      const call = https.request({...where, headers, agent: false}, response => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      })
      call.on('error', () => resolve(0))
      call.end('{}')
    })

  beforeAll(async () => {
    real = started('2026.9.6')
    const file = path.join(real.home, '.openclaw/openclaw.json')
    const config = JSON.parse(fs.readFileSync(file, 'utf8')) as {gateway: object}
    fs.writeFileSync(file, JSON.stringify({...config, gateway: {...config.gateway, tls: {enabled: true}}}), {mode: 0o600})
    await vi.waitUntil(async () => (await overTls(real.token())) === 400, {timeout: 60_000, interval: 250})
  }, 300_000)

  afterAll(async () => {
    const holder = await portHolder({host: '127.0.0.1', port: real.port})
    execFileSync(tool, ['stop', real.home], {stdio: 'ignore'})
    if (holder !== null) end(holder.pid)
    fs.rmSync(real.home, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
  })

  test('rotate, verify, restart, undo', async () => {
    const old = real.token()
    const rotated = await real.run('rotate', '--yes', '--json')
    expect([rotated.code, rotated.stderr]).toEqual([0, ''])
    const fresh = real.token()
    expect([await overTls(fresh), await overTls(old), await overTls(fresh)]).toEqual([400, 401, 400])
    expect((await real.run('verify')).code).toBe(0)
    const restarted = await real.run('restart', '--yes', '--json')
    expect([restarted.code, entriesOf(restarted.entries, 'proved').map(({ok}) => ok)]).toEqual([0, [true, true]])
    expect((await real.run('undo', '--yes')).code).toBe(0)
    expect([await overTls(old), await overTls(fresh), await overTls(old)]).toEqual([400, 401, 400])
  })
})
