import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {type Home, nodePath, startHome} from '../fixtures/stubs/home.ts'

let home: Home

beforeEach(async () => {
  home = await startHome()
})

afterEach(() => home.end())

const stale = '9'.repeat(48)
const services = path.join(import.meta.dirname, '../fixtures/stubs/services')
const withServices = {PATH: `${services}:${nodePath()}`}

const place = (name: string, text: string): string => {
  const file = path.join(home.home, name)
  fs.mkdirSync(path.dirname(file), {recursive: true})
  fs.writeFileSync(file, text, {mode: 0o600})
  return file
}

const composeFile = `services:
  openclaw-gateway:
    image: openclaw
    environment:
      OPENCLAW_GATEWAY_TOKEN: \${OPENCLAW_GATEWAY_TOKEN}
`

const read = (file: string): string => fs.readFileSync(file, 'utf8')

describe('propagate', () => {
  test('every copy within reach, each with its own proof, and compose is told what to run', async () => {
    const dotenv = place('.openclaw/.env', `# ours\nOTHER=1\nOPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    const compose = place('gw/.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\nPORT=1\n`)
    place('gw/docker-compose.yml', composeFile)
    const {code, entries, stdout} = await home.run(['propagate', '--yes', '--json', '--compose', path.join(home.home, 'gw')])
    expect(code).toBe(0)
    expect(read(dotenv)).toBe(`# ours\nOTHER=1\nOPENCLAW_GATEWAY_TOKEN=${home.token()}\n`)
    expect(read(compose)).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\nPORT=1\n`)
    expect(entriesOf(entries, 'proved').map(({what}) => what.replace(/\S+…\S+/, 'X').replace(home.home, '~'))).toEqual(
      expect.arrayContaining(['X is accepted', '~/gw/.env holds X', '~/.openclaw/.env holds X']),
    )
    expect(endEntry(entries)?.left.join('\n')).toContain(`Run \`docker compose up -d\` in ${path.join(home.home, 'gw')}`)
    expect(stdout).not.toContain(home.token())
    expect(stdout).not.toContain(stale)
    expect(home.calls().flatMap(({args}) => args)).not.toContain('restart')
  })

  test('a copy in a compose file is replaced where it stands, in whatever form, and nothing else of the file', async () => {
    const text = (token: string): string =>
      `# made by hand\nx-env: &env {TZ: UTC, OPENCLAW_GATEWAY_TOKEN: ${token}} # flow, shared\nservices:\n  gw: {image: openclaw, environment: *env, ports: ['1:1']}\n  cli:\n    image: openclaw\n    env_file: [{path: more.env}]\n    environment:\n      - A=b   # first\n      - OPENCLAW_GATEWAY_TOKEN=${token}\n`
    const file = place('gw/compose.yaml', text('b'.repeat(48)))
    const more = place('gw/more.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    const at = ['--compose', path.join(home.home, 'gw')]
    const {stdout} = await home.run(['copies', '--json', ...at])
    const copies = JSON.parse(stdout).copies as {place: string; key: string; verdict: string; writable: boolean}[]
    expect(
      copies.filter(copy => copy.place === 'compose-file').map(({key, verdict, writable}) => [key, verdict, writable]),
    ).toEqual([
      ['gw.OPENCLAW_GATEWAY_TOKEN', 'differs', true],
      ['cli.OPENCLAW_GATEWAY_TOKEN', 'differs', true],
    ])
    const {code, entries} = await home.run(['propagate', '--yes', '--json', ...at])
    expect(code).toBe(0)
    expect(read(file)).toBe(text(home.token()))
    expect(read(more)).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`)
    expect(endEntry(entries)?.left.join('\n')).toContain(`Run \`docker compose up -d\` in ${path.join(home.home, 'gw')}`)
    await home.run(['undo', '--yes'])
    expect(read(file)).toBe(text('b'.repeat(48)))
  })

  test('what it wrote can be put back, but for what somebody changed since', async () => {
    const dotenv = place('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    const compose = place('gw/.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    place('gw/docker-compose.yml', composeFile)
    await home.run(['propagate', '--yes', '--compose', path.join(home.home, 'gw')])
    fs.appendFileSync(compose, 'MORE=1\n')
    const shown = await home.run(['undo', '--dry-run'])
    expect(shown.stdout).toContain(`${compose} is left alone: somebody has changed it since`)
    const {code} = await home.run(['undo', '--yes'])
    expect(code).toBe(0)
    expect(read(dotenv)).toBe(`OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    expect(read(compose)).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\nMORE=1\n`)
  })

  test('a file that others can read is left as it is, and what helps is a manual step', async () => {
    const dotenv = place('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    fs.chmodSync(dotenv, 0o644)
    const {code, entries} = await home.run(['propagate', '--yes', '--json'])
    expect(code).toBe(0)
    expect(read(dotenv)).toBe(`OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    expect(endEntry(entries)?.left.join('\n')).toContain(
      `${dotenv}: the token is not written there, since other accounts may read or change it (mode 0644). Run \`chmod 600 ${dotenv}\`, then \`gatecrab propagate\`.`,
    )
    fs.chmodSync(dotenv, 0o600)
    await home.run(['propagate', '--yes'])
    expect(read(dotenv)).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`)
  })

  test.skipIf(process.getuid?.() !== 0)('a file of another account is left as it is (needs root)', async () => {
    const compose = place('gw/.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    place('gw/docker-compose.yml', composeFile)
    fs.chownSync(compose, 54_321, 54_321)
    const {entries} = await home.run(['propagate', '--yes', '--json', '--compose', path.join(home.home, 'gw')])
    expect(read(compose)).toBe(`OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    expect(fs.statSync(compose).uid).toBe(54_321)
    expect(endEntry(entries)?.left.join('\n')).toContain('it belongs to user 54321, who would have the token')
  })

  test('the folder it is started in is no compose folder unless it is named', async () => {
    const compose = place('.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    place('docker-compose.yml', composeFile)
    const {stdout} = await home.run(['propagate', '--yes'])
    expect(read(compose)).toBe(`OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    expect(stdout).not.toContain(compose)
    await home.run(['propagate', '--yes', '--compose', '.'])
    expect(read(compose)).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`)
  })

  const farConfig = (gateway: object = {}): string =>
    JSON.stringify({
      gateway: {
        mode: 'remote',
        port: home.port,
        auth: {mode: 'token', token: 'x'},
        remote: {url: 'ws://mini:1', token: stale},
        ...gateway,
      },
    })
  const onFar = (...more: string[]) =>
    home.run(['propagate', '--yes', '--json', '--known-as', 'mini', '--remote', 'ops@far', ...more], {
      ...withServices,
      STUB_FAR_HOME: path.join(home.home, 'far'),
    })

  test('another machine: the value on standard input of ssh, proved by signing in there', async () => {
    const file = place('far/.openclaw/openclaw.json', farConfig())
    const {code, entries, stderr} = await onFar()
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(read(file)).gateway.remote).toEqual({url: 'ws://mini:1', token: home.token()})
    expect(entriesOf(entries, 'proved').at(-1)?.what).toMatch(/^ops@far signs in with/)
    expect(read(home.log)).not.toContain(home.token())
    expect(read(home.log)).toContain('ssh -T -o BatchMode=yes -o ConnectTimeout=15 -- ops@far')
  })

  test.each([
    [
      'a client of another gateway',
      {remote: {url: 'wss://other.example.org', token: stale}},
      /is a client of wss:\/\/other\.example\.org.*--known-as other\.example\.org/,
    ],
    ['a client of nobody', {remote: {token: stale}}, /names no gateway\.remote\.url/],
    ['a gateway of its own', {mode: 'local'}, /is no client: gateway\.mode there is local/],
  ])('another machine that is %s is left as it was', async (_, gateway, words) => {
    const file = place('far/.openclaw/openclaw.json', farConfig(gateway))
    const before = read(file)
    const {code, entries} = await onFar()
    expect([code, endEntry(entries)?.because, endEntry(entries)?.changed]).toEqual([1, expect.stringMatching(words), false])
    expect(read(file)).toBe(before)
    expect(home.calls().flatMap(({args}) => args)).not.toContain('patch')
  })

  test("the operator's list of machines is kept too, one each with its own end", async () => {
    place('.config/gatecrab/remotes', '# the desks\nops@far\n\n')
    place('far/.openclaw/openclaw.json', farConfig())
    const {code, entries} = await home.run(['propagate', '--yes', '--json', '--known-as', 'mini', '--remote', 'ops@other'], {
      ...withServices,
      STUB_FAR_HOME: path.join(home.home, 'far'),
    })
    expect(code).toBe(0)
    expect(entriesOf(entries, 'step-ended').map(({step, ok}) => [step, ok])).toEqual(
      expect.arrayContaining([
        ['remote-1', true],
        ['remote-2', true],
      ]),
    )
  })

  test('gateway.remote.token of this config: written where it names this gateway, kept where it names another', async () => {
    const remote = (url: string) => {
      const config = JSON.parse(read(home.configFile)) as {gateway: object}
      fs.writeFileSync(home.configFile, JSON.stringify({...config, gateway: {...config.gateway, remote: {url, token: stale}}}))
      return (): {token: string} => JSON.parse(read(home.configFile)).gateway.remote
    }
    const other = remote(`ws://127.0.0.1:${home.port + 1}`)
    const remaining = await home.run(['propagate', '--yes', '--json'])
    expect([remaining.code, other().token]).toEqual([0, stale])
    expect(endEntry(remaining.entries)?.left.join()).toContain('which is another gateway: it is left alone')
    const own = remote(`ws://localhost:${home.port}`)
    expect((await home.run(['propagate', '--yes', '--json'])).code).toBe(0)
    expect(own().token).toBe(home.token())
  })

  test('a machine that cannot be reached fails by name, and the rest is done', async () => {
    const dotenv = place('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${stale}\n`)
    const fails = 'ssh: connect to host mini port 22: Connection refused'
    const {code, entries} = await home.run(['propagate', '--yes', '--json', '--remote', 'mini'], {
      ...withServices,
      STUB_SSH_FAILS: fails,
    })
    expect(code).toBe(1)
    expect(read(dotenv)).toContain(home.token())
    expect(endEntry(entries)).toMatchObject({outcome: 'failed', changed: true, because: `mini: ${fails}`})
  })
})

describe('restart', () => {
  test('is done when the gateway has started again', async () => {
    const {code, entries} = await home.run(['restart', '--yes', '--json'])
    expect(code).toBe(0)
    expect(entriesOf(entries, 'proved').map(({ok}) => ok)).toEqual([true, true])
    expect(entriesOf(entries, 'proved')[0]?.what).toContain(`process ${home.pid()}`)
  })

  const inContainer = ['--openclaw', 'docker exec -i gw openclaw']
  const dockerCalls = (): string[] =>
    read(home.log)
      .split('\n')
      .filter(line => line.startsWith('docker '))

  test('rotated through a container: the exact calls, and .env with what to run', async () => {
    const old = home.token()
    const compose = place('gw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}\n`)
    place('gw/docker-compose.yml', composeFile)
    const at = ['--compose', path.join(home.home, 'gw')]
    const rotated = await home.run(['rotate', '--yes', '--json', ...inContainer, ...at], withServices)
    expect([rotated.code, rotated.stderr]).toEqual([0, ''])
    expect(endEntry(rotated.entries)?.left.join('\n')).toContain(`These hold the old token: compose .env ${compose}`)
    expect(dockerCalls().filter(call => call.startsWith('docker exec'))).toEqual(
      ['--version', 'config patch --stdin --dry-run', 'config patch --stdin', 'gateway health --json', 'devices list --json'].map(
        words => `docker exec -i gw openclaw ${words}`,
      ),
    )
    const given = await home.run(['propagate', '--yes', '--json', ...inContainer, ...at], withServices)
    expect([given.code, read(compose)]).toEqual([0, `OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`])
    expect(endEntry(given.entries)?.left[0]).toBe(
      `Run \`docker compose up -d\` in ${path.join(home.home, 'gw')}; a plain restart keeps the old environment.`,
    )
    expect(read(home.log)).not.toMatch(new RegExp(`${old}|${home.token()}`))
  })

  test('through a container', async () => {
    const {code, entries} = await home.run(
      ['restart', '--yes', '--json', '--openclaw', 'docker exec -i gw openclaw'],
      withServices,
    )
    expect(code).toBe(0)
    expect(entriesOf(entries, 'planned')[0]?.plan.steps.find(({id}) => id === 'restart')?.argv).toEqual(
      'docker exec -i gw openclaw gateway restart --json'.split(' '),
    )
  })
})

test('a slow drain is waited for', async () => {
  const slow = await startHome({drainMs: 2500})
  try {
    const {code, entries} = await slow.run(['restart', '--yes', '--json'])
    expect(code).toBe(0)
    expect(entriesOf(entries, 'step-ended').find(({step}) => step === 'restarted')?.ms).toBeGreaterThan(1500)
  } finally {
    await slow.end()
  }
})

describe('clean-up', () => {
  const leak = (token: string): string =>
    `${JSON.stringify({ts: 1, argv: ['openclaw', 'config', 'set', 'gateway.auth.token', token]})}\n`

  test('old tokens leave the backups and the audit log, byte for byte elsewhere', async () => {
    const old = home.token()
    await home.run(['rotate', '--yes'])
    const audit = place('.openclaw/logs/config-audit.jsonl', `${leak(old)}${JSON.stringify({ts: 2})}\n`)
    const {code} = await home.run(['clean-up', '--yes'])
    expect(code).toBe(0)
    expect(read(audit)).toBe(`${leak('*'.repeat(48))}${JSON.stringify({ts: 2})}\n`)
    expect(read(`${home.configFile}.bak`)).toContain(home.token())
    expect(fs.readdirSync(path.join(home.state, 'backups'))).toEqual([])
    const holding = fs
      .readdirSync(home.home, {recursive: true, encoding: 'utf8'})
      .filter(name => fs.statSync(path.join(home.home, name)).isFile() && read(path.join(home.home, name)).includes(old))
    expect(holding).toEqual([])
  })

  test('there is then nothing to clean up, and nothing to undo', async () => {
    expect((await home.run(['clean-up', '--yes'])).stdout).toContain('nothing to clean up')
    expect((await home.run(['undo', '--yes'])).code).toBe(1)
  })
})

describe('journals', () => {
  test('lists what ran, tells one of them, and knows no other', async () => {
    expect((await home.run(['journals'])).stdout).toContain('No plan has run yet')
    await home.run(['verify'])
    const [one = ''] = (await home.run(['journals'])).stdout.split('\n')
    expect(one).toMatch(/-verify\s+done\s+Ask the gateway/)
    expect((await home.run(['journals', one.slice(0, 23)])).stdout).toContain('is accepted')
    expect((await home.run(['journals', 'nonsense'])).code).toBe(64)
  })
})
