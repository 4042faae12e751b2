import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {portHolder} from '../../src/sources/service/port-holder.ts'
import {storedSecret} from '../../src/sources/token/secret-store.ts'
import {built, bundle} from '../e2e/built.ts'
import {askPort, collected, type Ended} from '../fixtures/stubs/home.ts'
import {sampleProcesses, writtenIn} from '../fixtures/stubs/leaks.ts'

/** Installed for the script that starts a real gateway; named by GATECRAB_REAL_TOOL. */
const release = '2026.9.6'
const cache = process.env['GATEWAY_CACHE'] ?? path.join(os.homedir(), '.cache/gatecrab-real')
const tool = process.env['GATECRAB_REAL_TOOL'] ?? path.join(import.meta.dirname, '../../../shared/tools/real-gateway')
const bin = path.join(cache, release, 'node_modules/.bin')
const isInstalled = fs.existsSync(tool) && fs.existsSync(path.join(bin, 'openclaw'))

const slow = {timeout: 90_000, interval: 250}

describe.skipIf(!isInstalled)('how a real 2026.9.6 keeps its secret', () => {
  let home: string
  let port: number
  let state: string
  let first: string
  let again: ChildProcess | null = null

  const env = (): Record<string, string> => ({
    HOME: home,
    PATH: `${bin}:/usr/bin:/bin`,
    TERM: 'dumb',
    OPENCLAW_DISABLE_BONJOUR: '1',
  })
  const configFile = (): string => path.join(home, '.openclaw/openclaw.json')
  const run = (...args: string[]): Promise<Ended> =>
    collected(
      spawn(process.execPath, [bundle, ...args], {
        ...{cwd: home, stdio: ['ignore', 'pipe', 'pipe']},
        env: {...env(), GATECRAB_STATE_DIR: state},
      }),
    )
  const openclaw = (args: readonly string[], input = ''): string =>
    execFileSync(path.join(bin, 'openclaw'), args, {
      cwd: home,
      env: env(),
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  const patch = (auth: object, more: object = {}): string =>
    openclaw(['config', 'patch', '--stdin'], JSON.stringify({gateway: {auth}, ...more}))
  const takes = (secret: string) => vi.waitUntil(async () => (await askPort(port, secret)) === 400, slow)
  const enforces = async (right: string, wrong: string): Promise<void> => {
    expect([await askPort(port, right), await askPort(port, wrong), await askPort(port, right)]).toEqual([400, 401, 400])
  }
  const stopAll = async (): Promise<void> => {
    const holder = await portHolder({host: '127.0.0.1', port})
    if (holder !== null) process.kill(holder.pid, 'SIGTERM')
    await vi.waitUntil(async () => (await portHolder({host: '127.0.0.1', port})) === null, slow)
  }
  /** What a person does in the terminal in which it runs. */
  const startAgain = async (): Promise<void> => {
    await stopAll()
    again = spawn(path.join(bin, 'openclaw'), ['gateway', 'run'], {cwd: home, env: env(), stdio: 'ignore', detached: true})
  }

  beforeAll(async () => {
    await built()
    const text = execFileSync(tool, ['start', release], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
    const output = Object.fromEntries(text.split('\n').map(line => line.split('='))) as Record<string, string>
    home = output['HOME_OF_GATEWAY'] ?? ''
    port = Number(output['PORT'])
    first = output['TOKEN'] ?? ''
    state = path.join(home, 'gatecrab')
  }, 300_000)

  afterAll(async () => {
    await stopAll()
    execFileSync(tool, ['stop', home], {stdio: 'ignore'})
    again?.unref()
    fs.rmSync(home, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
  }, 120_000)

  test('gateway.auth vanished: the token of the last good config is put back, and the gateway begins again with it by itself', async () => {
    await takes(first)
    const config = JSON.parse(fs.readFileSync(configFile(), 'utf8')) as {gateway: {auth?: object}}
    fs.writeFileSync(`${configFile()}.bak`, JSON.stringify(config), {mode: 0o600})
    delete config.gateway.auth
    fs.writeFileSync(`${configFile()}.new`, JSON.stringify(config), {mode: 0o600})
    fs.renameSync(`${configFile()}.new`, configFile())
    await vi.waitUntil(async () => (await askPort(port, first)) === 401, slow)
    const {code, stderr, entries} = await run('put-back', '--yes', '--json')
    expect([code, stderr, endEntry(entries)?.outcome]).toEqual([0, '', 'done'])
    await enforces(first, 'f'.repeat(48))
  })

  test('replaced by accident: put back, and that taken back', async () => {
    const accident = 'a'.repeat(48)
    patch({token: accident})
    await takes(accident)
    expect((await run('put-back', '--yes')).code).toBe(0)
    await enforces(first, accident)
    expect((await run('undo', '--yes')).code).toBe(0)
    await enforces(accident, first)
    patch({token: first})
    await takes(first)
  })

  /** `stored`: what lies at the source now; `person`: who is needed while it runs. */
  const turnsRound = async (stored: () => string, person: (running: Promise<Ended>) => Promise<Ended>): Promise<void> => {
    const old = stored()
    const config = fs.readFileSync(configFile(), 'utf8')
    await takes(old)
    const sampling = sampleProcesses()
    const rotated = await person(run('rotate', '--yes', '--json'))
    const fresh = stored()
    expect([rotated.code, rotated.stderr, endEntry(rotated.entries)?.because]).toEqual([0, '', null])
    expect(fresh).not.toBe(old)
    await enforces(fresh, old)
    expect((await run('verify', '--json')).entries.flatMap(entry => (entry.kind === 'proved' ? [entry.ok] : []))).not.toContain(
      false,
    )
    const undone = await person(run('undo', '--yes', '--json'))
    expect([undone.code, undone.stderr, stored()]).toEqual([0, '', old])
    await enforces(old, fresh)
    const {argv, environ} = sampling.stop()
    // A variable of the gateway is inherited by what it starts.
    const seen = [rotated.stdout, undone.stdout, argv, journalsIn(), ...(person === alone ? [environ] : [])]
    expect(seen.filter(text => text.includes(old) || text.includes(fresh))).toEqual([])
    expect(fs.readFileSync(configFile(), 'utf8')).toBe(config)
  }
  const journalsIn = (): string => writtenIn(path.join(state, 'journals'))
  const alone = (running: Promise<Ended>): Promise<Ended> => running

  const propagates = async (secret: string): Promise<void> => {
    const remote = {mode: 'local', remote: {url: `ws://127.0.0.1:${port}`, token: 'b'.repeat(48)}}
    openclaw(['config', 'patch', '--stdin'], JSON.stringify({gateway: remote}))
    expect((await run('propagate', '--yes')).code).toBe(0)
    const {gateway} = JSON.parse(fs.readFileSync(configFile(), 'utf8')) as {gateway: {remote: {token: string}}}
    expect(gateway.remote.token).toBe(secret)
  }

  test('a value of the secret store: set on standard input, reloaded, proved, taken back and propagated', async () => {
    openclaw(['secrets', 'store', 'set', 'GW_TOKEN', '--kind', 'secret'], first)
    patch({token: {source: 'store', provider: 'default', id: 'GW_TOKEN'}})
    const database = path.join(home, '.openclaw/state/openclaw.sqlite')
    const stored = (): string => storedSecret(database, 'GW_TOKEN')?.reveal() ?? ''
    await turnsRound(stored, alone)
    await propagates(stored())
  })

  test('a secret file of one value, and one of JSON: written whole, reloaded, proved, taken back and propagated', async () => {
    const [plain, json] = [path.join(home, 'gw.txt'), path.join(home, 'gw.json')]
    fs.writeFileSync(plain, `${first}\n`, {mode: 0o600})
    fs.writeFileSync(json, JSON.stringify({other: 'kept', gw: {token: first}}, null, 2), {mode: 0o600})
    const providers = {
      plain: {source: 'file', path: plain, mode: 'singleValue'},
      json: {source: 'file', path: json, mode: 'json'},
    }
    patch({token: {source: 'file', provider: 'plain', id: 'value'}}, {secrets: {providers}})
    const ofPlain = (): string => fs.readFileSync(plain, 'utf8').trim()
    await turnsRound(ofPlain, alone)
    expect(fs.statSync(plain).mode & 0o777).toBe(0o600)
    await propagates(ofPlain())
    patch({token: {source: 'file', provider: 'json', id: '/gw/token'}})
    const inJson = () => JSON.parse(fs.readFileSync(json, 'utf8')) as {other: string; gw: {token: string}}
    await turnsRound(() => inJson().gw.token, alone)
    expect(inJson().other).toBe('kept')
  })

  test('a variable of .env: written, read by a new process, proved, taken back and propagated', async () => {
    const file = path.join(home, '.openclaw/.env')
    fs.writeFileSync(file, `# ours\nMY_GW=${first}\n`, {mode: 0o600})
    patch({token: {source: 'env', provider: 'default', id: 'MY_GW'}})
    await startAgain()
    await takes(first)
    const person = async (running: Promise<Ended>): Promise<Ended> => {
      const before = fs.readFileSync(file, 'utf8')
      await vi.waitUntil(() => fs.readFileSync(file, 'utf8') !== before, slow)
      await startAgain()
      return running
    }
    const stored = (): string => /^MY_GW=(.*)$/m.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? ''
    await turnsRound(stored, person)
    expect(fs.readFileSync(file, 'utf8')).toContain('# ours\n')
    await propagates(stored())
  })

  test('a password: rotated, proved, taken back and propagated like a token', async () => {
    const before = fs.readFileSync(configFile())
    const old = 'correct horse battery staple'.replaceAll(' ', '-')
    patch({mode: 'password', password: old, token: null})
    await takes(old)
    const read = () =>
      (JSON.parse(fs.readFileSync(configFile(), 'utf8')) as {gateway: {auth: {password: string}; remote: {password?: string}}})
        .gateway
    const rotated = await run('rotate', '--yes', '--json')
    const fresh = read().auth.password
    expect([rotated.code, rotated.stderr, endEntry(rotated.entries)?.because]).toEqual([0, '', null])
    expect(
      entriesOf(rotated.entries, 'proved')
        .map(({what}) => what)
        .join(),
    ).toContain('the old password')
    await enforces(fresh, old)
    expect((await run('verify')).code).toBe(0)
    openclaw(['config', 'patch', '--stdin'], JSON.stringify({gateway: {remote: {password: old}}}))
    expect((await run('propagate', '--yes')).code).toBe(0)
    expect(read().remote.password).toBe(fresh)
    expect((await run('undo', '--yes')).code).toBe(0)
    expect((await run('undo', '--yes', '--json')).code).toBe(0)
    expect(read().auth.password).toBe(old)
    await enforces(old, fresh)
    expect(rotated.stdout + journalsIn()).not.toMatch(new RegExp(`${old}|${fresh}`))
    fs.writeFileSync(configFile(), before, {mode: 0o600})
    await startAgain()
    await takes(first)
  })

  test('a command is refused, and named', async () => {
    const config = JSON.parse(fs.readFileSync(configFile(), 'utf8')) as {gateway: {auth: {token: unknown}}; secrets?: object}
    config.gateway.auth.token = {source: 'exec', provider: 'vault', id: 'gw'}
    config.secrets = {providers: {vault: {source: 'exec', command: '/usr/bin/true'}}}
    const before = fs.readFileSync(configFile(), 'utf8')
    fs.writeFileSync(configFile(), JSON.stringify(config), {mode: 0o600})
    const {code, stderr} = await run('rotate', '--yes')
    fs.writeFileSync(configFile(), before, {mode: 0o600})
    expect([code, stderr]).toEqual([1, expect.stringContaining('vault')])
  })
})
