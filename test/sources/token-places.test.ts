import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {keyOf} from '../../src/domain/token/copy.ts'
import {outOfReach} from '../../src/domain/token/places.ts'
import {configText, copyIn, gaveAway, type Home, newHome, problemIds, readings, tokens} from './token-home.ts'

let home: Home
beforeEach(() => {
  home = newHome()
})
afterEach(() => home.remove())

const {now, old, other} = tokens

describe('the config', () => {
  test('its own token, with comments, unquoted keys and trailing commas', async () => {
    home.write('.openclaw/openclaw.json', `// mine\n{gateway: {auth: {token: '${now}',},},}`)
    const read = await home.copies()
    expect(readings(read, 'config')).toEqual(['openclaw.json gateway.auth.token literal now'])
    expect(copyIn(read, 'config')).toMatchObject({
      wins: true,
      verdict: 'agrees',
      writable: true,
      mode: '0600',
      fingerprint: '1111…1111',
    })
  })

  test('gateway.remote.token, env.vars and env beside it', async () => {
    home.write('.openclaw/openclaw.json', configText(now, {env: {vars: {OPENCLAW_GATEWAY_TOKEN: old}}}))
    home.write(
      '.openclaw/openclaw.json',
      JSON.stringify({
        ...JSON.parse(home.read('.openclaw/openclaw.json')),
        gateway: {auth: {token: now}, remote: {token: other}},
      }),
    )
    const read = await home.copies()
    expect(readings(read, 'remote-config')).toEqual(['openclaw.json gateway.remote.token literal other'])
    expect(readings(read, 'config-env')).toEqual(['openclaw.json env.vars.OPENCLAW_GATEWAY_TOKEN literal old'])
  })

  test('none there, or none that can be read', async () => {
    expect(readings(await home.copies(), 'config')).toEqual(['openclaw.json gateway.auth.token unset -'])
    home.write('.openclaw/openclaw.json', `{gateway: {auth: {token: '${now}'`)
    const read = await home.copies()
    expect(readings(read, 'config')).toEqual(['openclaw.json gateway.auth.token unreadable -'])
    expect(read.setup.problem).toContain('invalid end of input')
    expect(gaveAway(JSON.stringify(read.setup))).toEqual([])
  })

  test('a folder in its place, and a link that leads in a circle, end at once', async () => {
    fs.mkdirSync(home.config)
    expect(copyIn(await home.copies(), 'config').problem).toContain('it is no plain file')
    fs.rmdirSync(home.config)
    fs.symlinkSync(home.config, home.config)
    expect(copyIn(await home.copies(), 'config').problem).toContain('its links lead in a circle')
  })

  test('another config and state folder, by name', async () => {
    const file = home.write('etc/gw.json5', `{gateway:{auth:{token:"${now}"}}}`)
    home.write('var/gw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}\n`)
    const read = await home.copies({configFile: file, stateDir: path.join(home.folder, 'var/gw')})
    expect(readings(read, 'config')).toEqual(['gw.json5 gateway.auth.token literal now'])
    expect(readings(read, 'dotenv')).toEqual(['.env OPENCLAW_GATEWAY_TOKEN literal old'])
  })
})

describe('includes', () => {
  test('a whole section in another file', async () => {
    home.write('.openclaw/openclaw.json', '{gateway: {$include: "./gw.json5"}}')
    home.write('.openclaw/gw.json5', `{mode: "local", auth: {token: "${now}"}}`)
    const read = await home.copies()
    expect(readings(read, 'include')).toEqual(['gw.json5 gateway.auth.token literal now'])
    expect(copyIn(read, 'include')).toMatchObject({wins: true, spot: {at: ['auth', 'token']}})
    expect(read.setup).toMatchObject({include: 'whole', gatewayMode: 'local'})
  })

  test('a key of its own beside it is heard instead', async () => {
    home.write('.openclaw/openclaw.json', `{gateway: {$include: "gw.json5", auth: {token: "${now}"}}}`)
    home.write('.openclaw/gw.json5', `{auth: {token: "${old}"}}`)
    const read = await home.copies()
    expect(copyIn(read, 'include')).toMatchObject({shadowed: true, wins: false})
    expect(copyIn(read, 'config').wins).toBe(true)
    expect(read.setup.include).toBe('mixed')
  })

  test('files in a list, files in files, and a circle', async () => {
    home.write('.openclaw/openclaw.json', '{gateway: {auth: {$include: ["a.json5", "sub/b.json5"]}}}')
    home.write('.openclaw/a.json5', `{token: "${old}"}`)
    home.write('.openclaw/sub/b.json5', '{$include: "c.json5"}')
    home.write('.openclaw/sub/c.json5', `{token: "${now}"}`)
    const read = await home.copies()
    expect(readings(read, 'include')).toEqual([
      'a.json5 gateway.auth.token literal old',
      'c.json5 gateway.auth.token literal now',
    ])
    expect(read.copies.find(({wins}) => wins)?.path).toBe(path.join(home.state, 'sub/c.json5'))
    home.write('.openclaw/sub/c.json5', '{$include: "b.json5"}')
    expect((await home.copies()).setup.problem).toBe('b.json5: its includes lead in a circle')
  })

  test('a file that is not there', async () => {
    home.write('.openclaw/openclaw.json', '{gateway: {$include: "gone.json5"}}')
    expect((await home.copies()).setup.problem).toBe('gone.json5: there is no such file')
  })
})

describe('references', () => {
  const templated = '$' + '{GW_TOKEN}'

  test('a template is filled in from what the gateway has, not from our shell', async () => {
    home.write('.openclaw/openclaw.json', configText(templated))
    home.write('.openclaw/.env', `GW_TOKEN=${now}\n`)
    const read = await home.copies({hostEnv: home.hostEnv({env: {GW_TOKEN: other}})})
    expect(readings(read, 'config')).toEqual(['openclaw.json gateway.auth.token reference now'])
    expect(copyIn(read, 'config')).toMatchObject({pointsTo: 'env GW_TOKEN', fingerprint: '1111…1111', writable: false})
    expect(readings(read, 'dotenv')).toEqual(['.env GW_TOKEN literal now'])
    expect(readings(read, 'shell-env')).toEqual(['environment GW_TOKEN literal other'])
  })

  test('one that leads nowhere', async () => {
    home.write('.openclaw/openclaw.json', configText(templated))
    const read = await home.copies()
    expect(copyIn(read, 'config')).toMatchObject({kind: 'reference', digest: null})
    expect(problemIds(copyIn(read, 'config'))).toEqual(['unresolved'])
  })

  const provider = (fields: object): object => ({secrets: {providers: {gw: fields}}})
  const ref = (source: string, id: string): object => ({source, provider: 'gw', id})

  test('a file with the token alone', async () => {
    home.write(
      '.openclaw/openclaw.json',
      configText(ref('file', 'value'), provider({source: 'file', path: '~/gw', mode: 'singleValue'})),
    )
    home.write('gw', `${now}\n`)
    const read = await home.copies()
    expect(readings(read, 'secret-file')).toEqual(['gw value literal now'])
    expect(copyIn(read, 'config')).toMatchObject({pointsTo: 'file ~/gw', fingerprint: '1111…1111', wins: true})
  })

  test('a file with many secrets', async () => {
    home.write('.openclaw/openclaw.json', configText(ref('file', '/gateway/token'), provider({source: 'file', path: '~/s.json'})))
    home.write('s.json', JSON.stringify({gateway: {token: now}}), 0o644)
    const read = await home.copies()
    expect(readings(read, 'secret-file')).toEqual(['s.json /gateway/token literal now'])
    expect(problemIds(copyIn(read, 'secret-file'))).toEqual(['open-to-all'])
    home.write('s.json', '{}')
    expect(problemIds(copyIn(await home.copies(), 'config'))).toEqual(['unresolved'])
  })

  test('hooks.token is compared with the token by its digest, and only where hooks are on', async () => {
    const setupWith = async (hooks: object) => {
      home.write('.openclaw/openclaw.json', configText(now, {hooks}))
      const read = await home.copies()
      return read.setup.hooksDigest === copyIn(read, 'config').digest
    }
    expect(await setupWith({enabled: true, token: now})).toBe(true)
    expect(await setupWith({enabled: true, token: old})).toBe(false)
    expect(await setupWith({enabled: false, token: now})).toBe(false)
  })

  test('a program is not run, and of a store without a database nothing is known', async () => {
    home.write('.openclaw/openclaw.json', configText(ref('exec', 'x/y'), provider({source: 'exec', command: '/usr/bin/vault'})))
    expect(readings(await home.copies(), 'secret-command')).toEqual(['vault x/y unreadable -'])
    home.write('.openclaw/openclaw.json', configText({source: 'store', id: 'GW'}))
    const read = await home.copies()
    expect(readings(read, 'secret-store')).toEqual(['default GW unreadable -'])
    expect(problemIds(copyIn(read, 'config'))).toEqual(['cannot-follow'])
  })
})

describe('environment files', () => {
  test('the last line for a name counts', async () => {
    home.write('.openclaw/.env', `# mine\nOPENCLAW_GATEWAY_TOKEN=${old}\nexport OPENCLAW_GATEWAY_TOKEN="${now}" # here\n`)
    const read = await home.copies()
    expect(readings(read, 'dotenv')).toEqual(['.env OPENCLAW_GATEWAY_TOKEN literal now'])
    expect(problemIds(copyIn(read, 'dotenv'))).toEqual(['duplicate'])
    expect(copyIn(read, 'dotenv')).toMatchObject({wins: true, writable: true})
  })

  test('the file of older installations, with the default state folder only', async () => {
    home.write('.config/openclaw/gateway.env', `OPENCLAW_GATEWAY_TOKEN=${now}\n`)
    expect(readings(await home.copies(), 'dotenv-fallback')).toEqual(['gateway.env OPENCLAW_GATEWAY_TOKEN literal now'])
    expect(readings(await home.copies({stateDir: path.join(home.folder, 'x')}), 'dotenv-fallback')).toEqual([])
  })

  test.each([
    ['OPENCLAW_GATEWAY_TOKEN="$OTHER"', 'unexpanded'],
    ['OPENCLAW_GATEWAY_TOKEN=changeme', 'placeholder'],
    ['OPENCLAW_GATEWAY_TOKEN=', 'placeholder'],
    [`OPENCLAW_GATEWAY_TOKEN="${now.slice(0, 20)}\\n${now.slice(20)}"`, 'inner-white-space'],
    [`OPENCLAW_GATEWAY_TOKEN="${now} "`, 'white-space'],
    [`OPENCLAW_GATEWAY_TOKEN='"${now}"'`, 'quotes'],
    [`OPENCLAW_GATEWAY_TOKEN=Bearer ${now}`, 'pasted-name'],
  ])('%s', async (line, problem) => {
    home.write('.openclaw/.env', `${line}\n`)
    expect(problemIds(copyIn(await home.copies(), 'dotenv'))).toContain(problem)
  })

  test('a value with white space around it is the same token', async () => {
    home.write('.openclaw/openclaw.json', configText(now))
    home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN="${now} "\n`)
    expect(copyIn(await home.copies(), 'dotenv').verdict).toBe('agrees')
  })
})

describe('what is past', () => {
  test('every kind of backup, of the config and of what it includes', async () => {
    home.write('.openclaw/openclaw.json', '{gateway: {$include: "gw.json5"}}')
    home.write('.openclaw/gw.json5', `{auth: {token: "${now}"}}`)
    home.write('.openclaw/gw.json5.bak', `{auth: {token: "${old}"}}`)
    for (const end of ['.bak', '.bak.1', '.last-good', '.clobbered.2026-11-21T10-00-00-000Z'])
      home.write(`.openclaw/openclaw.json${end}`, configText(other))
    home.write('.openclaw/openclaw.json.txt', configText(other))
    home.write('.openclaw/openclaw.json.bak.2', '{broken')
    expect(readings(await home.copies(), 'backup').toSorted()).toEqual([
      'gw.json5.bak gateway.auth.token literal old',
      'openclaw.json.bak gateway.auth.token literal other',
      'openclaw.json.bak.1 gateway.auth.token literal other',
      'openclaw.json.bak.2 gateway.auth.token unreadable -',
      'openclaw.json.clobbered.2026-11-21T10-00-00-000Z gateway.auth.token literal other',
      'openclaw.json.last-good gateway.auth.token literal other',
    ])
  })

  test('a backup is not followed, and hides nothing by itself', async () => {
    home.write('.openclaw/openclaw.json', configText(now))
    home.write('.openclaw/openclaw.json.bak', configText('$' + '{GW}'))
    const read = await home.copies()
    expect(copyIn(read, 'backup')).toMatchObject({kind: 'reference', pointsTo: 'env GW', problem: null})
    expect(problemIds(copyIn(read, 'config'))).toEqual(['hides-reference'])
  })

  test('each token once that the audit log leaked, with its lines', async () => {
    const line = (...argv: string[]): string => JSON.stringify({event: 'config.write', argv: ['node', 'openclaw', ...argv]})
    const set = (token: string): string => line('config', 'set', 'gateway.auth.token', token)
    home.write('.openclaw/openclaw.json', configText(now))
    home.write(
      '.openclaw/logs/config-audit.jsonl',
      [set(old), line('config', 'get', 'x'), set(now), 'no json', set(old), set('***')].join('\n'),
    )
    const read = await home.copies()
    expect(readings(read, 'audit-log')).toEqual([
      'config-audit.jsonl lines 1, 5 literal old',
      'config-audit.jsonl line 3 literal now',
    ])
    expect(problemIds(copyIn(read, 'audit-log', 'line 3'))).toEqual(['leaked'])
    expect(problemIds(copyIn(read, 'audit-log', 'lines 1, 5'))).toEqual(['leaked-old'])
    expect(copyIn(read, 'audit-log', 'lines 1, 5').spot?.at).toEqual(['1', '5'])
  })
})

test('other profiles, ours left out', async () => {
  home.write('.openclaw/openclaw.json', configText(now))
  home.write('.openclaw-work/openclaw.json', JSON.stringify({gateway: {remote: {token: old}}}))
  const mine = await home.copies()
  expect(readings(mine, 'profile-config')).toEqual(['openclaw.json gateway.remote.token literal old'])
  const work = await home.copies({overrides: {stateDir: null, configFile: null, profile: 'work'}})
  expect(readings(work, 'profile-config')).toEqual(['openclaw.json gateway.auth.token literal now'])
  expect(readings(work, 'remote-config')).toEqual(['openclaw.json gateway.remote.token literal old'])
})

test('the hosts that are named, and the copies out of reach, one row each', async () => {
  const read = await home.copies({remotes: ['ops@a', 'ops@b']})
  expect(read.copies.filter(({place}) => place === 'remote-host').map(({path: host, kind}) => [host, kind])).toEqual([
    ['ops@a', 'unreadable'],
    ['ops@b', 'unreadable'],
  ])
  expect(read.copies.slice(-outOfReach.length).map(({place}) => place)).toEqual(outOfReach)
  expect(read.copies.filter(({problem}) => problem !== null)).toEqual([])
})

describe('who may read it, and whose it is', () => {
  test('a mode for each', async () => {
    home.write('.openclaw/openclaw.json', configText(now), 0o644)
    home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}`, 0o640)
    const read = await home.copies()
    expect(problemIds(copyIn(read, 'config'))).toEqual(['open-to-all'])
    expect(problemIds(copyIn(read, 'dotenv'))).toEqual(['stale-quiet', 'open-mode'])
  })

  test.runIf(process.getuid?.() === 0)('a file of another user than the folder', async () => {
    home.write('.openclaw/openclaw.json', configText(now))
    fs.chownSync(home.config, 12345, 12345)
    expect(problemIds(copyIn(await home.copies(), 'config'))).toEqual(['wrong-owner'])
  })

  test('a link is followed, and its mode is that of the file', async () => {
    const real = home.write('dotfiles/openclaw.json', configText(now), 0o640)
    fs.symlinkSync(real, home.config)
    const config = copyIn(await home.copies(), 'config')
    expect(config).toMatchObject({path: home.config, mode: '0640', spot: {file: real}})
  })
})

