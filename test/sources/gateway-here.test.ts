import {createHash} from 'node:crypto'
import {once} from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import type {LocationOverrides} from '../../src/gateway/paths.ts'
import {gatewayHere, listeningPorts} from '../../src/sources/service/gateway-here.ts'
import {type Home, newHome} from './token-home.ts'

let home: Home
beforeEach(() => {
  home = newHome()
})
afterEach(() => home.remove())

const noClient: LocationOverrides = {stateDir: null, configFile: null, profile: null}
const uid = process.getuid?.() ?? 0
const ownStart = (): number => {
  const stat = fs.readFileSync('/proc/self/stat', 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
}

const here = (query: Partial<LocationOverrides> = {}, env: Record<string, string> = {}) =>
  gatewayHere({...noClient, ...query}, home.hostEnv({uid, env}))

/** As 2026.9.6 writes it, padded; this process stands for the gateway. */
const lockIn = (folder: string, more: object = {}): void => {
  const lock = {pid: process.pid, configPath: home.config, stateDir: home.state, port: 28112, startTime: ownStart(), ...more}
  home.write(path.join(folder, `tmp/openclaw-${uid}/gateway.state.lock`), `${JSON.stringify(lock, null, 2)}\n\t  \t`)
}

describe.runIf(process.platform === 'linux')('the lock file of a running gateway', () => {
  test('tells its port, before a variable of this shell does', () => {
    lockIn('.openclaw')
    expect(here({}, {OPENCLAW_GATEWAY_PORT: '1234'})).toEqual({configFile: null, port: {number: 28112, by: 'process'}})
  })

  test('tells the config that only its own environment names', () => {
    lockIn('.openclaw', {configPath: '/etc/oc/openclaw.json'})
    expect(here()).toEqual({configFile: '/etc/oc/openclaw.json', port: {number: 28112, by: 'process'}})
  })

  test('says nothing of a config that the operator names and that is another', () => {
    lockIn('.openclaw')
    expect(here({configFile: '/etc/oc/openclaw.json'})).toEqual({configFile: null, port: null})
    expect(here({configFile: home.config}).port?.number).toBe(28112)
    expect(here({}, {OPENCLAW_CONFIG_PATH: '/etc/oc/openclaw.json'})).toEqual({configFile: null, port: null})
  })

  test('is that of the profile or the state folder that is meant', () => {
    lockIn('.openclaw-work', {configPath: path.join(home.folder, '.openclaw-work/openclaw.json')})
    expect(here({profile: 'work'})).toEqual({configFile: null, port: {number: 28112, by: 'process'}})
    expect(here().port).toBeNull()
  })

  test.each([
    ['of a process that has ended', {pid: 2 ** 22 + 1}],
    ['whose number another process has now', {startTime: 1}],
    ['without a start, as in a container that counts its own processes', {startTime: undefined}],
    ['that is cut off', {configPath: 7}],
  ])('%s counts for nothing', (_, more) => {
    lockIn('.openclaw', more)
    expect(here()).toEqual({configFile: null, port: null})
  })

  test.runIf(uid === 0)('that another account could have written leads nobody to its config', () => {
    lockIn('.openclaw', {configPath: '/home/mallory/openclaw.json'})
    fs.chownSync(path.join(home.state, `tmp/openclaw-${uid}`), 12345, 12345)
    expect(here()).toEqual({configFile: null, port: null})
  })

  test('of an older release lies among the temporary files, and its sockets tell the port', () => {
    const hash = createHash('sha256').update(home.config).digest('hex').slice(0, 8)
    const server = net.createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    const lock = {pid: process.pid, createdAt: '2026-11-21T10:00:00Z', configPath: home.config, startTime: ownStart()}
    home.write(`openclaw-${uid}/gateway.${hash}.lock`, JSON.stringify(lock))
    return once(server, 'listening').then(() => {
      const {port} = server.address() as net.AddressInfo
      expect(listeningPorts(process.pid)).toContain(port)
      expect(here().port).toEqual({number: listeningPorts(process.pid)[0], by: 'process'})
    })
  })
})

describe('the service', () => {
  const unit = '.config/systemd/user/openclaw-gateway.service'

  test.each([
    ['by a flag', 'ExecStart=/usr/bin/node /opt/openclaw/dist/index.js gateway --port 28113', 28113],
    ['by a variable', 'ExecStart=/usr/bin/node index.js gateway\nEnvironment=OPENCLAW_GATEWAY_PORT=28114', 28114],
    ['by both, where the flag wins', 'ExecStart=node i.js gateway --port=28115\nEnvironment=OPENCLAW_GATEWAY_PORT=1', 28115],
  ])('tells the port of a gateway that does not run, %s', (_, text, port) => {
    home.write(unit, `[Service]\n${text}\n`)
    expect(here()).toEqual({configFile: null, port: {number: port, by: 'service'}})
  })

  test('tells its port and its config in a drop-in, in a plist, and never what is no port', () => {
    home.write(unit, '[Service]\nExecStart=node i.js gateway --port many\n')
    expect(here().port).toBeNull()
    home.write(
      `${unit}.d/port.conf`,
      '[Service]\nEnvironment=OPENCLAW_GATEWAY_PORT=28116 OPENCLAW_CONFIG_PATH=/etc/oc/openclaw.json\n',
    )
    expect(here()).toEqual({configFile: '/etc/oc/openclaw.json', port: {number: 28116, by: 'service'}})
    const args = ['node', 'i.js', 'gateway', '--port', '28117'].map(one => `<string>${one}</string>`).join('')
    home.write(
      'Library/LaunchAgents/ai.openclaw.gateway.plist',
      `<plist><key>ProgramArguments</key><array>${args}</array></plist>`,
    )
    expect(gatewayHere(noClient, home.hostEnv({platform: 'darwin', uid})).port).toEqual({number: 28117, by: 'service'})
  })

  test('a variable of this shell tells where neither a process nor a named config does', () => {
    expect(here({}, {OPENCLAW_GATEWAY_PORT: '1234'})).toEqual({configFile: null, port: {number: 1234, by: 'environment'}})
  })
})
