import {describe, expect, test} from 'vitest'
import {boundCommand, boundEnv, cleanEnv} from '../../src/gateway/cli.ts'
import type {HostEnv, LocationOverrides} from '../../src/gateway/paths.ts'

const none: LocationOverrides = {stateDir: null, configFile: null, profile: null}
const work: LocationOverrides = {...none, profile: 'work'}
const within = (env: Record<string, string>): HostEnv => ({
  platform: 'linux',
  home: '/home/ops',
  tmp: '/tmp',
  uid: 1000,
  env,
})

/** Everything in a shell that would lead a command of OpenClaw to another gateway. */
const shell = {
  OPENCLAW_PROFILE: 'other',
  OPENCLAW_HOME: '/srv/other',
  OPENCLAW_GATEWAY_PORT: '19001',
  OPENCLAW_CONTAINER: 'other',
  OPENCLAW_SYSTEMD_UNIT: 'openclaw-gateway.service',
  OPENCLAW_LAUNCHD_LABEL: 'ai.openclaw.gateway',
  OPENCLAW_AGENT_DIR: '/srv/other/agent',
}

const envOf = (query: LocationOverrides, hostEnv: HostEnv): Record<string, string> =>
  cleanEnv(hostEnv.env, boundEnv(query, hostEnv, 20000))

describe("OpenClaw's command", () => {
  test('is bound to the default gateway by its folder, config and port, whatever profile the shell names', () => {
    expect(boundCommand(['openclaw'], none)).toEqual(['openclaw'])
    expect(envOf(none, within({OPENCLAW_PROFILE: 'other', OPENCLAW_HOME: '/srv', OPENCLAW_GATEWAY_PORT: '1'}))).toEqual({
      OPENCLAW_STATE_DIR: '/home/ops/.openclaw',
      OPENCLAW_CONFIG_PATH: '/home/ops/.openclaw/openclaw.json',
      OPENCLAW_GATEWAY_PORT: '20000',
      NO_COLOR: '1',
    })
  })

  test('is bound to a profile by its flag as well, and keeps nothing that the shell says of another gateway', () => {
    expect(boundCommand(['openclaw'], work)).toEqual(['openclaw', '--profile', 'work'])
    expect(envOf(work, within(shell))).toEqual({
      OPENCLAW_STATE_DIR: '/home/ops/.openclaw-work',
      OPENCLAW_CONFIG_PATH: '/home/ops/.openclaw-work/openclaw.json',
      OPENCLAW_GATEWAY_PORT: '20000',
      NO_COLOR: '1',
    })
  })

  test('follows the folder and the service that the shell names, where no other gateway is asked for', () => {
    const hostEnv = within({...shell, OPENCLAW_STATE_DIR: '~/claw'})
    expect(envOf(none, hostEnv)).toMatchObject({
      OPENCLAW_STATE_DIR: '/home/ops/claw',
      OPENCLAW_CONFIG_PATH: '/home/ops/claw/openclaw.json',
      OPENCLAW_SYSTEMD_UNIT: 'openclaw-gateway.service',
      OPENCLAW_AGENT_DIR: '/srv/other/agent',
    })
    expect(envOf({...none, stateDir: '/flag', configFile: '/c.json'}, hostEnv)).toEqual({
      OPENCLAW_STATE_DIR: '/flag',
      OPENCLAW_CONFIG_PATH: '/c.json',
      OPENCLAW_GATEWAY_PORT: '20000',
      NO_COLOR: '1',
    })
  })
})
