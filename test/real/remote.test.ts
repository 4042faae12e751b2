import {execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {bundle} from '../e2e/built.ts'
import {collected, type Ended} from '../fixtures/stubs/home.ts'
import {sampleProcesses} from '../fixtures/stubs/leaks.ts'

/** A real sshd on loopback, with keys of its own, whose sessions land in a home of their own; and two real OpenClaws. */
const cache = process.env['GATEWAY_CACHE'] ?? path.join(os.homedir(), '.cache/gatecrab-real')
const tool = process.env['GATECRAB_REAL_TOOL'] ?? path.join(import.meta.dirname, '../../../shared/tools/real-gateway')
const release = '2026.9.6'
const sshd = '/usr/sbin/sshd'
const isHere = [tool, sshd, '/usr/bin/ssh', path.join(cache, release, 'node_modules/.bin/openclaw')].every(file =>
  fs.existsSync(file),
)

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

describe.skipIf(!isHere)('another machine, over a real ssh', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-ssh-'))
  const far = path.join(folder, 'far')
  const farConfig = path.join(far, '.openclaw/openclaw.json')
  const stale = '9'.repeat(48)
  let home = ''
  let bin = ''
  let port = 0
  let daemon: ReturnType<typeof spawn>

  const key = (name: string): string => {
    const file = path.join(folder, name)
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
    return file
  }

  const writeFar = (url: string): void => {
    fs.mkdirSync(path.dirname(farConfig), {recursive: true, mode: 0o700})
    const config = {meta: {lastTouchedVersion: release}, gateway: {mode: 'remote', remote: {url, token: stale}}}
    fs.writeFileSync(farConfig, JSON.stringify(config), {mode: 0o600})
  }
  const farToken = (): string =>
    (JSON.parse(fs.readFileSync(farConfig, 'utf8')) as {gateway: {remote: {token: string}}}).gateway.remote.token

  beforeAll(async () => {
    const text = execFileSync(tool, ['start', release], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
    const output = Object.fromEntries(text.split('\n').map(line => line.split('='))) as Record<string, string>
    home = output['HOME_OF_GATEWAY'] ?? ''
    bin = output['BIN'] ?? ''
    port = Number(output['PORT'])
    const sshPort = await freePort()
    const [hostKey, ownKey] = [key('host'), key('own')]
    fs.copyFileSync(`${ownKey}.pub`, path.join(folder, 'authorized'))
    const session = path.join(folder, 'session')
    fs.writeFileSync(
      session,
      `#!/bin/sh\nHOME=${far} PATH=${bin}:/usr/bin:/bin OPENCLAW_DISABLE_BONJOUR=1 exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n`,
      {mode: 0o755},
    )
    fs.writeFileSync(
      path.join(folder, 'sshd_config'),
      [
        `Port ${sshPort}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${folder}/authorized`,
        `PidFile ${folder}/sshd.pid`,
        `ForceCommand ${session}`,
        'StrictModes no',
        'PermitRootLogin prohibit-password',
        'PasswordAuthentication no',
        'UsePAM no',
      ].join('\n'),
    )
    fs.writeFileSync(
      path.join(folder, 'ssh_config'),
      `Host desk\n  HostName 127.0.0.1\n  Port ${sshPort}\n  User ${os.userInfo().username}\n  IdentityFile ${ownKey}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${folder}/known\n  StrictHostKeyChecking accept-new\n`,
    )
    fs.mkdirSync(path.join(folder, 'bin'))
    fs.writeFileSync(path.join(folder, 'bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/ssh_config "$@"\n`, {mode: 0o755})
    fs.mkdirSync('/run/sshd', {recursive: true})
    daemon = spawn(sshd, ['-D', '-e', '-f', path.join(folder, 'sshd_config')], {stdio: 'ignore'})
    await vi.waitUntil(() => answers(sshPort), {timeout: 10_000})
  }, 300_000)

  afterAll(() => {
    daemon?.kill()
    execFileSync(tool, ['stop', home], {stdio: 'ignore'})
    for (const gone of [home, folder]) fs.rmSync(gone, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
  })

  const propagate = (...more: string[]): Promise<Ended> => {
    const env = {HOME: home, PATH: `${folder}/bin:${bin}:/usr/bin:/bin`, TERM: 'dumb', OPENCLAW_DISABLE_BONJOUR: '1'}
    const args = [bundle, 'propagate', '--yes', '--json', '--remote', 'desk', ...more]
    return collected(spawn(process.execPath, args, {cwd: home, env, stdio: ['ignore', 'pipe', 'pipe']}))
  }
  const token = (): string =>
    (JSON.parse(fs.readFileSync(path.join(home, '.openclaw/openclaw.json'), 'utf8')) as {gateway: {auth: {token: string}}})
      .gateway.auth.token

  test('a client of another gateway is left as it was', async () => {
    writeFar('wss://other.example.org')
    const {code, entries} = await propagate()
    expect([code, endEntry(entries)?.because]).toEqual([1, expect.stringContaining('is a client of wss://other.example.org')])
    expect(farToken()).toBe(stale)
  })

  test('a client of this one is given the token, signs in with it, and nobody sees it on the way', async () => {
    writeFar(`ws://127.0.0.1:${port}`)
    const sampling = sampleProcesses()
    const {code, entries, stderr, stdout} = await propagate('--known-as', '127.0.0.1')
    const {argv, environ} = sampling.stop()
    expect([code, stderr, endEntry(entries)?.outcome]).toEqual([0, '', 'done'])
    expect(farToken()).toBe(token())
    expect(entriesOf(entries, 'proved').at(-1)).toMatchObject({ok: true, what: expect.stringMatching(/^desk signs in with/)})
    expect(argv).toContain('config patch --stdin')
    expect(argv + environ + stdout).not.toContain(token())
  })
})
