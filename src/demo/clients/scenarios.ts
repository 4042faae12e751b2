import {readFileSync} from 'node:fs'
import {WebSocket} from 'ws'
import type {Credentials} from '../server/connect.ts'
import type {DemoGateway} from '../server/gateway.ts'
import {providerFailureLines} from '../server/provider-failure.ts'
import {seeded} from './history.ts'
import {type Caller, type ClientCall, callersOf, dial} from './rpc-client.ts'

/** What the stories of the cast are played with; time on it runs `speed` times as fast. */
type ScenarioRunner = {
  gateway: DemoGateway
  callers: ReturnType<typeof callersOf>
  ms: (ms: number) => number
  after: (ms: number, act: () => unknown) => void
  every: (first: number, ms: number, act: () => unknown) => void
  call: (caller: Caller, auth: Credentials) => ClientCall
  /** The token in the config, as a client on this machine finds it. */
  token: () => string
  keep: (socket: WebSocket) => void
  clear: () => Promise<void>
}

const createTimers = (random: () => number, ms: (ms: number) => number) => {
  const timers = new Set<NodeJS.Timeout>()
  let over = false
  const after = (scenarioMs: number, act: () => unknown): void => {
    if (over) return
    const fire = (): void => {
      timers.delete(timer)
      act()
    }
    const timer = setTimeout(fire, ms(scenarioMs) * (0.9 + random() * 0.2))
    timers.add(timer)
  }
  const every = (first: number, scenarioMs: number, act: () => unknown): void =>
    after(first, () => {
      act()
      every(scenarioMs, scenarioMs, act)
    })
  const cancel = (): void => {
    over = true
    timers.forEach(clearTimeout)
  }
  return {after, every, cancel}
}

const createSockets = () => {
  const sockets = new Set<WebSocket>()
  return {
    keep: (socket: WebSocket): void => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    },
    hangUp: async (): Promise<void> => {
      const gone = [...sockets].map(socket => new Promise(resolve => socket.once('close', resolve)))
      for (const socket of sockets) socket.terminate()
      await Promise.all(gone)
    },
  }
}

const createTokenReader = (file: string): (() => string) => {
  let last = ''
  return () => {
    try {
      last = JSON.parse(readFileSync(file, 'utf8')).gateway.auth.token ?? last
    } catch {}
    return last
  }
}

const createScenarioRunner = (gateway: DemoGateway, seed: number, speed: number): ScenarioRunner => {
  const ms = (scenarioMs: number): number => scenarioMs / speed
  const {after, every, cancel} = createTimers(seeded(seed), ms)
  const {keep, hangUp} = createSockets()
  return {
    gateway,
    callers: callersOf(gateway.port),
    ms,
    after,
    every,
    keep,
    token: createTokenReader(gateway.configFile),
    call: (caller, auth) => {
      const made = dial(gateway.url, caller, auth)
      keep(made.socket)
      return made
    },
    clear: () => {
      cancel()
      return hangUp()
    },
  }
}

export type Scenarios = {stop: () => Promise<void>}

type Scenario = (runner: ScenarioRunner) => void

/** Stays in, and comes back whenever it is put out. */
const stay = (runner: ScenarioRunner, caller: Caller, retryMs: number, auth: () => Credentials): void => {
  const {ended} = runner.call(caller, auth())
  void ended.then(() => runner.after(retryMs, () => stay(runner, caller, retryMs, auth)))
}

const webchat: Scenario = runner => stay(runner, runner.callers.webchat, 1500, () => ({token: runner.token()}))

const node: Scenario = runner => {
  const {node: caller} = runner.callers
  const {token} = runner.gateway.pair(caller.device.id, 'node', [], {
    client: caller.client,
    address: '192.168.1.20',
    via: 'owner',
  })
  stay(runner, caller, 3000, () => ({deviceToken: token}))
}

/** A tab that still holds an old token, until somebody opens the dashboard link a minute after a rotation. */
const storm: Scenario = runner => {
  let [ownToken, seen, healsAt] = ['0'.repeat(48), runner.token(), Number.POSITIVE_INFINITY]
  stay(runner, runner.callers.laptop, 1000, () => {
    const now = runner.token()
    if (now !== seen) healsAt = Date.now() + runner.ms(60_000)
    seen = now
    if (Date.now() >= healsAt) ownToken = now
    return {token: ownToken}
  })
}

const tokenless: Scenario = runner => runner.every(3000, 20_000, () => runner.call(runner.callers.tokenless, {}))

/** A phone that nobody has approved yet: it asks again and again, and stays once it is let in. */
const phone: Scenario = runner => stay(runner, runner.callers.phone, 8000, () => ({token: runner.token()}))

const untrusted: Scenario = runner => runner.every(12_000, 45_000, () => runner.call(runner.callers.stranger, {token: 'guess'}))

/** Comes, asks, and leaves: the log never tells of it. */
const operator: Scenario = runner =>
  runner.every(1000, 30_000, async () => {
    const {admitted, say, socket} = runner.call(runner.callers.operator, {token: runner.token()})
    if (await admitted) say('health')
    runner.after(400, () => socket.close(1000))
  })

const probe: Scenario = runner =>
  runner.every(8000, 60_000, () => {
    const socket = new WebSocket(runner.gateway.url)
    socket.on('error', () => {})
    socket.once('open', () => runner.after(150, () => socket.close()))
    runner.keep(socket)
  })

const providerFailures: Scenario = runner =>
  runner.every(25_000, 90_000, () => {
    for (const line of providerFailureLines(Date.now())) runner.gateway.log.write(line)
  })

const restart: Scenario = runner => runner.after(40_000, () => runner.gateway.restart({downMs: runner.ms(2500)}))

const stories = [webchat, node, storm, operator, tokenless, phone, probe, untrusted, providerFailures, restart]

/** Clients whose stories unfold in real time, `speed` times as fast; the same seed gives the same order. */
export const startScenarios = (gateway: DemoGateway, {seed = 1, speed = 1}: {seed?: number; speed?: number} = {}): Scenarios => {
  const runner = createScenarioRunner(gateway, seed, speed)
  for (const {device, scopes, client, headers} of [runner.callers.laptop, runner.callers.webchat])
    gateway.pair(device.id, 'operator', scopes, {client, via: 'owner', address: new Headers(headers).get('X-Forwarded-For')})
  for (const story of stories) story(runner)
  return {stop: runner.clear}
}