describe.runIf(process.platform === 'linux')('the running gateway', () => {
  const listen = `const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))`

  test('is found by its port, and its environment is read', async () => {
    const env = {OPENCLAW_GATEWAY_TOKEN: now, PATH: '/usr/bin:/bin'}
    const child = spawn(process.execPath, ['-e', listen, '--', 'gateway', '--token', old], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const [port] = await once(child.stdout, 'data')
      const read = await home.copies({pid: undefined as never, port: Number(port)})
      expect(read.holder?.pid).toBe(child.pid)
      expect(readings(read, 'process-env')).toEqual([`pid ${child.pid} OPENCLAW_GATEWAY_TOKEN literal now`])
      expect(readings(read, 'start-command')).toEqual([`pid ${child.pid} --token literal old`])
      expect(copyIn(read, 'start-command').wins).toBe(true)
    } finally {
      child.kill()
    }
  })

  /** As 2026.9.6: its title hides its arguments, and what it starts inherits the token. */
  const hidden = `process.title = 'openclaw-gateway'; ${listen}
require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '/opt/openclaw/dist/process/spawn-broker/worker.js'],
  {env: {PATH: process.env.PATH, OPENCLAW_GATEWAY_TOKEN: process.argv.at(-1)}, stdio: 'ignore'})
process.on('SIGTERM', () => process.kill(0, 'SIGKILL'))`

  const started = async (shell: boolean) => {
    const args = ['-e', hidden, 'openclaw', '--token', old]
    const words = shell ? ['/bin/sh', '-c', '"$0" "$@"; true', process.execPath, ...args] : [process.execPath, ...args]
    const [program = '', ...rest] = words
    const child = spawn(program, rest, {env: {PATH: '/usr/bin:/bin'}, stdio: ['ignore', 'pipe', 'ignore'], detached: true})
    onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'))
    const [port] = await once(child.stdout, 'data')
    return {pid: child.pid, copies: () => home.copies({pid: undefined as never, port: Number(port)})}
  }

  test('the token of a start command that hides behind a title is read from what the gateway started', async () => {
    home.write('.openclaw/openclaw.json', configText(now))
    const {pid, copies} = await started(false)
    await vi.waitUntil(async () => readings(await copies(), 'start-command').length > 0, {timeout: 20_000})
    const read = await copies()
    expect(readings(read, 'start-command')).toEqual([`pid ${pid} --token literal old`])
    expect(problemIds(copyIn(read, 'start-command'))).toEqual(['pin-process'])
    expect([copyIn(read, 'start-command').wins, copyIn(read, 'config').wins]).toEqual([true, false])
    expect(gaveAway(JSON.stringify(read))).toEqual([])
  })

  test('a shell above it shows the token to every account, and is named', async () => {
    const {pid, copies} = await started(true)
    const read = await copies()
    expect(readings(read, 'start-command')).toEqual([`pid ${pid} --token literal old`])
    expect(problemIds(copyIn(read, 'start-command'))).toEqual(['pin-process', 'shown-by-ps'])
  })

  test('what a file of the gateway may have held when it started is not called a start command', async () => {
    home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${now}`)
    const {pid, copies} = await started(false)
    await vi.waitUntil(async () => readings(await copies(), 'process-env').some(one => one.includes('old')), {timeout: 20_000})
    const read = await copies()
    expect(readings(read, 'start-command')).toEqual([])
    expect(readings(read, 'process-env')).toEqual([`pid ${pid} OPENCLAW_GATEWAY_TOKEN literal old`])
  })

  test('a process that is gone is told', async () => {
    expect(copyIn(await home.copies({pid: 2 ** 22 + 1}), 'process-env').problem).toContain('the process is gone')
  })

  test('nobody on the port', async () => {
    const read = await home.copies({pid: undefined as never, port: 1})
    expect(read.holder).toBe(null)
    expect(readings(read, 'process-env')).toEqual([])
  })
})

test('every copy has a key of its own, and nothing printed holds a secret', async () => {
  home.write('.openclaw/openclaw.json', configText(now, {env: {vars: {OPENCLAW_GATEWAY_TOKEN: other}}}))
  home.write('.openclaw/openclaw.json.bak', configText(old))
  home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}`)
  const read = await home.copies({hostEnv: home.hostEnv({env: {OPENCLAW_GATEWAY_TOKEN: tokens.fresh}})})
  const keys = read.copies.map(keyOf)
  expect(new Set(keys).size).toBe(keys.length)
  expect([...read.secrets.keys()].every(key => keys.includes(key))).toBe(true)
  expect(gaveAway(JSON.stringify(read))).toEqual([])
  expect(gaveAway(String(read.copies.map(copy => Object.values(copy).join(' '))))).toEqual([])
})
