import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {ServiceFacts} from '../../src/domain/service/service.ts'
import {readService} from '../../src/sources/service/service.ts'
import {scratchFolder} from '../stress/recorder.ts'

const fixture = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, '../fixtures', name), 'utf8')

/** A home as fixtures have it, with programs of our own on its path; each keeps a list of what it was asked. */
const homeFor = (platform: NodeJS.Platform, programs: Readonly<Record<string, string>>) => {
  const home = scratchFolder()
  const bin = path.join(home, 'stubs')
  const stateDir = path.join(home, '.openclaw')
  fs.mkdirSync(bin)
  fs.mkdirSync(stateDir, {mode: 0o700})
  for (const [name, script] of Object.entries(programs))
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${home}/asked'\n${script}\n`, {mode: 0o755})
  const write = (file: string, text: string, mode = 0o600): string => {
    const to = path.join(home, file)
    fs.mkdirSync(path.dirname(to), {recursive: true})
    fs.writeFileSync(to, text.replaceAll('/Users/ops', home).replaceAll('/home/ops', home), {mode})
    fs.chmodSync(to, mode)
    return to
  }
  const look = (more: {env?: Record<string, string>; port?: number; profile?: string} = {}): Promise<ServiceFacts> =>
    readService({
      overrides: {stateDir: null, configFile: null, profile: more.profile ?? null},
      hostEnv: {
        platform,
        home,
        tmp: home,
        uid: process.getuid?.() ?? 0,
        env: {HOME: home, PATH: `${bin}:/usr/bin:/bin`, ...more.env},
      },
      stateDir,
      configFile: path.join(stateDir, 'openclaw.json'),
      port: more.port ?? 1,
    })
  const asked = (): string[] =>
    fs.existsSync(`${home}/asked`) ? fs.readFileSync(`${home}/asked`, 'utf8').trim().split('\n') : []
  return {home, write, look, asked, uid: process.getuid?.() ?? 0}
}

const outputOf = (text: string, code = 0): string => `cat <<'END'\n${text}\nEND\nexit ${code}`

/** `launchctl` that knows one job in one domain. */
const launchctl = (job: string, target: string): string => `
case "$1 $2" in
  "print ${target}") ${outputOf(job).replace(/\n/g, '\n')} ;;
  "print-disabled "*) ${outputOf(fixture('service/launchctl-disabled.txt').replace('"ai.openclaw.gateway" => disabled', '"ai.openclaw.gateway" => enabled'))} ;;
  *) echo 'Could not find service "x" in domain for user gui: 501' >&2; exit 113 ;;
esac`

const packageAt = (write: (file: string, text: string) => string, folder: string, version: string): void => {
  write(`${folder}/package.json`, JSON.stringify({name: 'openclaw', version}))
  write(`${folder}/dist/index.js`, '')
}

