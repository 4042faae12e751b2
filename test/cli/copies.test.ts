import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {type DemoGateway, type GatewayOptions, startDemoGateway} from '../../src/demo/server/gateway.ts'
import {compileCache} from '../compile-cache.ts'
import {comeAndGo} from '../demo/demo-client.ts'
import {built, bundle} from '../e2e/built.ts'
import {configText, gaveAway, type Home, newHome, tokens} from '../sources/token-home.ts'

const name = 'OPENCLAW_GATEWAY_TOKEN'
const {now, old, other, fresh} = tokens

beforeAll(built)

let home: Home
let gateway: DemoGateway | null = null
beforeEach(() => {
  home = newHome()
})
afterEach(async () => {
  await gateway?.stop()
  gateway = null
  home.remove()
})

const start = async (config: NonNullable<GatewayOptions['config']>['gateway'] = {}): Promise<DemoGateway> => {
  const auth = {token: now, ...config.auth}
  gateway = await startDemoGateway({
    folder: home.state,
    config: {gateway: {...config, auth}},
    timing: {startMs: 0, pollMs: 10, delayScale: 0},
  })
  return gateway
}

type Ran = {code: number | null; stdout: string; stderr: string}

/** Whatever comes out is searched for eight characters in a row of any token. */
const run = async (argv: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> => {
  const set = {...home.hostEnv().env, TMPDIR: home.folder, TZ: 'UTC', TERM: 'dumb', ...compileCache, ...env}
  const child = spawn(process.execPath, [bundle, 'copies', ...argv], {
    env: set,
    cwd: home.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ran: Ran = {code: null, stdout: '', stderr: ''}
  child.stdout.on('data', data => (ran.stdout += data))
  child.stderr.on('data', data => (ran.stderr += data))
  const [code] = await once(child, 'close')
  ran.code = code
  expect(gaveAway(`${ran.stdout}${ran.stderr}${home.calls().join('\n')}`)).toEqual([])
  return ran
}

type Copy = {place: string; verdict: string; wins: boolean; fingerprint: string | null; problem: string | null}
type Document = {
  enforced: Record<string, unknown>
  gateway: Record<string, unknown>
  commandLine: Record<string, unknown>
  problems: {id: string}[]
  reverted: {cause: string}[]
  copies: Copy[]
  clients: Record<string, unknown>[]
}

const read = async (
  argv: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Document & {code: number | null; stderr: string}> => {
  const {stdout, code, stderr} = await run([...argv, '--json'], env)
  return {...(JSON.parse(stdout) as Document), code, stderr}
}

const verdicts = ({copies}: Document): string[] =>
  copies.filter(({verdict}) => verdict !== 'unknown' && verdict !== 'absent').map(({place, verdict}) => `${place} ${verdict}`)

describe('a gateway that runs', () => {
  test('takes what the config says: proven by one question, exit 0', async () => {
    const {port} = await start()
    const document = await read()
    expect(document.code).toBe(0)
    expect(document.stderr).toBe('')
    expect(document.enforced).toMatchObject({fingerprint: '1111…1111', by: 'oracle', acceptsAnything: null, because: null})
    expect(document.gateway).toMatchObject({host: '127.0.0.1', port, pid: process.pid, release: '2026.9.6'})
    expect(document.copies[0]).toEqual({
      place: 'config',
      title: 'config',
      path: home.config,
      key: 'gateway.auth.token',
      kind: 'literal',
      pointsTo: null,
      fingerprint: '1111…1111',
      wins: true,
      verdict: 'agrees',
      writable: true,
      mode: '0600',
      problem: null,
      problems: [],
      card: 'Run `gatecrab rotate`; where it is a reference, change what it points to.',
      outOfReach: false,
    })
    expect(document.commandLine).toMatchObject({place: 'config', agrees: true})
    expect(document.problems).toEqual([])
  })

  test('with --ask: others once, a made-up one, and that authentication is on', async () => {
    await start()
    home.write('.openclaw/.env', `${name}=${old}\n`)
    const document = await read(['--ask'])
    expect(document.enforced).toMatchObject({fingerprint: '1111…1111', acceptsAnything: false})
    expect(verdicts(document)).toEqual(['config agrees', 'dotenv differs'])
    expect(document.code).toBe(0)
  })

  test('a mismatch that matters in that release, exit 1', async () => {
    await start()
    home.write('.openclaw/.env', `${name}=${old}\n`)
    const document = await read(['--release', '2026.6.11'])
    expect(document.code).toBe(1)
    expect(document.problems.map(({id}) => id)).toEqual(['command-line-differs'])
    expect(document.reverted.map(({cause}) => cause)).toEqual(['command-line-env'])
  })

  test('a stale variable of this shell, by release', async () => {
    await start()
    expect((await read(['--release', '2026.7.35'], {[name]: old})).code).toBe(1)
    expect((await read(['--release', '2026.9.6'], {[name]: old})).code).toBe(0)
  })

  test('it took another than the config says: without --ask only told, with --ask found', async () => {
    const {configFile} = await start({reload: {mode: 'off'}})
    const running = fs.readFileSync(configFile, 'utf8')
    await gateway?.stop()
    home.write('kept.json', running)
    gateway = await startDemoGateway({folder: home.state, timing: {startMs: 0, pollMs: 3_600_000, delayScale: 0}})
    home.write('.openclaw/openclaw.json.bak', running)
    home.write('.openclaw/openclaw.json', running.replace(now, fresh))
    const quiet = await read()
    expect(quiet).toMatchObject({code: 1, enforced: {fingerprint: null, by: 'oracle'}})
    expect(quiet.problems.map(({id}) => id)).toEqual(['unknown-token', 'reload-off'])
    const asked = await read(['--ask'])
    expect(asked).toMatchObject({code: 1, enforced: {fingerprint: '1111…1111', by: 'oracle', acceptsAnything: false}})
    expect(verdicts(asked)).toEqual(['config differs', 'backup agrees'])
  })

  test('who was refused for a token, with where such a client keeps it', async () => {
    const demo = await start()
    await comeAndGo(demo, {connect: {auth: {token: old}}})
    const {clients} = await read()
    expect(clients).toMatchObject([{id: 'cli', refused: 1, lastReason: 'token-mismatch', holds: 'script', state: 'stuck'}])
    expect(clients[0]?.['card']).toContain(name)
  })

  test('a leaked line of the token in use, and a config that everybody can read', async () => {
    await start()
    home.write(
      '.openclaw/logs/config-audit.jsonl',
      JSON.stringify({argv: ['openclaw', 'config', 'set', 'gateway.auth.token', now]}),
    )
    expect(await read()).toMatchObject({code: 1})
    fs.rmSync(path.join(home.state, 'logs/config-audit.jsonl'))
    expect(await read()).toMatchObject({code: 0})
    fs.chmodSync(home.config, 0o644)
    expect(await read()).toMatchObject({code: 1})
  })
})

describe('what cannot be found out, exit 3', () => {
  test('nobody listens: what it should take is told as a guess', async () => {
    home.write('.openclaw/openclaw.json', configText(now, {}).replace('"mode": "local"', '"mode": "local", "port": 1'))
    const document = await read()
    expect(document.code).toBe(3)
    expect(document.stderr).toContain('Which token the gateway takes is not proven: nothing listens on its port.')
    expect(document.enforced).toMatchObject({fingerprint: '1111…1111', by: 'config', provenAt: null})
    expect(document.copies[0]).toMatchObject({verdict: 'agrees'})
  })

  test('a machine that is only a client', async () => {
    home.write('.openclaw/openclaw.json', JSON.stringify({gateway: {mode: 'remote', remote: {token: now}}}))
    const document = await read()
    expect([document.code, document.enforced['because']]).toEqual([
      3,
      'this machine is a client of a gateway elsewhere; name that one with --url',
    ])
  })

  test('a client, with the gateway named', async () => {
    const {url} = await start()
    const config = home.write('client/openclaw.json', JSON.stringify({gateway: {mode: 'remote', remote: {token: now}}}))
    expect(await read(['--config', config, '--url', url])).toMatchObject({code: 0, enforced: {fingerprint: '1111…1111'}})
  })

  test('a config that is none', async () => {
    home.write('.openclaw/openclaw.json', `{gateway:{auth:{token:"${now}"`)
    const document = await read()
    expect([document.code, document.problems.map(({id}) => id)]).toEqual([3, ['config-unreadable']])
  })
})

test('nothing set: exit 1, and the cure', async () => {
  home.write('.openclaw/openclaw.json', '{gateway:{mode:"local",port:1}}')
  const {stdout, code} = await run()
  expect(code).toBe(1)
  expect(stdout).toContain('No token is set anywhere')
  expect(stdout).toContain('openclaw doctor --generate-gateway-token')
})

test('a wrong --url is wrong usage', async () => {
  expect(await run(['--url', 'nowhere'])).toMatchObject({code: 64, stdout: ''})
})

describe('as text', () => {
  test('every line fits into 80 columns', async () => {
    await start()
    home.write('.openclaw/.env', `${name}="${old}"\n${name}="${other} "\n`, 0o644)
    home.write('.openclaw/openclaw.json.bak', configText(old))
    home.write('gw/compose.yaml', `services:\n  openclaw:\n    environment:\n      - ${name}="${other}"\n`)
    const {stdout, code} = await run(['--release', '2026.6.11', '--compose', 'gw', '--remote', 'ops@studio'])
    expect(code).toBe(1)
    expect(stdout.split('\n').filter(line => line.length > 80 && !line.includes(home.folder))).toEqual([])
    expect(stdout).toContain('It takes 1111…1111, as it said itself at')
    expect(stdout).toMatch(/^\* config +1111…1111 +agrees +0600 ~\/\.openclaw\/openclaw\.json$/m)
    expect(stdout).toMatch(/^! \.env +3333…3333 +differs +0644 ~\/\.openclaw\/\.env$/m)
    expect(stdout).toContain('another machine')
    expect(stdout).toContain('browser tabs: Run `openclaw dashboard`')
    expect((await run(['--ascii'])).stdout).toMatch(/^[\n -~]*$/)
  })

  test('authentication that is off comes first', async () => {
    home.write('.openclaw/openclaw.json', JSON.stringify({gateway: {port: 1, auth: {mode: 'none', token: now}}}))
    const {stdout, code} = await run()
    expect(code).toBe(1)
    expect(stdout.indexOf('AUTHENTICATION IS OFF')).toBeGreaterThan(0)
    expect(stdout.indexOf('AUTHENTICATION IS OFF')).toBeLessThan(stdout.indexOf('COPY'))
  })

  test('what strangers wrote into a path or a variable cannot paint the terminal', async () => {
    home.write('.openclaw/openclaw.json', configText(now))
    home.write('.openclaw/openclaw.json.bak\u001b[31m', configText(old))
    expect((await run()).stdout).not.toContain('\u001b')
  })
})
