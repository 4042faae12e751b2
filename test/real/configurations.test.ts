import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeAll, describe, expect, test, vi} from 'vitest'
import {endEntry, readEntries} from '../../src/domain/plans/journal.ts'
import {freePort} from '../cli/free-port.ts'
import {built} from '../e2e/built.ts'
import {askPort} from '../fixtures/stubs/home.ts'
import {cacheFolder, isInstalled} from './traffic-recorder.ts'

const release = '2026.9.6'
const long = 600_000
const bin = path.join(cacheFolder, release, 'node_modules/.bin')
const tokens = {config: '1a'.repeat(24), flag: '2b'.repeat(24), random: '3c'.repeat(24)}

type Row = {
  gateway: object
  /** What the file beside the config holds, which the gateway section names. */
  included?: (port: number) => string
  args?: (port: number) => string[]
  env?: (port: number, home: string) => Record<string, string>
  /** Where the config lies, seen from home. */
  at?: string
  /** Names in home that lead elsewhere in it. */
  links?: Readonly<Record<string, string>>
}

type Copy = {place: string; wins: boolean; verdict: string; problem: string | null}
type Seen = {home: string; port: number; run: (...argv: string[]) => Promise<{stdout: string; stderr: string}>}

let gateway: ChildProcess | null = null
let home = ''

const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  HOME: home,
  PATH: `${bin}:/usr/bin:/bin`,
  TERM: 'dumb',
  OPENCLAW_DISABLE_BONJOUR: '1',
  GATECRAB_STATE_DIR: path.join(home, 'gatecrab'),
  ...more,
})

const ran = async (...argv: string[]): Promise<{stdout: string; stderr: string}> => {
  const program = path.join(import.meta.dirname, '../../bin/gatecrab.js')
  const child = spawn(process.execPath, [program, ...argv], {cwd: home, env: environment(), stdio: ['ignore', 'pipe', 'pipe']})
  const out = {stdout: '', stderr: ''}
  child.stdout.on('data', chunk => (out.stdout += chunk))
  child.stderr.on('data', chunk => (out.stderr += chunk))
  await once(child, 'close')
  return out
}

const launch = (args: readonly string[], env: Record<string, string> = {}): void => {
  gateway = spawn(path.join(bin, 'openclaw'), ['gateway', 'run', ...args], {
    cwd: home,
    env: environment(env),
    detached: true,
    stdio: 'ignore',
  })
}

/** As a person does it in the gateway's terminal. */
const restartByHand = async (): Promise<void> => {
  const old = gateway
  if (!old?.pid) throw new Error('there is no gateway to restart')
  const over = once(old, 'exit')
  process.kill(old.pid, 'SIGINT')
  await over
  launch([])
}

const started = async ({
  gateway: section,
  included,
  args,
  env,
  at = '.openclaw/openclaw.json',
  links = {},
}: Row): Promise<Seen> => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-configured-'))
  const port = await freePort()
  const file = path.join(home, at)
  const folders = [path.dirname(file), ...('.openclaw' in links ? [] : [path.join(home, '.openclaw')])]
  for (const folder of folders) fs.mkdirSync(folder, {recursive: true, mode: 0o700})
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(path.join(home, target), path.join(home, name))
  const filled = JSON.parse(JSON.stringify(section).replaceAll('"PORT"', String(port)))
  const config = {meta: {lastTouchedVersion: release}, gateway: filled, logging: {file: path.join(home, 'gateway.jsonl')}}
  fs.writeFileSync(file, JSON.stringify(config), {mode: 0o600})
  if (included) fs.writeFileSync(path.join(path.dirname(file), 'gateway.json5'), included(port), {mode: 0o600})
  launch(args?.(port) ?? [], env?.(port, home))
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status === 200
  await vi.waitUntil(isReady, {timeout: 240_000, interval: 500})
  return {home, port, run: ran}
}

const auth = {mode: 'token', token: tokens.config}
const local = {mode: 'local', bind: 'loopback'}
const elsewhere = {...local, port: 1, auth}

