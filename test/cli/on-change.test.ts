import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {beforeAll, describe, expect, test, vi} from 'vitest'
import {writeProfiles} from '../../src/demo/demo.ts'
import {deviceOf} from '../../src/demo/device.ts'
import type {DemoGateway} from '../../src/demo/server/gateway.ts'
import {type Ask, comeAndGo} from '../demo/demo-client.ts'
import {built} from '../e2e/built.ts'
import {expireLogin} from '../fixtures/expire-login.ts'
import {type Home, startHome} from '../fixtures/stubs/home.ts'
import {begun, gatecrab, jsonLines} from './gatecrab.ts'

beforeAll(built)
vi.setConfig({testTimeout: 240_000})

const within = {timeout: 120_000, interval: 50}
const stub = (name: string): string => fileURLToPath(new URL(`../fixtures/stubs/${name}`, import.meta.url))

type Change = {
  event: string
  change: string
  summary: string
  problem: {id: string; since: string} | null
  [field: string]: unknown
}
type Config = {gateway: Record<string, unknown>; [section: string]: unknown}

/** A gateway with a `check --watch --on-change` on it. */
const hostOf = (home: Home, started: ChildProcess[]) => {
  const file = path.join(home.home, 'changes.ndjson')
  const changes = (): Change[] => (fs.existsSync(file) ? (jsonLines(fs.readFileSync(file, 'utf8')) as Change[]) : [])
  const runs = (): string[] => changes().map(({event, change}) => `${event} ${change}`)
  const start = async (program: string, ...argv: string[]): Promise<void> => {
    const child = spawn(process.execPath, [stub(program), ...argv], {stdio: ['ignore', 'pipe', 'inherit']})
    started.push(child)
    await once(child.stdout, 'data')
  }
  return {
    ...{home, changes, runs, start},
    untilRun: (what: string): Promise<unknown> => vi.waitUntil(() => runs().includes(what), within),
    edit: (change: (config: Config) => void): void => {
      const config = JSON.parse(fs.readFileSync(home.configFile, 'utf8')) as Config
      change(config)
      fs.writeFileSync(home.configFile, JSON.stringify(config, null, 2))
    },
    /** From the moment on from which it tells of changes. */
    watch: async (): Promise<void> => {
      const env = {...home.env(), OPENCLAW_CONFIG_PATH: undefined}
      const argv = ['check', '--watch', '--state-dir', home.stateDir, '--on-change', `cat >>"${file}"`]
      const running = begun(argv, home.home, env)
      started.push(running.child)
      await vi.waitUntil(() => running.said().stderr.includes('Each change from now on'), within)
    },
    /** Killing the gateway is told at once: whatever was told twice before is there by then. */
    killed: async (): Promise<string[]> => {
      const count = runs().length
      await home.stopGateway('SIGKILL')
      await vi.waitUntil(() => runs().slice(count).includes('gateway-gone began'), within)
      return runs()
    },
    comeOften: async (ask: Ask, times: number): Promise<void> => {
      const gateway = {url: `ws://127.0.0.1:${home.port}`} as DemoGateway
      for (let n = 0; n < times; n += 1) await comeAndGo(gateway, ask)
    },
    /** A page with an old token. */
    stalePage: (): Ask => ({
      client: {id: 'openclaw-control-ui', mode: 'webchat'},
      headers: {Origin: `http://127.0.0.1:${home.port}`},
      device: deviceOf('a browser'),
      connect: {auth: {token: '0'.repeat(48)}},
    }),
  }
}

const on = (work: (host: ReturnType<typeof hostOf>) => Promise<void>) => async (): Promise<void> => {
  const started: ChildProcess[] = []
  const home = await startHome()
  try {
    await work(hostOf(home, started))
  } finally {
    for (const child of started) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
    await home.end()
  }
}

