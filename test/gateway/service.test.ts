import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {Secret} from '../../src/domain/secret.ts'
import {readExposure} from '../../src/gateway/service/config.ts'
import {differenceOf, programIn} from '../../src/gateway/service/env.ts'
import {readPlist} from '../../src/gateway/service/files.ts'
import {hasNoDomain, isEnabledIn, isLegacyLabel, isNotLoaded, readJob} from '../../src/gateway/service/launchd.ts'
import {readPowerLog, sleepsIn} from '../../src/gateway/service/power-log.ts'
import {hasNoBus, readUnitState} from '../../src/gateway/service/systemd.ts'

const fixture = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, '../fixtures', name), 'utf8')

describe('launchctl print', () => {
  test('a job that runs', () => {
    expect(readJob(fixture('service/launchctl-running.txt'))).toEqual({
      file: '/Users/ops/Library/LaunchAgents/ai.openclaw.gateway.plist',
      state: 'running',
      isRunning: true,
      pid: 28_452,
      runs: 1,
      lastExit: null,
      hasFailed: false,
    })
  })

  test('one that is started again and again', () => {
    expect(readJob(fixture('service/launchctl-looping.txt'))).toMatchObject({
      ...{state: 'spawn scheduled', isRunning: false, pid: null, runs: 41, lastExit: '78: EX_CONFIG', hasFailed: true},
    })
  })

  test('a signal takes the place of the exit code, and an orderly one is no failure', () => {
    const killed = fixture('service/launchctl-killed.txt')
    expect(readJob(killed)).toMatchObject({lastExit: 'Killed: 9', hasFailed: true})
    expect(readJob(killed.replace('Killed: 9', 'Terminated: 15'))).toMatchObject({lastExit: 'Terminated: 15', hasFailed: false})
    expect(readJob('\tlast exit code = 0\n')).toMatchObject({lastExit: '0', hasFailed: false})
  })

  const mac = (name: string): string => fixture(`macos/${name}`)

  test('as real Macs print it', () => {
    expect(readJob(mac('launchctl-print-running-keepalive.txt'))).toMatchObject({
      ...{state: 'running', isRunning: true, pid: 3268, runs: 2, lastExit: '0', hasFailed: false},
    })
    expect(readJob(mac('launchctl-print-openclaw-looping.txt'))).toMatchObject({
      ...{state: 'spawn scheduled', isRunning: false, pid: null, runs: 2463, lastExit: '1', hasFailed: true},
    })
    expect(readJob(mac('launchctl-print-codesigning-killed.txt'))).toMatchObject({
      ...{isRunning: true, runs: 24_991, lastExit: 'OS_REASON_CODESIGNING', hasFailed: true, endedBy: 'system'},
    })
  })

  test.each([
    ['\tstate = SIGTERMed\n', {phase: 'stopping'}],
    ['\tstate = xpcproxy\n', {phase: 'starting'}],
    ['\tstate = spawn scheduled\n\tlast terminating signal = Terminated: 15\n', {phase: 'starting', hasFailed: false}],
    ['\tstate = not running\n\tjob state = spawn failed\n\tlast exit code = 78\n', {endedBy: 'system', hasFailed: true}],
    ['\tlast exit reason = OS_REASON_JETSAM\n', {endedBy: 'memory', hasFailed: true}],
    ['\tlast exit reason = OS_REASON_EXIT\n', {hasFailed: true, lastExit: 'OS_REASON_EXIT'}],
  ])('%j', (printed, more) => {
    expect(readJob(printed)).toMatchObject(more)
  })

  test('a plain failure that waits for its next start is on no way', () => {
    expect(readJob(mac('launchctl-print-openclaw-looping.txt')).phase).toBeUndefined()
  })

  test('nothing', () => {
    expect(readJob('')).toMatchObject({state: null, isRunning: false, pid: null, runs: null, lastExit: null})
  })

  test('what it says when it knows no such job, or may not tell', () => {
    expect(isNotLoaded('Could not find service "ai.openclaw.gateway" in domain for user gui: 501')).toBe(true)
    expect(hasNoDomain('Bootstrap failed: 125: Domain does not support specified action')).toBe(true)
    expect(hasNoDomain('Could not find domain for user gui: 501')).toBe(true)
    expect(hasNoDomain('Could not print domain: 1: Operation not permitted')).toBe(true)
  })

  test('who is switched off', () => {
    const printed = fixture('service/launchctl-disabled.txt')
    expect(isEnabledIn(printed, 'ai.openclaw.gateway')).toBe(false)
    expect(isEnabledIn(printed, 'ai.openclaw.node')).toBe(true)
    expect(isEnabledIn(printed, 'ai.openclaw.work')).toBe(true)
    expect(isEnabledIn('\t"ai.openclaw.gateway" => true\n', 'ai.openclaw.gateway')).toBe(false)
  })

  test.each([
    ['com.clawdbot.gateway', true],
    ['com.steipete.clawdbot.gateway', true],
    ['bot.molt.gateway', true],
    ['ai.openclaw.gateway', false],
    ['ai.openclaw.work', false],
    ['com.apple.Finder', false],
  ])('%s is from before: %s', (label, yes) => {
    expect(isLegacyLabel(label)).toBe(yes)
  })

  test('a profile of before is the rival of that profile alone', () => {
    expect(isLegacyLabel('com.clawdbot.work')).toBe(false)
    expect(isLegacyLabel('com.clawdbot.work', 'work')).toBe(true)
  })
})