describe('launchd', () => {
  const gui = `gui/${process.getuid?.() ?? 0}/ai.openclaw.gateway`

  test('a job with a wrapper and an environment file', async () => {
    const {home, write, look} = homeFor('darwin', {
      launchctl: launchctl(fixture('service/launchctl-running.txt'), gui),
      lsof: 'exit 1',
      ps: 'exit 1',
    })
    const plist = write('Library/LaunchAgents/ai.openclaw.gateway.plist', fixture('copies/2026.9.6.plist'))
    const envFile = write(
      '.openclaw/service-env/ai.openclaw.gateway.env',
      `${fixture('copies/2026.9.6.service-env')}\nexport ANTHROPIC_API_KEY='never-told'\n`,
    )
    packageAt(write, '.npm-global/lib/node_modules/openclaw', '2026.9.6')
    const facts = await look({env: {OPENAI_API_KEY: 'only-here', OPENCLAW_LOG_LEVEL: 'debug'}})
    expect(facts.unasked).toEqual([])
    expect(facts.supervisors).toEqual([
      {
        kind: 'launchd',
        domain: gui.replace('/ai.openclaw.gateway', ''),
        name: 'ai.openclaw.gateway',
        file: plist,
        alsoFiles: [envFile, path.join(home, '.openclaw/service-env/ai.openclaw.gateway-env-wrapper.sh')],
        ...{
          isLoaded: true,
          isEnabled: true,
          state: 'running',
          isRunning: true,
          pid: 28_452,
          runs: 1,
          lastExit: null,
          hasFailed: false,
        },
        program: {
          runtime: path.join(home, '.local/node/bin/node'),
          entry: path.join(home, '.npm-global/lib/node_modules/openclaw/dist/index.js'),
          ...{version: '2026.9.6', port: 19_601, hasTokenFlag: false},
        },
        variables: expect.arrayContaining(['ANTHROPIC_API_KEY', 'OPENCLAW_SERVICE_KIND', 'PATH']),
      },
    ])
    expect(facts.environment?.onlyService).toContain('ANTHROPIC_API_KEY')
    expect(facts.environment?.onlyShell).toEqual(['OPENAI_API_KEY', 'OPENCLAW_LOG_LEVEL'])
    expect(JSON.stringify(facts)).not.toMatch(/never-told|only-here/)
  })

  test('an embedded token is named and never told', async () => {
    const {write, look} = homeFor('darwin', {
      launchctl: launchctl(fixture('service/launchctl-running.txt'), gui),
      lsof: 'exit 1',
      ps: 'exit 1',
    })
    write('Library/LaunchAgents/ai.openclaw.gateway.plist', fixture('copies/2026.2.26.plist'), 0o644)
    const facts = await look()
    expect(facts.supervisors[0]?.variables).toContain('OPENCLAW_GATEWAY_TOKEN')
    expect(facts.supervisors[0]?.program.version).toBe('2026.2.26')
    expect(JSON.stringify(facts)).not.toContain('1111111111111111')
    // launchd wants it so, and only the account can enter the folder.
    expect(facts.files).toContainEqual(expect.objectContaining({what: 'service', mode: '0644', problem: null}))
  })

  test('written down and not loaded; and none at all', async () => {
    const {write, look} = homeFor('darwin', {launchctl: launchctl('', 'nothing'), lsof: 'exit 1', ps: 'exit 1'})
    expect((await look()).supervisors).toEqual([])
    write('Library/LaunchAgents/ai.openclaw.gateway.plist', fixture('copies/2026.9.6.plist'))
    expect((await look()).supervisors).toMatchObject([{isLoaded: false, isRunning: false, state: null, program: {port: 19_601}}])
  })

  test('an agent from before OpenClaw had its name is seen, another profile is not', async () => {
    const {write, look} = homeFor('darwin', {launchctl: launchctl('', 'nothing'), lsof: 'exit 1', ps: 'exit 1'})
    write('Library/LaunchAgents/com.clawdbot.gateway.plist', fixture('copies/2026.2.26.plist'))
    write('Library/LaunchAgents/ai.openclaw.work.plist', fixture('copies/2026.9.6.plist'))
    expect((await look()).supervisors.map(({name}) => name)).toEqual(['com.clawdbot.gateway'])
    expect((await look({profile: 'work'})).supervisors.map(({name}) => name).toSorted()).toEqual([
      'ai.openclaw.work',
      'com.clawdbot.gateway',
    ])
  })

  test('nobody is logged in at the console', async () => {
    const {look} = homeFor('darwin', {
      launchctl: "echo 'Bootstrap failed: 125: Domain does not support specified action' >&2; exit 125",
      lsof: 'exit 1',
      ps: 'exit 1',
    })
    const {supervisors, unasked} = await look()
    expect(supervisors).toEqual([])
    expect(unasked).toMatchObject([
      {tool: expect.stringContaining('launchctl, gui/'), because: expect.stringContaining('logged in')},
    ])
  })

  test('only questions are asked', async () => {
    const {write, look, asked} = homeFor('darwin', {
      launchctl: launchctl(fixture('service/launchctl-running.txt'), gui),
      lsof: 'exit 1',
      ps: 'exit 1',
    })
    write('Library/LaunchAgents/ai.openclaw.gateway.plist', fixture('copies/2026.9.6.plist'))
    await look()
    for (const line of asked())
      expect(line).toMatch(/^(?:launchctl print(?:-disabled)? |lsof -b -w -nP |netstat -anv |ps (?:-ww |-o lstart= ))/)
    expect(asked().length).toBeGreaterThan(2)
  })
})