describe.concurrent('--on-change runs once for each, and not at the start', () => {
  test(
    'a gateway that is killed, and its return',
    on(async ({home, watch, runs, killed, start, untilRun, changes, comeOften, stalePage}) => {
      await comeOften(stalePage(), 3)
      await watch()
      expect(runs()).toEqual([])
      await killed()
      await start('gateway.ts', home.stateDir, String(home.port))
      await untilRun('gateway-gone ended')
      expect(runs()).toEqual(['gateway-gone began', 'gateway-gone ended'])
      const [gone, back] = changes()
      expect(gone).toMatchObject({
        urgency: 'urgent',
        problem: {id: 'gateway-killed', since: expect.stringMatching(/^20.*Z$/)},
        gateway: {is: 'killed', port: home.port},
        dropped: 0,
      })
      expect(back).toMatchObject({urgency: 'low', summary: 'The gateway is up again'})
    }),
  )

  test(
    'a gateway that is stopped, and another program that takes its port',
    on(async ({home, watch, untilRun, changes, start, runs}) => {
      await watch()
      await home.stopGateway('SIGTERM')
      await untilRun('gateway-gone began')
      expect(changes()[0]?.summary).toBe('The gateway has stopped')
      await start('impostor.ts', 'http-404', String(home.port))
      await untilRun('port-taken began')
      expect(runs()).toEqual(['gateway-gone began', 'port-taken began'])
    }),
  )

  test(
    'a gateway that freezes, and goes on',
    on(async ({home, watch, untilRun, killed}) => {
      await watch()
      process.kill(home.pid(), 'SIGSTOP')
      await untilRun('gateway-frozen began')
      process.kill(home.pid(), 'SIGCONT')
      await untilRun('gateway-frozen ended')
      expect(await killed()).toEqual(['gateway-frozen began', 'gateway-frozen ended', 'gateway-gone began'])
    }),
  )

  test(
    'a client that is refused, and the lock-out that it comes to',
    on(async ({watch, comeOften, stalePage, untilRun, killed, changes}) => {
      await watch()
      await comeOften(stalePage(), 12)
      await untilRun('locked-out began')
      expect(await killed()).toEqual(['clients-refused began', 'locked-out began', 'gateway-gone began'])
      expect(changes()[0]).toMatchObject({problem: {id: 'token-mismatch'}})
    }),
  )

  test(
    'a device that waits for approval, however often it asks',
    on(async ({home, edit, watch, comeOften, untilRun, killed, changes}) => {
      edit(({gateway}) => Object.assign(gateway, {trustedProxies: ['127.0.0.1']}))
      await watch()
      const headers = {'X-Forwarded-For': '203.0.113.9', Host: 'gw.example.com'}
      await comeOften({headers, device: deviceOf('a new phone'), connect: {auth: {token: home.token()}}}, 3)
      await untilRun('pairing-request began')
      expect(await killed()).toEqual(['pairing-request began', 'gateway-gone began'])
      expect(changes()[0]?.summary).toMatch(/^Waits for approval: \S.* from \S+ \(request [\w-]+\)$/)
    }),
  )

  test(
    'a config that is broken by hand',
    on(async ({home, watch, untilRun, killed}) => {
      await watch()
      fs.writeFileSync(home.configFile, '{"gateway": {')
      await untilRun('config-broken began')
      await untilRun('config-rewritten happened')
      expect(await killed()).toEqual(['config-broken began', 'config-rewritten happened', 'gateway-gone began'])
    }),
  )

  test(
    'a config that is rewritten by hand',
    on(async ({edit, watch, untilRun, killed}) => {
      await watch()
      edit(config => Object.assign(config['logging'] as object, {level: 'info'}))
      await untilRun('config-rewritten happened')
      expect(await killed()).toEqual(['config-rewritten happened', 'gateway-gone began'])
    }),
  )

  test(
    'a token that was changed',
    on(async ({edit, watch, untilRun, killed}) => {
      await watch()
      edit(({gateway}) => Object.assign(gateway, {auth: {mode: 'token', token: 'ab'.repeat(24)}}))
      await untilRun('token-changed happened')
      expect(await killed()).toEqual(['token-changed happened', 'gateway-gone began'])
    }),
  )

  test(
    'a plan that was cut off, and the token that it changed',
    on(async ({home, watch, untilRun, killed}) => {
      await watch()
      await home.run(['rotate', '--yes', '--json'], {GATECRAB_DIE_AFTER: '22'})
      await untilRun('plan-interrupted began')
      expect((await killed()).toSorted()).toEqual(['gateway-gone began', 'plan-interrupted began', 'token-changed happened'])
    }),
  )

  test(
    'a login that ends',
    on(async ({home, edit, watch, untilRun, killed, changes}) => {
      writeProfiles(home.stateDir, Date.now())
      edit(config => Object.assign(config, {agents: {defaults: {model: {primary: 'anthropic/claude-opus-4-5'}}}}))
      await watch()
      expireLogin(home.stateDir, 'anthropic:manual')
      await untilRun('login-gone happened')
      expect(await killed()).toEqual(['login-gone happened', 'gateway-gone began'])
      expect(changes()[0]?.summary).toBe('anthropic:manual (agent main) has ended')
    }),
  )
})

describe('--on-change', () => {
  test.each([
    [['check', '--on-change', 'true'], '--on-change needs --watch'],
    [['check', '--watch', '--on-change', ' '], 'Unknown --on-change'],
    [['check', '--watch', '--host', 'mini', '--on-change', 'true'], 'Unknown together with --host: --on-change'],
    [['--on-change', ''], 'Unknown --on-change'],
  ])('%s is wrong usage', async (argv, words) => {
    expect(await gatecrab(argv)).toMatchObject({code: 64, stdout: '', stderr: expect.stringContaining(words)})
  })
})
