import {describe, expect, test} from 'vitest'
import {
  configFileOf,
  consoleFiles,
  type HostEnv,
  type LocationOverrides,
  launchdLabel,
  logPlaces,
  stateDirOf,
  systemdUnit,
} from '../../src/gateway/paths.ts'

const linux: HostEnv = {platform: 'linux', home: '/home/ops', tmp: '/tmp', uid: 1000, env: {}}
const mac: HostEnv = {platform: 'darwin', home: '/Users/ops', tmp: '/var/folders/xy/T', uid: 501, env: {}}
const windows: HostEnv = {platform: 'win32', home: '/c/Users/ops', tmp: '/c/Temp', uid: null, env: {}}
const none: LocationOverrides = {stateDir: null, configFile: null, profile: null}
const named = (profile: string): LocationOverrides => ({...none, profile})
const within = (hostEnv: HostEnv, env: Record<string, string>): HostEnv => ({...hostEnv, env})

describe('the state folder', () => {
  test('is the one of the home, of the profile, of the environment, of the flag', () => {
    expect(stateDirOf(none, linux)).toBe('/home/ops/.openclaw')
    expect(stateDirOf(named('lab'), mac)).toBe('/Users/ops/.openclaw-lab')
    expect(stateDirOf(named('lab'), within(linux, {OPENCLAW_STATE_DIR: '/srv/state'}))).toBe('/srv/state')
    expect(stateDirOf({...none, stateDir: '/flag'}, within(linux, {OPENCLAW_STATE_DIR: '/srv/state'}))).toBe('/flag')
  })

  test('may begin with a tilde, and an empty variable is none', () => {
    expect(stateDirOf(none, within(linux, {OPENCLAW_STATE_DIR: '~/claw'}))).toBe('/home/ops/claw')
    expect(stateDirOf(none, within(linux, {OPENCLAW_STATE_DIR: '  '}))).toBe('/home/ops/.openclaw')
  })
})

describe('the profile', () => {
  test('comes from the flag alone; default is none', () => {
    const hostEnv = within(linux, {OPENCLAW_PROFILE: 'night'})
    expect(stateDirOf(named('day'), hostEnv)).toBe('/home/ops/.openclaw-day')
    expect(stateDirOf(none, hostEnv)).toBe('/home/ops/.openclaw')
    expect(systemdUnit(none, hostEnv).name).toBe('openclaw-gateway.service')
    for (const name of ['default', 'Default', '']) expect(stateDirOf(named(name), linux)).toBe('/home/ops/.openclaw')
  })
})

describe('a profile asked for in a shell of the default gateway', () => {
  const shell = {
    OPENCLAW_STATE_DIR: '/home/ops/.openclaw',
    OPENCLAW_CONFIG_PATH: '~/.openclaw/openclaw.json',
    OPENCLAW_SYSTEMD_UNIT: 'openclaw-gateway',
    OPENCLAW_LAUNCHD_LABEL: 'ai.openclaw.gateway',
  }

  test('has its own folder, config and service', () => {
    const hostEnv = within(linux, shell)
    expect(configFileOf(named('work'), hostEnv)).toBe('/home/ops/.openclaw-work/openclaw.json')
    expect(systemdUnit(named('work'), hostEnv).name).toBe('openclaw-gateway-work.service')
    expect(launchdLabel(named('work'), hostEnv)).toBe('ai.openclaw.work')
    expect(systemdUnit(none, within(linux, {OPENCLAW_SYSTEMD_UNIT: 'mine'})).name).toBe('mine.service')
  })
})

describe('the config', () => {
  test('is in the state folder, unless it is named', () => {
    expect(configFileOf(none, linux)).toBe('/home/ops/.openclaw/openclaw.json')
    expect(configFileOf(named('lab'), linux)).toBe('/home/ops/.openclaw-lab/openclaw.json')
    expect(configFileOf(none, within(linux, {OPENCLAW_CONFIG_PATH: '/etc/claw.json'}))).toBe('/etc/claw.json')
    expect(configFileOf({...none, configFile: '~/my.json'}, within(linux, {OPENCLAW_CONFIG_PATH: '/etc/claw.json'}))).toBe(
      '/home/ops/my.json',
    )
  })
})