describe('systemctl show', () => {
  test('a unit that runs', () => {
    expect(readUnitState(fixture('service/systemctl-running.txt'))).toEqual({
      file: '/home/ops/.config/systemd/user/openclaw-gateway.service',
      dropIns: ['10-env', '20-more'].map(name => `/home/ops/.config/systemd/user/openclaw-gateway.service.d/${name}.conf`),
      isLoaded: true,
      isEnabled: true,
      state: 'active (running)',
      isRunning: true,
      pid: 4121,
      runs: 0,
      lastExit: null,
      hasFailed: false,
    })
  })

  test('one that begins or ends is on its way for as long as the unit itself allows', () => {
    const shown = (active: string, sub: string, more = '') =>
      readUnitState(
        `LoadState=loaded\nActiveState=${active}\nSubState=${sub}\nExecMainStartTimestampMonotonic=6510007478\nStateChangeTimestampMonotonic=6520000000\n${more}`,
        1_000_000,
      )
    expect(shown('active', 'running', 'TimeoutStartUSec=2min 30s')).toMatchObject({phase: 'starting', phaseEndsAt: 7_660_007.478})
    expect(shown('active', 'running', 'TimeoutStartUSec=30s')?.phaseEndsAt).toBe(7_570_007.478)
    expect(shown('deactivating', 'stop-sigterm', 'TimeoutStopUSec=30s')).toMatchObject({
      phase: 'stopping',
      phaseEndsAt: 7_550_000,
    })
    expect(shown('deactivating', 'stop-sigterm', 'TimeoutStopUSec=infinity')).toMatchObject({phaseEndsAt: null})
    expect(shown('activating', 'auto-restart')?.phase).toBeUndefined()
    expect(shown('failed', 'failed')?.phase).toBeUndefined()
  })

  test('one that is started again and again', () => {
    expect(readUnitState(fixture('service/systemctl-looping.txt'))).toMatchObject({
      ...{
        state: 'activating (auto-restart)',
        isRunning: false,
        pid: null,
        runs: 17,
        lastExit: 'exited 1 (exit-code)',
        hasFailed: true,
      },
    })
  })

  test('none', () => {
    expect(readUnitState(fixture('service/systemctl-not-found.txt'))).toBeNull()
    expect(readUnitState('')).toBeNull()
    expect(hasNoBus('Failed to connect to bus: No medium found')).toBe(true)
    expect(hasNoBus('System has not been booted with systemd as init system (PID 1).')).toBe(true)
  })
})