const looked = async ({run}: Seen) => {
  const check = JSON.parse((await run('check', '--json')).stdout)
  const copies = JSON.parse((await run('copies', '--ask', '--json')).stdout) as {
    enforced: {fingerprint: string | null; by: string}
    copies: Copy[]
  }
  return {check, ...copies, wins: copies.copies.filter(({wins}) => wins).map(({place}) => place)}
}

const rotated = async ({run}: Seen): Promise<{outcome: string | undefined; stderr: string}> => {
  const {stdout: text, stderr: output} = await run('rotate', '--yes', '--json')
  return {outcome: endEntry(readEntries(text))?.outcome, stderr: output}
}

const journalText = (): string => {
  const folder = path.join(home, 'gatecrab/journals')
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  return files.map(file => fs.readFileSync(path.join(folder, file), 'utf8')).join('')
}

const dead = /gateway-(?:killed|stopped|down)|service-stopped/

describe.skipIf(!isInstalled(release))(`the gateway as people configure it, ${release}`, () => {
  beforeAll(built)
  afterEach(() => {
    try {
      if (gateway?.pid) process.kill(-gateway.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
    fs.rmSync(home, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
  })

  const reached: readonly [string, Row][] = [
    ['its port by --port', {gateway: elsewhere, args: port => ['--port', String(port)]}],
    ['its port by its own environment', {gateway: elsewhere, env: port => ({OPENCLAW_GATEWAY_PORT: String(port)})}],
    [
      'its whole section in an included file, with comments',
      {
        gateway: {$include: './gateway.json5'},
        included: port => `// ours\n{mode: 'local', bind: 'loopback', port: ${port}, auth: ${JSON.stringify(auth)}, /* kept */}`,
      },
    ],
    [
      'its config behind a link',
      {
        gateway: {...local, port: 'PORT', auth},
        at: 'dotfiles/openclaw.json',
        links: {'.openclaw/openclaw.json': 'dotfiles/openclaw.json'},
      },
    ],
    [
      'its config by its own environment',
      {
        gateway: {...local, port: 'PORT', auth},
        at: 'etc/openclaw.json',
        env: (_, folder) => ({OPENCLAW_CONFIG_PATH: path.join(folder, 'etc/openclaw.json')}),
      },
    ],
  ]

  test.each(reached)(
    '%s: seen, named, and rotated',
    async (_, row) => {
      const seen = await started(row)
      const {check, enforced, wins} = await looked(seen)
      expect(check.gateway).toMatchObject({port: seen.port, reach: 'up'})
      expect(check.problems.map(({id}: {id: string}) => id).filter((id: string) => dead.test(id))).toEqual([])
      expect(enforced).toMatchObject({fingerprint: '1a1a…1a1a', by: 'oracle'})
      expect(wins).toEqual([row.included ? 'include' : 'config'])
      const file = path.join(seen.home, row.included ? '.openclaw/gateway.json5' : (row.at ?? '.openclaw/openclaw.json'))
      expect((await rotated(seen)).outcome).toBe('done')
      const fresh = /[0-9a-f]{48}/.exec(fs.readFileSync(file, 'utf8'))?.[0] ?? ''
      const asked = [tokens.config, fresh, tokens.random].map(token => askPort(seen.port, token))
      expect(await Promise.all(asked)).toEqual([401, 400, 401])
      for (const name of Object.keys(row.links ?? {}))
        expect(fs.lstatSync(path.join(seen.home, name)).isSymbolicLink()).toBe(true)
      if (row.included) expect(fs.readFileSync(file, 'utf8')).toMatch(/\/\/ ours[\s\S]*\/\* kept \*\//)
    },
    long,
  )

  test(
    'its token by --token: the place is named, the value never, and nothing else wins',
    async () => {
      const seen = await started({gateway: {...local, port: 'PORT', auth}, args: () => ['--token', tokens.flag]})
      const {copies, enforced, wins} = await looked(seen)
      expect(enforced.fingerprint).toBe('2b2b…2b2b')
      expect(wins).toEqual(['start-command'])
      expect(copies.find(({place}) => place === 'config')).toMatchObject({verdict: 'differs', wins: false})
      const {outcome, stderr: output} = await rotated(seen)
      expect([outcome, await askPort(seen.port, tokens.flag), await askPort(seen.port, tokens.config)]).toEqual([
        undefined,
        400,
        401,
      ])
      expect(output).toContain('start-command')
      expect(output + JSON.stringify(copies)).not.toContain(tokens.flag)
    },
    long,
  )

  test(
    'reloading off in a terminal: refused before anything is written',
    async () => {
      const seen = await started({gateway: {...local, port: 'PORT', auth, reload: {mode: 'off'}}})
      const {outcome, stderr: output} = await rotated(seen)
      expect(outcome).toBeUndefined()
      expect(output).toContain('no service runs it')
      expect([await askPort(seen.port, tokens.config), await askPort(seen.port, tokens.random)]).toEqual([400, 401])
    },
    long,
  )

  test(
    'its state folder behind a link: rotated through it, or refused before anything is written',
    async () => {
      const links = {'.openclaw': 'elsewhere'}
      const seen = await started({gateway: {...local, port: 'PORT', auth}, at: 'elsewhere/openclaw.json', links})
      const {outcome} = await rotated(seen)
      const text = fs.readFileSync(path.join(seen.home, 'elsewhere/openclaw.json'), 'utf8')
      const fresh = outcome === 'done' ? (/[0-9a-f]{48}/.exec(text)?.[0] ?? '') : tokens.config
      expect(['done', undefined]).toContain(outcome)
      expect(outcome === 'done').toBe(fresh !== tokens.config)
      expect([await askPort(seen.port, fresh), await askPort(seen.port, tokens.random)]).toEqual([400, 401])
      expect(fs.lstatSync(path.join(seen.home, '.openclaw')).isSymbolicLink()).toBe(true)
    },
    long,
  )

  test(
    'a token that a header cannot carry: said, and nothing is written',
    async () => {
      const token = `Ω${'1a'.repeat(23)}`
      const seen = await started({gateway: {...local, port: 'PORT', auth: {mode: 'token', token}}})
      const {outcome, stderr: output} = await rotated(seen)
      expect([outcome, output]).toEqual([undefined, expect.stringContaining('cannot carry the token')])
      expect(fs.readFileSync(path.join(seen.home, '.openclaw/openclaw.json'), 'utf8')).toContain(token)
    },
    long,
  )

  test(
    'a password, with a token beside: the password is in force and is rotated, the token neither agrees nor wins',
    async () => {
      const external = {mode: 'password', password: 'only for this test', token: tokens.config}
      const seen = await started({gateway: {...local, port: 'PORT', auth: external}})
      const {copies, enforced, wins} = await looked(seen)
      expect([enforced.fingerprint, wins]).toEqual(['set', ['config']])
      expect(copies.filter(({place}) => place === 'config').map(({verdict, problem}) => [verdict, problem])).toEqual([
        ['agrees', null],
      ])
      expect(await askPort(seen.port, tokens.config)).toBe(401)
      expect((await rotated(seen)).outcome).toBe('done')
      expect(await askPort(seen.port, 'only for this test')).toBe(401)
    },
    long,
  )

  test(
    'no token anywhere: it is given its first one, proved from outside',
    async () => {
      const seen = await started({gateway: {...local, port: 'PORT', auth: {mode: 'token'}}})
      expect((await looked(seen)).enforced.fingerprint).toBeNull()
      const rotating = rotated(seen)
      await vi.waitUntil(() => journalText().includes('"step":"restarted"'), {timeout: 120_000, interval: 100})
      await restartByHand()
      expect((await rotating).outcome).toBe('done')
      const {token} = JSON.parse(fs.readFileSync(path.join(seen.home, '.openclaw/openclaw.json'), 'utf8')).gateway.auth
      expect([await askPort(seen.port, token), await askPort(seen.port, tokens.random)]).toEqual([400, 401])
      expect((await seen.run('undo', '--yes')).stderr).toContain('the gateway had no token')
    },
    long,
  )
})
