import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {HostEnv} from '../../src/gateway/paths.ts'
import {supervisorOf} from '../../src/sources/service/supervisor.ts'
import {openclawOf} from '../../src/sources/service/supervisor-command.ts'
import {nodePath} from '../fixtures/stubs/home.ts'

let home: string

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-supervisor-'))
})

afterEach(() => fs.rmSync(home, {recursive: true, force: true}))

const services = path.join(import.meta.dirname, '../fixtures/stubs/services')
const anyone = {stateDir: null, configFile: null, profile: null}

const hostEnvOf = (platform: NodeJS.Platform, env: Record<string, string> = {}): HostEnv => ({
  platform,
  home,
  tmp: os.tmpdir(),
  uid: 501,
  env: {PATH: `${services}:${nodePath()}`, STUB_LOG: path.join(home, 'calls'), ...env},
})

const place = (name: string, text: string): string => {
  const file = path.join(home, name)
  fs.mkdirSync(path.dirname(file), {recursive: true})
  fs.writeFileSync(file, text)
  return file
}

const started = (args: readonly string[]): string =>
  `<plist><dict><key>ProgramArguments</key><array>${args.map(word => `<string>${word}</string>`).join('\n')}</array></dict></plist>`

const lookAt = (hostEnv: HostEnv, openclaw: readonly string[] = ['openclaw']) =>
  supervisorOf({overrides: anyone, hostEnv: hostEnv, port: 9, openclaw})

describe('who runs the gateway', () => {
  test('launchd, by its plist and by what it says', async () => {
    place('Library/LaunchAgents/ai.openclaw.gateway.plist', '<plist/>')
    const found = await lookAt(hostEnvOf('darwin', {STUB_LAUNCHCTL_PID: '412', SSH_CONNECTION: 'a b c d'}))
    expect(found).toMatchObject({kind: 'launchd', name: 'ai.openclaw.gateway', loaded: true, pid: 412, overSsh: true})
    expect(fs.readFileSync(path.join(home, 'calls'), 'utf8')).toContain('launchctl print gui/501/ai.openclaw.gateway')
  })

  test('launchd, taken out and not put back', async () => {
    place('Library/LaunchAgents/ai.openclaw.gateway.plist', '<plist/>')
    expect(await lookAt(hostEnvOf('darwin'))).toMatchObject({kind: 'launchd', loaded: false, pid: null, overSsh: false})
  })

  test('systemd, by its unit and by what it says', async () => {
    place('.config/systemd/user/openclaw-gateway.service', '[Service]\nExecStart=/bin/x\n')
    expect(await lookAt(hostEnvOf('linux', {STUB_SYSTEMD_PID: '413'}))).toMatchObject({
      kind: 'systemd',
      name: 'openclaw-gateway.service',
      loaded: true,
      pid: 413,
    })
  })

  test('systemd, without a bus to ask', async () => {
    place('.config/systemd/user/openclaw-gateway.service', '[Service]\n')
    expect(await lookAt(hostEnvOf('linux'))).toMatchObject({kind: 'systemd', loaded: null, pid: null})
  })

  test('a container, by the words of the command', async () => {
    expect(await lookAt(hostEnvOf('linux'), ['docker', 'exec', '-i', 'gw', 'openclaw'])).toMatchObject({kind: 'container'})
  })

  test('nobody', async () => {
    expect(await lookAt(hostEnvOf('linux'))).toMatchObject({kind: 'none', holder: null})
    expect(await lookAt(hostEnvOf('darwin'))).toMatchObject({kind: 'none'})
  })
})

describe('which command is run', () => {
  const node = process.execPath

  test("the service's own, from its plist or its unit", () => {
    const entry = place('lib/node_modules/openclaw/dist/index.js', '')
    const strings = [
      '/bin/sh',
      '/x/wrapper.sh',
      '/x/gateway.env',
      node,
      '--max-old-space-size=8192',
      entry,
      'gateway',
      '--port',
      '1',
    ]
    place('Library/LaunchAgents/ai.openclaw.gateway.plist', started(strings))
    place('.config/systemd/user/openclaw-gateway.service', `[Service]\nExecStart=${node} ${entry} gateway --port 1\n`)
    expect(openclawOf(anyone, hostEnvOf('darwin'))).toEqual([node, entry])
    expect(openclawOf(anyone, hostEnvOf('linux'))).toEqual([node, entry])
  })

  test('of a binary plist, and of one whose path needs an entity', () => {
    const entry = place('a & b/node_modules/openclaw/dist/index.js', '')
    const file = place('Library/LaunchAgents/ai.openclaw.gateway.plist', started([node, entry.replace('&', '&amp;'), 'gateway']))
    expect(openclawOf(anyone, hostEnvOf('darwin'))).toEqual([node, entry])
    const xml = place('as.xml', fs.readFileSync(file, 'utf8'))
    fs.writeFileSync(file, 'bplist00 and what follows')
    place('bin/plutil', `#!/bin/sh\n[ "$*" = "-convert xml1 -o - ${file}" ] && cat '${xml}'\n`)
    fs.chmodSync(path.join(home, 'bin/plutil'), 0o755)
    expect(openclawOf(anyone, hostEnvOf('darwin', {PATH: `${home}/bin:/usr/bin:/bin`}))).toEqual([node, entry])
  })

  test.each(['.openclaw/bin/openclaw', '.volta/bin/openclaw', '.nvm/versions/node/v24.11.0/bin/openclaw'])(
    'where installers of a Mac put it: ~/%s',
    name => {
      const file = place(name, '#!/bin/sh\n')
      fs.chmodSync(file, 0o755)
      expect(openclawOf(anyone, hostEnvOf('darwin', {PATH: '/nowhere'}))).toEqual([file])
    },
  )

  test('else the one on the PATH, or where it usually is', () => {
    expect(openclawOf(anyone, hostEnvOf('linux'))).toEqual([path.join(import.meta.dirname, '../fixtures/stubs/openclaw')])
    const usual = place('.npm-global/bin/openclaw', '#!/bin/sh\n')
    fs.chmodSync(usual, 0o755)
    expect(openclawOf(anyone, hostEnvOf('linux', {PATH: '/nowhere'}))).toEqual([usual])
    fs.rmSync(usual)
    expect(openclawOf(anyone, hostEnvOf('linux', {PATH: '/nowhere'}))).toBeNull()
  })
})
