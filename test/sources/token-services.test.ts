import {readFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {configText, copyIn, gaveAway, type Home, newHome, problemIds, readings, tokens} from './token-home.ts'

let home: Home
beforeEach(() => {
  home = newHome()
})
afterEach(() => home.remove())

const {now, old, other} = tokens
const name = 'OPENCLAW_GATEWAY_TOKEN'

/** As captured, in this home, with this token. */
const fixture = (file: string, token: string = now): string =>
  readFileSync(path.join(import.meta.dirname, '../fixtures/copies', file), 'utf8')
    .replaceAll('/Users/ops', home.folder)
    .replaceAll(now, token)

const plist = 'Library/LaunchAgents/ai.openclaw.gateway.plist'

describe('launchd', () => {
  const onMac = (release = '2026.9.6', env: Record<string, string> = {}) =>
    home.copies({release, hostEnv: home.hostEnv({platform: 'darwin', env})})

  test('the plist of 2026.2.26 embeds the token, in a folder of the account', async () => {
    home.write(plist, fixture('2026.2.26.plist'), 0o644)
    home.stub('plutil', `exit 1`)
    const read = await onMac('2026.2.26')
    expect(readings(read, 'launchd-plist')).toEqual([`ai.openclaw.gateway.plist ${name} literal now`])
    expect(problemIds(copyIn(read, 'launchd-plist'))).toEqual([])
    expect(copyIn(read, 'launchd-plist')).toMatchObject({wins: true, writable: false, mode: '0644'})
  })

  test('plutil is asked where it is there', async () => {
    home.write(plist, 'bplist00 not XML')
    home.stub('plutil', `echo '{"EnvironmentVariables":{"${name}":"${now}"},"ProgramArguments":["node","--token","${old}"]}'`)
    const read = await onMac()
    expect(readings(read, 'launchd-plist')).toEqual([`ai.openclaw.gateway.plist ${name} literal now`])
    expect(readings(read, 'start-command')).toEqual(['ai.openclaw.gateway.plist --token literal old'])
    expect(home.calls()).toContain(`plutil -convert json -o - ${path.join(home.folder, plist)}`)
  })

  test.each(['2026.8.2', '2026.9.6'])('the env file that the plist of %s sources', async release => {
    home.write(plist, fixture(`${release}.plist`))
    home.write('.openclaw/service-env/ai.openclaw.gateway.env', `${fixture(`${release}.service-env`)}export ${name}='${now}'\n`)
    const read = await onMac(release)
    expect(readings(read, 'launchd-plist')).toEqual([])
    expect(readings(read, 'service-env')).toEqual([`ai.openclaw.gateway.env ${name} literal now`])
    expect(copyIn(read, 'service-env').writable).toBe(true)
  })

  test('launchctl setenv, whose answer ends with a line break', async () => {
    home.stub('launchctl', `[ "$2" = ${name} ] && echo ${now}; exit 0`)
    const read = await onMac()
    expect(readings(read, 'launchctl')).toEqual([`launchctl ${name} literal now`])
    expect(home.calls()).toContain(`launchctl getenv ${name}`)
  })

  test('a named profile has a label of its own', async () => {
    home.write('Library/LaunchAgents/ai.openclaw.work.plist', fixture('2026.2.26.plist'))
    const query = {stateDir: null, configFile: null, profile: 'work'}
    const read = await home.copies({overrides: query, hostEnv: home.hostEnv({platform: 'darwin'})})
    expect(readings(read, 'launchd-plist')).toEqual([`ai.openclaw.work.plist ${name} literal now`])
    expect(readings(await onMac('2026.9.6', {OPENCLAW_LAUNCHD_LABEL: 'ai.openclaw.work'}), 'launchd-plist')).toHaveLength(1)
  })

  test('the environment of the process, as ps shows it, or does not', async () => {
    home.stub(
      'ps',
      `echo "/opt/homebrew/bin/node /opt/openclaw/dist/index.js gateway PATH=/usr/bin HOME=/Users/ops ${name}=${now} LANG=C"`,
    )
    const hostEnv = home.hostEnv({platform: 'darwin'})
    const seen = await home.copies({hostEnv, pid: 4242})
    expect(readings(seen, 'process-env')).toEqual([`pid 4242 ${name} literal now`])
    home.stub('ps', 'echo /opt/homebrew/bin/node /opt/openclaw/dist/index.js gateway')
    const hidden = await home.copies({hostEnv, pid: 4242})
    expect(copyIn(hidden, 'process-env').problem).toContain('ps does not show its environment')
    expect(home.calls()).toContain('ps eww -o command= -p 4242')
  })

  test('a process that wrote a title over its arguments is shown to nobody, and no other account is advised', async () => {
    home.stub('ps', 'echo openclaw-gateway')
    const {problem} = copyIn(await home.copies({hostEnv: home.hostEnv({platform: 'darwin'}), pid: 4242}), 'process-env')
    expect(problem).toContain('shows the variables of this process to nobody')
    expect(problem).not.toContain('Run gatecrab as')
  })
})

describe('systemd', () => {
  const unit = '.config/systemd/user/openclaw-gateway.service'

  test.each([
    ['2026.1.29', true],
    ['2026.2.26', true],
    ['2026.3.13', false],
    ['2026.6.11', false],
  ])('the unit of %s, as systemctl prints it', async (release, embeds) => {
    const file = home.write(unit, fixture(`${release}.unit`).replace(/^#.*\n/, ''))
    home.write('printed', fixture(`${release}.unit`))
    home.stub('systemctl', `/bin/cat '${path.join(home.folder, 'printed')}'`)
    const read = await home.copies({release})
    expect(readings(read, 'systemd-unit')).toEqual(embeds ? [`openclaw-gateway.service ${name} literal now`] : [])
    expect(home.calls()).toContain('systemctl --user cat openclaw-gateway.service')
    if (embeds) expect(copyIn(read, 'systemd-unit')).toMatchObject({path: file, mode: '0600', writable: false})
  })

  test('without systemctl the files are read, drop-ins and environment files included', async () => {
    home.write(unit, fixture('2026.2.26.unit', old))
    home.write(
      `${unit}.d/10-token.conf`,
      `[Service]\nEnvironment=${name}=${now}\nEnvironmentFile=-%h/.openclaw/gateway.systemd.env\n`,
    )
    home.write(`${unit}.d/notes.txt`, `[Service]\nEnvironment=${name}=${other}\n`)
    home.write('.openclaw/gateway.systemd.env', `${name}=${other} # not a comment\n`)
    const read = await home.copies({release: '2026.2.26'})
    expect(readings(read, 'systemd-unit')).toEqual([`10-token.conf ${name} literal now`])
    expect(readings(read, 'systemd-env-file')).toEqual([`gateway.systemd.env ${name} literal ${other} # not a comment`])
    expect(copyIn(read, 'systemd-env-file').wins).toBe(true)
    expect(problemIds(copyIn(read, 'systemd-env-file'))).toContain('inner-white-space')
  })

  test('environment files by pattern', async () => {
    home.write(unit, `[Service]\nEnvironmentFile=${home.folder}/env.d/*.env\n`)
    home.write('env.d/1.env', `${name}=${old}\n`)
    home.write('env.d/2.env', `${name}=${now}\n`)
    expect(readings(await home.copies(), 'systemd-env-file')).toEqual([`1.env ${name} literal old`, `2.env ${name} literal now`])
  })

  test('--token in ExecStart', async () => {
    home.write(unit, `[Service]\nExecStart=/usr/bin/node x gateway run --token ${now}\n`)
    const read = await home.copies()
    expect(readings(read, 'start-command')).toEqual(['openclaw-gateway.service --token literal now'])
    expect(problemIds(copyIn(read, 'start-command'))).toEqual(['pin'])
  })

  test('the unit of a profile, and one that is named', async () => {
    home.write('.config/systemd/user/openclaw-gateway-work.service', `[Service]\nEnvironment=${name}=${now}\n`)
    const query = {stateDir: null, configFile: null, profile: 'work'}
    expect(readings(await home.copies({overrides: query}), 'systemd-unit')).toEqual([
      `openclaw-gateway-work.service ${name} literal now`,
    ])
    const hostEnv = home.hostEnv({env: {OPENCLAW_SYSTEMD_UNIT: 'openclaw-gateway-work'}})
    expect(readings(await home.copies({hostEnv}), 'systemd-unit')).toHaveLength(1)
  })

  test('a systemctl that hangs is not waited for', async () => {
    home.write(unit, `[Service]\nEnvironment=${name}=${now}\n`)
    home.stub('systemctl', 'exec /bin/sleep 60')
    const began = performance.now()
    expect(readings(await home.copies(), 'systemd-unit')).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(20_000)
  })
})

describe('docker compose', () => {
  const compose = `services:
  openclaw-gateway:
    environment:
      ${name}: $${'{'}${name}}
  openclaw-cli:
    environment:
      ${name}: $${'{'}${name}}
`
  const folder = (): string => path.join(home.folder, 'gw')
  const copies = () => home.copies({compose: [folder()]})

  test('the variable of .env, handed to each service', async () => {
    home.write('gw/docker-compose.yml', compose)
    home.write('gw/.env', `${name}=${now}\n`)
    const read = await copies()
    expect(readings(read, 'compose-file')).toEqual([
      `docker-compose.yml openclaw-gateway.${name} reference now`,
      `docker-compose.yml openclaw-cli.${name} reference now`,
    ])
    expect(readings(read, 'compose')).toEqual([`.env ${name} literal now`])
    expect(copyIn(read, 'compose').writable).toBe(true)
  })

  test('a folder that is about something else is left alone', async () => {
    home.write('gw/docker-compose.yml', 'services:\n  web:\n    image: nginx\n')
    home.write('gw/.env', `${name}=${now}\n`)
    expect(readings(await copies(), 'compose')).toEqual([])
  })

  test('files that are named, a default, a pin', async () => {
    home.write(
      'gw/compose.yaml',
      `services:\n  gw:\n    image: openclaw\n    env_file: [more.env]\n    command: ["gateway", "--token", "${other}"]\n    environment:\n      - ${name}=$${'{'}GW:-changeme}\n`,
    )
    home.write('gw/more.env', `${name}=${now}\n`)
    const read = await copies()
    expect(readings(read, 'compose').toSorted()).toEqual([`.env ${name} unset -`, `more.env ${name} literal now`])
    expect(readings(read, 'start-command')).toEqual(['compose.yaml --token literal other'])
    expect(readings(read, 'compose-file')).toEqual([`compose.yaml gw.${name} reference changeme`])
  })

  test('what runs of it still has the old environment', async () => {
    const id = 'a'.repeat(64)
    home.write('gw/docker-compose.yml', compose)
    home.write('gw/.env', `${name}=${now}\n`)
    const inspected = JSON.stringify([{Name: '/gw-openclaw-gateway-1', Config: {Env: ['PATH=/bin', `${name}=${old}`]}}])
    home.stub('docker', `case $1 in ps) echo ${id};; inspect) echo '${inspected}';; esac`)
    const read = await copies()
    expect(readings(read, 'container-env')).toEqual([`gw gw-openclaw-gateway-1.${name} literal old`])
    expect(home.calls()).toEqual([
      `docker ps --no-trunc -q --filter label=com.docker.compose.project.working_dir=${folder()}`,
      `docker inspect ${id}`,
    ])
  })

  test('a docker that is not running is no matter', async () => {
    home.write('gw/docker-compose.yml', compose)
    home.stub('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1')
    expect(readings(await copies(), 'container-env')).toEqual([])
  })
})

test('no program is given a token, and none is started that a place does not need', async () => {
  for (const program of ['systemctl', 'launchctl', 'plutil', 'docker', 'ps', 'lsof', 'openclaw', 'node', 'sh', 'ssh'])
    home.stub(program, 'exit 0')
  home.write('.openclaw/openclaw.json', configText(now))
  home.write('.openclaw/.env', `${name}=${old}\n`)
  await home.copies()
  expect(home.calls()).toEqual(['systemctl --user cat openclaw-gateway.service', 'systemctl cat openclaw-gateway.service'])
  await home.copies({hostEnv: home.hostEnv({platform: 'darwin'}), pid: 4242, remotes: ['ops@a']})
  expect([...new Set(home.calls().map(call => call.split(' ')[0]))].toSorted()).toEqual(['launchctl', 'ps', 'systemctl'])
  expect(gaveAway(home.calls().join('\n'))).toEqual([])
})