describe('what a service starts', () => {
  test.each(['2026.2.26', '2026.8.2', '2026.9.6'])('the plist of %s', release => {
    const plist = readPlist(fixture(`copies/${release}.plist`))
    expect(programIn(plist?.args ?? [], undefined)).toMatchObject({
      runtime: '/Users/ops/.local/node/bin/node',
      entry: '/Users/ops/.npm-global/lib/node_modules/openclaw/dist/index.js',
      port: expect.any(Number),
      hasTokenFlag: false,
    })
  })

  test.each([
    [
      ['/usr/local/bin/openclaw', 'gateway', 'run', '--token', 'x'],
      {runtime: null, entry: '/usr/local/bin/openclaw', port: 18_800, hasTokenFlag: true},
    ],
    [
      ['/srv/openclaw/node/bin/node', '/srv/app/main.mjs', '--port=19000'],
      {runtime: '/srv/openclaw/node/bin/node', entry: '/srv/app/main.mjs', port: 19_000, hasTokenFlag: false},
    ],
    [[], {runtime: null, entry: null, port: 18_800, hasTokenFlag: false}],
  ])('%j', (args, program) => {
    expect(programIn(args, '18800')).toEqual(program)
  })

  test('variables are compared by value and told by name', () => {
    const service = new Map(
      Object.entries({
        OPENCLAW_GATEWAY_TOKEN: 'old',
        HOME: '/a',
        OPENCLAW_SERVICE_KIND: 'gateway',
        PATH: '/bin',
        EMPTY_API_KEY: '',
      }).map(([name, value]) => [name, new Secret(value)]),
    )
    const shell = {
      OPENCLAW_GATEWAY_TOKEN: 'new',
      HOME: '/a',
      PATH: '/usr/bin',
      ANTHROPIC_API_KEY: 'k',
      EMPTY_API_KEY: undefined,
      EDITOR: 'vi',
    }
    const found = differenceOf(service, shell)
    expect(found).toEqual({onlyService: [], onlyShell: ['ANTHROPIC_API_KEY'], differ: ['OPENCLAW_GATEWAY_TOKEN', 'PATH']})
    expect(JSON.stringify(found)).not.toMatch(/old|new/)
  })
})

test('how the config has the gateway reached', () => {
  const config = `{ // by hand
    gateway: {mode: 'local', bind: 'tailnet', port: 18800, tailscale: {mode: 'serve'}, auth: {mode: 'token', token: 'never taken', allowTailscale: true},
      trustedProxies: ['127.0.0.1'], controlUi: {allowedOrigins: ['https://mini.ts.net']}, reload: {mode: 'off'}}}`
  const found = readExposure(config)
  expect(found).toEqual({
    ...{mode: 'local', bind: 'tailnet', port: 18_800, tailscale: 'serve', authMode: 'token', allowsTailscale: true},
    ...{trustedProxies: 1, allowedOrigins: 1, hasTls: false, reload: 'off'},
  })
  expect(readExposure('{')).toBeNull()
  expect(readExposure('{gateway: {bind: 7, port: "x"}}')).toMatchObject({bind: null, port: null})
})

test('why a Mac slept is told without controls, and a long line of the power log is no work', () => {
  const slept = (why: string): string =>
    `2026-09-21 06:35:57 -0400 Sleep               \tEntering Sleep state due to '${why}' 921 secs`
  expect(readPowerLog(slept('a\u001b[2Jb\u202ec'))).toMatchObject([{kind: 'sleep', because: 'abc', forMs: 921_000}])
  expect(readPowerLog(slept('x').replace('\t', '\t'.repeat(2000)).concat('\u2028'))).toHaveLength(1)
})

test('sleeps, from falling asleep to waking', () => {
  const lines = readPowerLog(fixture('service/pmset-log.txt'))
  expect(lines.map(({kind, because}) => [kind, because])).toEqual([
    ['sleep', 'Clamshell Sleep'],
    ['dark-wake', 'NUB.SPMI0Sw3IRQ nub-spmi0.0x02 rtc/SleepService'],
    ['sleep', 'Sleep Service Back to Sleep'],
    ['wake', 'SMC.OutboxNotEmpty smc.70070000 lid'],
    ['sleep', 'Maintenance Sleep'],
  ])
  expect(
    sleepsIn(lines).map(({at, until}) => [new Date(at).toISOString(), until === null ? null : new Date(until).toISOString()]),
  ).toEqual([
    ['2026-09-21T10:35:57.000Z', '2026-09-21T10:51:18.000Z'],
    ['2026-09-21T10:51:20.000Z', '2026-09-21T11:07:36.000Z'],
    ['2026-09-22T03:00:00.000Z', '2026-09-22T04:00:00.000Z'],
  ])
  expect(readPowerLog('')).toEqual([])
})

test.each([
  ['pmset-log-macos12-desktop.txt', [12_000, 10_000]],
  ['pmset-log-macos26-laptop.txt', [41_000, 93_000]],
])('sleeps as long as their own lines say: %s', (name, lengths) => {
  const sleeps = sleepsIn(readPowerLog(fixture(`macos/${name}`)))
  expect(sleeps.map(({at, until}) => (until ?? 0) - at)).toEqual(lengths)
})
