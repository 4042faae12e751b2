import {WebSocket} from 'ws'
import type {Credentials} from '../server/connect.ts'
import type {DemoGateway} from '../server/gateway.ts'
import {providerFailureLines} from '../server/provider-failure.ts'
import type {Caller} from './rpc-client.ts'
import {createScenarioRunner, type ScenarioRunner} from './scenario-runner.ts'

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
  const {token} = runner.gateway.pair(caller.device.id, 'node')
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

const stories = [webchat, node, storm, operator, tokenless, probe, untrusted, providerFailures, restart]

/** Clients whose stories unfold in real time, `speed` times as fast; the same seed gives the same order. */
export const startScenarios = (gateway: DemoGateway, {seed = 1, speed = 1}: {seed?: number; speed?: number} = {}): Scenarios => {
  const runner = createScenarioRunner(gateway, seed, speed)
  for (const {device, scopes} of [runner.callers.laptop, runner.callers.webchat]) gateway.pair(device.id, 'operator', scopes)
  for (const story of stories) story(runner)
  return {stop: runner.clear}
}
