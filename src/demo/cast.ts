import {WebSocket} from 'ws'
import type {Caller} from './caller.ts'
import type {Credentials} from './connect.ts'
import type {DemoGateway} from './gateway.ts'
import {openStage, type Stage} from './stage.ts'
import {providerTrouble} from './trouble.ts'

export type Cast = {stop: () => Promise<void>}

type Story = (stage: Stage) => void

/** Stays in, and comes back whenever it is put out. */
const stay = (stage: Stage, caller: Caller, retryMs: number, auth: () => Credentials): void => {
  const {ended} = stage.call(caller, auth())
  void ended.then(() => stage.after(retryMs, () => stay(stage, caller, retryMs, auth)))
}

const webchat: Story = stage => stay(stage, stage.callers.webchat, 1500, () => ({token: stage.token()}))

const node: Story = stage => {
  const {node: caller} = stage.callers
  const {token} = stage.gateway.pair(caller.device.id, 'node')
  stay(stage, caller, 3000, () => ({deviceToken: token}))
}

/** A tab that still holds an old token, until somebody opens the dashboard link a minute after a rotation. */
const storm: Story = stage => {
  let [held, seen, healsAt] = ['0'.repeat(48), stage.token(), Number.POSITIVE_INFINITY]
  stay(stage, stage.callers.laptop, 1000, () => {
    const now = stage.token()
    if (now !== seen) healsAt = Date.now() + stage.ms(60_000)
    seen = now
    if (Date.now() >= healsAt) held = now
    return {token: held}
  })
}

const tokenless: Story = stage => stage.every(3000, 20_000, () => stage.call(stage.callers.tokenless, {}))

const stranger: Story = stage => stage.every(12_000, 45_000, () => stage.call(stage.callers.stranger, {token: 'guess'}))

/** Comes, asks, and leaves: the log never tells of it. */
const operator: Story = stage =>
  stage.every(1000, 30_000, async () => {
    const {admitted, say, socket} = stage.call(stage.callers.operator, {token: stage.token()})
    if (await admitted) say('health')
    stage.after(400, () => socket.close(1000))
  })

const probe: Story = stage =>
  stage.every(8000, 60_000, () => {
    const socket = new WebSocket(stage.gateway.url)
    socket.on('error', () => {})
    socket.once('open', () => stage.after(150, () => socket.close()))
    stage.keep(socket)
  })

const provider: Story = stage =>
  stage.every(25_000, 90_000, () => {
    for (const line of providerTrouble(Date.now())) stage.gateway.log.write(line)
  })

const restart: Story = stage => stage.after(40_000, () => stage.gateway.restart({downMs: stage.ms(2500)}))

const stories = [webchat, node, storm, operator, tokenless, probe, stranger, provider, restart]

/** Clients whose stories unfold in real time, `speed` times as fast; the same seed gives the same order. */
export const startCast = (gateway: DemoGateway, {seed = 1, speed = 1}: {seed?: number; speed?: number} = {}): Cast => {
  const stage = openStage(gateway, seed, speed)
  for (const {device, scopes} of [stage.callers.laptop, stage.callers.webchat]) gateway.pair(device.id, 'operator', scopes)
  for (const story of stories) story(stage)
  return {stop: stage.clear}
}