describe('the log', () => {
  test('is a file a day in /tmp/openclaw, or in the folder of the user where that is not safe', () => {
    expect(logPlaces(null, '2026.9.6', none, linux)).toEqual([
      {kind: 'daily', folders: ['/tmp/openclaw', '/tmp/openclaw-1000'], stem: 'openclaw', owners: [1000, 0]},
    ])
    expect(logPlaces(null, '2026.9.6', none, mac)).toEqual([
      {kind: 'daily', folders: ['/tmp/openclaw', '/var/folders/xy/T/openclaw-501'], stem: 'openclaw', owners: [501, 0]},
    ])
  })

  test('is that of the account of the config where root looks after the gateway of another', () => {
    const root: HostEnv = {...linux, uid: 0}
    expect(logPlaces(null, '2026.9.6', none, root, 1000)).toEqual([
      {kind: 'daily', folders: ['/tmp/openclaw', '/tmp/openclaw-1000'], stem: 'openclaw', owners: [1000, 0]},
    ])
    expect(logPlaces(null, '2026.9.6', none, linux, 1001)).toEqual([
      {
        kind: 'daily',
        folders: ['/tmp/openclaw', '/tmp/openclaw-1001', '/tmp/openclaw-1000'],
        stem: 'openclaw',
        owners: [1001, 1000, 0],
      },
    ])
  })

  test('is where the TMPDIR of its service is, too', () => {
    expect(logPlaces(null, '2026.9.6', none, mac, null, ['/Users/ops/.openclaw/tmp'])).toMatchObject([
      {folders: ['/tmp/openclaw', '/Users/ops/.openclaw/tmp/openclaw-501', '/var/folders/xy/T/openclaw-501']},
    ])
  })

  test('is in the folder of the user alone on Windows', () => {
    expect(logPlaces(null, '2026.9.6', none, windows)).toEqual([
      {kind: 'daily', folders: ['/c/Temp/openclaw'], stem: 'openclaw', owners: null},
    ])
  })

  test('has the name of the profile from 2026.8.2 on, encoded as OpenClaw encodes it', () => {
    const stem = (profile: string, release: string | null) =>
      logPlaces(null, release, named(profile), linux).map(place => place.kind === 'daily' && place.stem)
    expect(stem('Cap_a', '2026.9.6')).toEqual(['openclaw--1cap-0a'])
    expect(stem('a-b', '2026.8.2')).toEqual(['openclaw-a--b'])
    expect(stem('lab2', '2026.9.6')).toEqual(['openclaw-lab2'])
    expect(stem('lab', '2026.7.35')).toEqual(['openclaw'])
    expect(stem('lab', '2025.12.1')).toEqual(['openclaw'])
    expect(stem('lab', '2026.10.1')).toEqual(stem('lab', '2026.9.6'))
    expect(stem('lab', '2026.1.29')).toEqual(['openclaw'])
    expect(stem('lab', null)).toEqual(['openclaw-lab'])
    expect(stem('lab', '2027.1.1')).toEqual(['openclaw-lab'])
  })

  test('is the file that logging.file names', () => {
    expect(logPlaces('/var/log/gw.jsonl', '2026.9.6', none, linux)).toEqual([{kind: 'file', file: '/var/log/gw.jsonl'}])
    expect(logPlaces('~/logs/gw.jsonl', '2026.9.6', none, linux)).toEqual([{kind: 'file', file: '/home/ops/logs/gw.jsonl'}])
  })

  test('goes on from day to day where logging.file has the name of a day', () => {
    const daily = {kind: 'daily', folders: ['/var/log'], stem: 'openclaw', owners: null}
    expect(logPlaces('/var/log/openclaw-2026-11-21.log', '2026.9.6', none, linux)).toEqual([daily])
    expect(logPlaces('/var/log/openclaw-lab-2026-11-21.log', '2026.9.6', none, linux)).toEqual([{...daily, stem: 'openclaw-lab'}])
    expect(logPlaces('/var/log/gateway-2026-11-21.log', '2026.9.6', none, linux)).toEqual([
      {kind: 'file', file: '/var/log/gateway-2026-11-21.log'},
    ])
  })

  test.each(['2026.3.28', '2026.4.15'])('is looked for in both places for %s, which ignores logging.file', release => {
    expect(logPlaces('/var/log/gw.jsonl', release, none, linux).map(({kind}) => kind)).toEqual(['file', 'daily'])
  })
})

describe('what the service manager keeps', () => {
  test('on macOS, the newest layout first', () => {
    expect(consoleFiles(none, mac)).toEqual([
      '/Users/ops/Library/Logs/openclaw/gateway.log',
      '/Users/ops/.openclaw/logs/gateway.log',
      '/Users/ops/.openclaw/logs/gateway.err.log',
    ])
    expect(consoleFiles(named('lab'), mac)[0]).toBe('/Users/ops/Library/Logs/openclaw/gateway-lab.log')
    expect(consoleFiles(none, within(mac, {OPENCLAW_LOG_PREFIX: 'claw'}))[0]).toBe('/Users/ops/Library/Logs/openclaw/claw.log')
  })

  test('no file elsewhere', () => {
    expect(consoleFiles(none, linux)).toEqual([])
    expect(consoleFiles(none, windows)).toEqual([])
  })

  test("the unit of the user's systemd", () => {
    expect(systemdUnit(none, linux)).toEqual({
      name: 'openclaw-gateway.service',
      file: '/home/ops/.config/systemd/user/openclaw-gateway.service',
    })
    expect(systemdUnit(named('lab'), linux).name).toBe('openclaw-gateway-lab.service')
  })
})
