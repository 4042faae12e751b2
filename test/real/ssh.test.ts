import {execFileSync, spawn, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import {type AddressInfo, createServer} from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {isAlive} from '../cli/alive.ts'
import {freePort} from '../cli/free-port.ts'
import {begun, jsonLines, type Room, room} from '../cli/gatecrab.ts'
import {freshRefusal} from '../cli/refusal.ts'
import {built, bundle} from '../e2e/built.ts'

beforeAll(built)

const places = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`
const sshd = places
  .split(':')
  .map(folder => `${folder}/sshd`)
  .find(file => fs.existsSync(file))
const canRun = sshd !== undefined && spawnSync('ssh', ['-V']).status === 0

const user = os.userInfo().username

const keyIn = (room: Room, name: string): string => {
  const file = room.file(name)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  return file
}

const publicOf = (key: string): string => fs.readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')

/** A real sshd on loopback with throw-away keys, and an `ssh` that reads a config of ours where a person has ~/.ssh/config. */
const server = async (home: Room) => {
  const port = await freePort()
  const [hostKey, key, untrusted] = ['host', 'key', 'stranger'].map(name => keyIn(home, name)) as [string, string, string]
  fs.copyFileSync(`${key}.pub`, home.file('authorized'))
  home.file(
    'sshd_config',
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${home.file('authorized')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      `Banner ${home.file('banner', 'Authorised use only.\n')}`,
    ].join('\n'),
  )
  home.file('known', `[127.0.0.1]:${port} ${publicOf(hostKey)}\n`)
  home.file('changed', `[127.0.0.1]:${port} ${publicOf(untrusted)}\n`)
  const mute = createServer(socket => socket.on('error', () => {}))
  await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void mute.close())
  const common = ['HostName 127.0.0.1', `User ${user}`, 'IdentitiesOnly yes', 'IdentityAgent none']
  const hosts: Record<string, string[]> = {
    mute: [`Port ${(mute.address() as AddressInfo).port}`, `IdentityFile ${key}`],
    mini: [`IdentityFile ${key}`, `UserKnownHostsFile ${home.file('known')}`, 'LocalForward 127.0.0.1:1 127.0.0.1:1'],
    stranger: [`IdentityFile ${untrusted}`, `UserKnownHostsFile ${home.file('known')}`],
    newcomer: [`IdentityFile ${key}`, `UserKnownHostsFile ${home.file('none')}`],
    changed: [`IdentityFile ${key}`, `UserKnownHostsFile ${home.file('changed')}`],
  }
  home.file(
    'ssh_config',
    Object.entries(hosts)
      .map(([host, lines]) => [`Host ${host}`, ...lines, ...common, `Port ${port}`].join('\n  '))
      .join('\n'),
  )
  fs.mkdirSync(home.file('bin'))
  const real = execFileSync('which', ['ssh'], {encoding: 'utf8'}).trim()
  fs.writeFileSync(home.file('bin/ssh'), `#!/bin/sh\nexec ${real} -F '${home.file('ssh_config')}' "$@"\n`, {mode: 0o755})
  const child = spawn(sshd ?? '', ['-D', '-e', '-f', home.file('sshd_config')], {stdio: ['ignore', 'ignore', 'pipe']})
  onTestFinished(() => void child.kill('SIGTERM'))
  for await (const text of child.stderr.setEncoding('utf8')) if (String(text).includes('listening')) break
  const log = home.file('gw.jsonl', '')
  home.file('openclaw.json', JSON.stringify({gateway: {port: 1}, logging: {file: log}}))
  const gatecrab = home.file('gatecrab there')
  fs.writeFileSync(
    gatecrab,
    `#!/bin/sh
echo $$ >>'${home.file('pids')}'
export HOME='${home.folder}' OPENCLAW_CONFIG_PATH='${home.file('openclaw.json')}'
exec '${process.execPath}' '${bundle}' "$@"
`,
    {mode: 0o755},
  )
  const pids = () => fs.readFileSync(home.file('pids'), 'utf8').split('\n').filter(Boolean).map(Number)
  const env = {PATH: [path.join(home.folder, 'bin'), '/usr/bin', '/bin'].join(':')}
  return {env, log, gatecrab: `'${gatecrab}'`, pids}
}

describe.skipIf(!canRun)('a real ssh and sshd (needs openssh-server)', () => {
  test('each way to be refused is a sentence, and who is let in is asked', async () => {
    using home = room()
    const {env, gatecrab} = await server(home)
    const hosts = ['mini', 'stranger', 'newcomer', 'changed']
    using running = begun(
      ['check', '--json', ...hosts.flatMap(host => ['--host', host]), '--gatecrab', gatecrab],
      home.folder,
      env,
    )
    const {code, stdout, stderr} = await running.ended
    expect([code, stderr]).toEqual([1, ''])
    const rows: {host: string; verdict: string | null; unreachable: {title: string} | null}[] = JSON.parse(stdout).hosts
    expect(Object.fromEntries(rows.map(({host, verdict, unreachable}) => [host, unreachable?.title ?? verdict]))).toEqual({
      mini: 'broken',
      stranger: 'stranger refused the ssh login',
      newcomer: 'The host key of newcomer is not known here',
      changed: 'The host key of changed has changed',
    })
  })

  test('what changes there is told here, and nothing stays behind there', async () => {
    using home = room()
    const {env, log, gatecrab, pids} = await server(home)
    using running = begun(['check', '--watch', '--host', 'mini', '--gatecrab', gatecrab], home.folder, env)
    await running.until(({stdout}) => stdout.includes('"began"'))
    for (let n = 0; n < 8; n += 1) fs.appendFileSync(log, freshRefusal(n))
    await running.until(({stdout}) => stdout.includes('"changed"'))
    expect(jsonLines(running.said().stdout).at(-1)).toMatchObject({host: 'mini', clients: {refused: 1}})
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    const there = pids()
    expect(there).toHaveLength(1)
    while (there.some(isAlive)) await pause(200)
  })

  test('one that takes the connection and never speaks does not answer, and is given up after ten seconds', async () => {
    using home = room()
    const {env, gatecrab} = await server(home)
    using running = begun(['check', '--json', '--host', 'mute', '--gatecrab', gatecrab], home.folder, env)
    const {stdout} = await running.ended
    expect(JSON.parse(stdout).hosts).toMatchObject([{host: 'mute', unreachable: {title: 'mute does not answer'}}])
  })
})