describe('systemd', () => {
  const systemctl = (show: string, cat: string, scope = '--user show openclaw-gateway.service'): string => `
case "$*" in
  "${scope}"*) ${outputOf(show)} ;;
  *" show "*|"show "*) ${outputOf(fixture('service/systemctl-not-found.txt'))} ;;
  *"cat openclaw-gateway.service") ${outputOf(cat)} ;;
  *) exit 1 ;;
esac`

  test('a unit of this user, its drop-ins and its environment file', async () => {
    const {home, write, look} = homeFor('linux', {systemctl: 'exit 1'})
    const file = write('gw.env', 'OPENROUTER_API_KEY=never-told\n')
    const cat = `${fixture('copies/2026.6.11.unit')}\n# ${home}/.config/systemd/user/openclaw-gateway.service.d/10-env.conf\n[Service]\nEnvironmentFile=-${file}\nEnvironment=OPENCLAW_LOG_LEVEL=debug\n`
    const stub = systemctl(
      fixture('service/systemctl-running.txt').replaceAll('/home/ops', home),
      cat.replaceAll('/Users/ops', home),
    )
    fs.writeFileSync(path.join(home, 'stubs/systemctl'), `#!/bin/sh\n${stub}\n`, {mode: 0o755})
    packageAt(write, '.npm-global/lib/node_modules/openclaw', '2026.6.11')
    const facts = await look({env: {OPENCLAW_LOG_LEVEL: 'info'}})
    expect(facts.supervisors).toMatchObject([
      {
        ...{
          kind: 'systemd',
          domain: 'user',
          name: 'openclaw-gateway.service',
          isRunning: true,
          isEnabled: true,
          pid: 4121,
          runs: 0,
        },
        alsoFiles: [expect.stringContaining('10-env.conf'), expect.stringContaining('20-more.conf'), file],
        program: {version: '2026.6.11', port: 19_951, entry: expect.stringContaining('openclaw/dist/index.js')},
        variables: expect.arrayContaining(['OPENROUTER_API_KEY', 'OPENCLAW_LOG_LEVEL', 'OPENCLAW_SERVICE_MARKER']),
      },
    ])
    expect(facts.environment).toMatchObject({
      onlyService: ['NODE_EXTRA_CA_CERTS', 'OPENROUTER_API_KEY', 'TMPDIR'],
      differ: expect.arrayContaining(['OPENCLAW_LOG_LEVEL']),
    })
    expect(JSON.stringify(facts)).not.toContain('never-told')
  })

  test('one of the user and one of the machine', async () => {
    const both = `
case "$*" in
  *"show openclaw-gateway.service"*) ${outputOf(fixture('service/systemctl-looping.txt'))} ;;
  *" show "*|"show "*) ${outputOf(fixture('service/systemctl-not-found.txt'))} ;;
  *) exit 1 ;;
esac`
    const {look} = homeFor('linux', {systemctl: both})
    expect((await look()).supervisors.map(({domain, state, runs}) => [domain, state, runs])).toEqual([
      ['user', 'activating (auto-restart)', 17],
      ['system', 'activating (auto-restart)', 17],
    ])
  })

  test('no systemd to ask is a fact, and so is one that does not answer', async () => {
    const silent = homeFor('linux', {systemctl: "echo 'Failed to connect to bus: No medium found' >&2; exit 1"})
    expect((await silent.look()).unasked).toMatchObject([{tool: 'systemctl, user'}, {tool: 'systemctl, system'}])
    const none = homeFor('linux', {})
    expect((await none.look({env: {PATH: path.join(none.home, 'stubs')}})).unasked[0]?.because).toBe('there is no systemctl here')
    const slow = homeFor('linux', {systemctl: 'exec sleep 30'})
    expect((await slow.look()).unasked[0]?.because).toMatch(/did not answer within/)
  })
})

