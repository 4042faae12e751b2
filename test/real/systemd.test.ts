import {execFile, execFileSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {endEntry, readEntries} from '../../src/domain/plans/journal.ts'
import {freePort} from '../cli/free-port.ts'
import {built} from '../e2e/built.ts'
import {askPort} from '../fixtures/stubs/home.ts'
import {cacheFolder, isInstalled} from './traffic-recorder.ts'

const release = '2026.9.6'
const long = 600_000
const whyNot = [
  process.platform === 'linux' ? null : 'systemd is of Linux',
  process.getuid?.() === 0 ? null : 'it makes an account, for which it has to be root',
  fs.existsSync('/usr/lib/systemd/systemd') ? null : 'there is no /usr/lib/systemd/systemd (Debian: systemd, dbus-user-session)',
  isInstalled(release) ? null : `OpenClaw ${release} is not installed for tests in ${cacheFolder}`,
].find(because => because !== null)

const run = promisify(execFile)
const tool = path.join(import.meta.dirname, 'real-systemd')
const account = `gcreal${process.pid % 10_000}`
const home = `/home/${account}`
const openclaw = `/opt/${account}`
const unitFile = `${home}/.config/systemd/user/openclaw-gateway.service`
const configFile = `${home}/.openclaw/openclaw.json`
const tokens = {first: '1a'.repeat(24), stale: '2b'.repeat(24), random: '3c'.repeat(24)}
const name = 'OPENCLAW_GATEWAY_TOKEN'

let port = 0
const bin = `${openclaw}/node_modules/.bin`
const as = async (...argv: string[]): Promise<string> => {
  const env = {...process.env, ACCOUNT_PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`}
  const ran = await run(tool, ['run', account, ...argv], {env, maxBuffer: 1 << 24}).catch(error => error as {stdout: string})
  return ran.stdout
}
const gatecrab = (...argv: string[]): Promise<string> =>
  as(`${bin}/node`, path.join(import.meta.dirname, '../../bin/gatecrab.js'), ...argv)
const plan = async (...argv: string[]): Promise<unknown> => {
  const text = await gatecrab(...argv, '--yes', '--json')
  return endEntry(readEntries(text))?.outcome ?? text
}
const systemctl = (...argv: string[]): Promise<string> => as('systemctl', '--user', ...argv)
const shown = async (property: string): Promise<string> =>
  (await systemctl('show', 'openclaw-gateway', '--value', '-p', property)).trim()
const token = (): string => JSON.parse(fs.readFileSync(configFile, 'utf8')).gateway.auth.token
const problems = async (): Promise<{id: string; because: string; tryThis: string}[]> =>
  JSON.parse(await gatecrab('check', '--json')).problems

const write = (file: string, text: string, mode = 0o600): void => {
  fs.mkdirSync(path.dirname(file), {recursive: true, mode: 0o700})
  fs.writeFileSync(file, text, {mode})
  fs.chmodSync(file, mode)
  execFileSync('chown', ['-R', `${account}:`, home])
}

/** In the form in which 2026.6.6 writes it; 2026.9.6 installs none without a manager of the system. */
const unit = (): string => `[Unit]
Description=OpenClaw Gateway (v${release})
StartLimitBurst=5
StartLimitIntervalSec=60

[Service]
ExecStart=${openclaw}/node_modules/node/bin/node ${openclaw}/node_modules/openclaw/dist/index.js gateway --port ${port}
Restart=always
RestartSec=5
RestartPreventExitStatus=78
TimeoutStopSec=30
TimeoutStartSec=30
SuccessExitStatus=0 143
OOMPolicy=continue
KillMode=control-group
Environment=HOME=${home}
Environment=TMPDIR=/tmp
Environment=PATH=${bin}:/usr/local/bin:/usr/bin:/bin
Environment=OPENCLAW_DISABLE_BONJOUR=1
Environment=OPENCLAW_GATEWAY_PORT=${port}
Environment=OPENCLAW_SYSTEMD_UNIT=openclaw-gateway.service
Environment=OPENCLAW_SERVICE_MARKER=openclaw
Environment=OPENCLAW_SERVICE_KIND=gateway
Environment=OPENCLAW_SERVICE_VERSION=${release}

[Install]
WantedBy=default.target
`

const answers = (value: string): Promise<number> => askPort(port, value)
const isReady = async (): Promise<boolean> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
  return answer?.status === 200
}
const untilReady = (): Promise<unknown> => vi.waitUntil(isReady, {timeout: 240_000, interval: 500})
const restarted = async (): Promise<void> => {
  await systemctl('daemon-reload')
  await systemctl('restart', 'openclaw-gateway')
  await untilReady()
}
const dropIn = (text: string): void => write(`${unitFile}.d/own.conf`, `[Service]\n${text}\n`)

describe.skipIf(whyNot !== undefined)(`a gateway under a real systemd${whyNot ? `: not run, ${whyNot}` : ''}`, () => {
  beforeAll(async () => {
    await built()
    execFileSync(tool, ['start', account], {stdio: 'ignore'})
    execFileSync('cp', ['-al', path.join(cacheFolder, release), openclaw])
    port = await freePort()
    const gateway = {mode: 'local', bind: 'loopback', port, auth: {mode: 'token', token: tokens.first}}
    const config = {meta: {lastTouchedVersion: release}, gateway, logging: {file: `${home}/logs/gateway.jsonl`}}
    write(configFile, JSON.stringify(config))
    write(unitFile, unit(), 0o644)
    await restarted()
  }, long)

  afterAll(() => {
    if (whyNot === undefined) {
      execFileSync(tool, ['stop', account], {stdio: 'ignore'})
      fs.rmSync(openclaw, {recursive: true, force: true})
    }
  }, long)

  test(
    'restart: another invocation, which systemd did not count as one of its own',
    async () => {
      const before = await shown('InvocationID')
      expect(await plan('restart')).toBe('done')
      expect(await shown('InvocationID')).not.toBe(before)
      expect([await shown('NRestarts'), await answers(tokens.first), await answers(tokens.random)]).toEqual(['0', 400, 401])
    },
    long,
  )

  test(
    'rotate and undo: each token asked from outside',
    async () => {
      expect(await plan('rotate')).toBe('done')
      const fresh = token()
      expect([await answers(tokens.first), await answers(fresh), await answers(tokens.random)]).toEqual([401, 400, 401])
      expect(await plan('undo')).toBe('done')
      expect([await answers(tokens.first), await answers(fresh)]).toEqual([400, 401])
    },
    long,
  )

  test(
    'a stale token in a drop-in: named there, and the unit is not complained of',
    async () => {
      dropIn(`Environment=${name}=${tokens.stale}`)
      await restarted()
      const {copies} = JSON.parse(await gatecrab('copies', '--json')) as {
        copies: {place: string; path: string; verdict: string}[]
      }
      expect(copies.find(({place}) => place === 'systemd-unit')).toMatchObject({
        path: `${unitFile}.d/own.conf`,
        verdict: 'differs',
      })
      const found = await problems()
      expect(found.filter(({id}) => id === 'file-others-can-read')).toEqual([])
      expect(found.find(({id}) => id === 'token-in-the-service')?.tryThis).toContain(`${unitFile}.d/own.conf`)
      expect([await answers(tokens.first), await answers(tokens.stale)]).toEqual([400, 401])
    },
    long,
  )

  test(
    'propagate: a stale environment file gets the token in force, and nothing else of it changes',
    async () => {
      const file = `${home}/.config/oc/gateway.env`
      write(file, `# ours\nOTHER=1\n${name}=${tokens.stale}\n`)
      dropIn(`EnvironmentFile=${file}`)
      await restarted()
      expect(await plan('propagate')).toBe('done')
      expect(fs.readFileSync(file, 'utf8')).toBe(`# ours\nOTHER=1\n${name}=${tokens.first}\n`)
      expect(await plan('undo')).toBe('done')
      expect(fs.readFileSync(file, 'utf8')).toContain(tokens.stale)
    },
    long,
  )

  test(
    'many ordered restarts are no respawn-loop, and one that begins is no stopped gateway',
    async () => {
      for (let i = 0; i < 3; i += 1) await restarted()
      expect((await problems()).map(({id}) => id)).not.toContain('respawn-loop')
      await systemctl('restart', 'openclaw-gateway')
      const ids = (await problems()).map(({id}) => id)
      expect(ids.filter(id => /gateway-(?:killed|stopped|down)|service-stopped/.test(id))).toEqual([])
      await untilReady()
      expect(await shown('NRestarts')).toBe('0')
    },
    long,
  )

  test(
    'service print: installed as it says, it runs its command once for a killed gateway and once for its return',
    async () => {
      const [watch, told, complaints] = [
        path.join(path.dirname(unitFile), 'gatecrab-watch.service'),
        `${home}/told`,
        `${home}/complaints`,
      ]
      const command = `printf '%s %s %s 100%% "%s"\\n' "$GATECRAB_EVENT" "$GATECRAB_CHANGE" "$GATECRAB_PROBLEM" "$(cat | grep -c '"gatecrab"')" >>"$HOME/told"`
      const text = await gatecrab('service', 'print', 'systemd', '--on-change', command)
      write(watch, text, 0o644)
      write(`${watch}.d/own.conf`, `[Service]\nStandardError=append:${complaints}\nRestartSec=1\n`)
      const lines = (file: string): string[] => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [])
      const untilWatching = (times: number) =>
        vi.waitUntil(() => lines(complaints).filter(line => line.includes('Each change from now on')).length === times, {
          timeout: 240_000,
          interval: 200,
        })
      await systemctl('daemon-reload')
      await systemctl('enable', '--now', 'gatecrab-watch')
      await untilWatching(1)
      process.kill(Number(await shown('MainPID')), 'SIGKILL')
      await vi.waitUntil(() => lines(told).length === 2, {timeout: 240_000, interval: 200})
      expect(lines(told)).toEqual(['gateway-gone began gateway-killed 100% "1"', 'gateway-gone ended gateway-killed 100% "1"'])
      const ofWatch = async (property: string): Promise<string> =>
        (await systemctl('show', 'gatecrab-watch', '--value', '-p', property)).trim()
      process.kill(Number(await ofWatch('MainPID')), 'SIGKILL')
      await untilWatching(2)
      expect([await ofWatch('NRestarts'), lines(told).length]).toEqual(['1', 2])
      await systemctl('disable', '--now', 'gatecrab-watch')
      expect([await ofWatch('ActiveState'), await ofWatch('Result')]).toEqual(['inactive', 'success'])
    },
    long,
  )
})