test('who holds the port, under which account, started by whom', async () => {
  const {look, uid} = homeFor('linux', {systemctl: 'exit 1'})
  const script =
    "const s = require('net').createServer().listen(0, '127.0.0.1', () => process.stdout.write(String(s.address().port)))"
  const child = spawn(process.execPath, ['-e', script])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  expect((await look({port: Number(String(port))})).holders).toEqual([
    {
      ...{
        pid: child.pid,
        process: 'node -e',
        user: expect.any(String),
        uid,
        runtime: fs.realpathSync(process.execPath),
        host: '127.0.0.1',
      },
      parents: expect.arrayContaining([process.pid]),
    },
  ])
})

test('the shell’s own openclaw, by the package behind its link', async () => {
  const {home, write, look} = homeFor('linux', {systemctl: 'exit 1'})
  packageAt(write, 'lib/node_modules/openclaw', '2026.8.2')
  const entry = write('lib/node_modules/openclaw/openclaw.mjs', '', 0o755)
  fs.symlinkSync(entry, path.join(home, 'stubs/openclaw'))
  expect((await look()).shell).toEqual({path: path.join(home, 'stubs/openclaw'), version: '2026.8.2'})
})

test('files with secrets that others may read or change', async () => {
  const {home, write, look, uid} = homeFor('linux', {systemctl: 'exit 1'})
  write('.openclaw/openclaw.json', '{gateway: {bind: "lan", port: 18789}}', 0o644)
  write('.openclaw/.env', 'OPENCLAW_GATEWAY_TOKEN=never-told', 0o600)
  fs.chmodSync(path.join(home, '.openclaw'), 0o777)
  const facts = await look()
  expect(facts.exposure).toMatchObject({bind: 'lan', port: 18_789})
  expect(facts.files.map(({what, mode, problem, uid: owner}) => [what, mode, problem, owner])).toEqual([
    ['state', '0777', 'others-can-write', uid],
    ['config', '0644', 'others-can-read', uid],
    ['env', '0600', null, uid],
  ])
})

test('a system that is neither', async () => {
  const {look} = homeFor('win32', {})
  expect(await look()).toMatchObject({supervisors: [], holders: [], unasked: [{tool: 'the service'}, {tool: 'the sockets'}]})
})

describe('which file of a unit holds a secret', () => {
  const unit = '.config/systemd/user/openclaw-gateway.service'
  const systemctl = (home: string): string => `
case "$*" in
  *--user*show*openclaw*) echo 'LoadState=loaded'; echo 'FragmentPath=${home}/${unit}'; echo 'DropInPaths=${home}/${unit}.d/token.conf' ;;
  *--user*cat*openclaw*) for f in ${home}/${unit} ${home}/${unit}.d/token.conf; do echo "# $f"; cat "$f"; done ;;
  *) echo 'LoadState=not-found' ;;
esac`

  test.each([
    ['a private drop-in makes nobody complain of the unit', 'Environment=OPENCLAW_GATEWAY_TOKEN=x', '', 0o600, []],
    ['a drop-in that others may read is named', 'Environment=OPENCLAW_GATEWAY_TOKEN=x', '', 0o644, ['token.conf']],
    [
      'an environment file is named, and not who names it',
      'EnvironmentFile=/home/ops/gw.env',
      'OPENCLAW_GATEWAY_TOKEN=x',
      0o644,
      ['gw.env'],
    ],
  ])('%s', async (_, setting, inFile, mode, open) => {
    const host = homeFor('linux', {})
    fs.writeFileSync(path.join(host.home, 'stubs/systemctl'), `#!/bin/sh\n${systemctl(host.home)}\n`, {mode: 0o755})
    host.write(unit, '[Service]\nExecStart=/usr/bin/node /opt/openclaw/dist/index.js gateway\n', 0o644)
    host.write(`${unit}.d/token.conf`, `[Service]\n${setting}\n`, inFile === '' ? mode : 0o644)
    host.write('gw.env', `${inFile}\n`, inFile === '' ? 0o600 : mode)
    const {files} = await host.look()
    expect(files.filter(({problem}) => problem === 'others-can-read').map(one => path.basename(one.path))).toEqual(open)
  })
})
