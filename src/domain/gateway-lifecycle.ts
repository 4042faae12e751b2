import type {LifecycleEvent} from './attempts/event.ts'

/** What the log says of the gateway's own life. */
export type GatewayLife = {
  state: 'unknown' | 'starting' | 'up' | 'stopping' | 'down'
  since: number | null
  restarting: boolean
  pid: number | null
  port: number | null
  readyAt: number | null
  /** It was up when another start was seen: a second gateway may be trying, and fail. */
  wasUp: boolean
  /** When it last said that it goes about closing: such a gateway will say, too, when it is done. */
  closingAt: number | null
  release: string | null
}

export const unknownLife = (): GatewayLife => ({
  state: 'unknown',
  since: null,
  restarting: false,
  pid: null,
  port: null,
  readyAt: null,
  wasUp: false,
  closingAt: null,
  release: null,
})

const withState = (life: GatewayLife, state: GatewayLife['state'], at: number, more: Partial<GatewayLife> = {}): GatewayLife => ({
  ...life,
  state,
  since: at,
  ...more,
})

export const applyLifecycle = (life: GatewayLife, event: LifecycleEvent, at: number): GatewayLife => {
  switch (event.kind) {
    case 'gateway-starting':
      return withState(life, 'starting', at, {wasUp: life.state === 'up' || life.wasUp})
    case 'gateway-listening':
      return withState(life, 'up', at, {
        pid: event.pid ?? life.pid,
        port: event.port ?? life.port,
        readyAt: at,
        restarting: false,
        wasUp: false,
      })
    case 'gateway-ready':
      return withState(life, 'up', at, {readyAt: at, restarting: false, wasUp: false})
    case 'gateway-stopping':
      return withState(life, 'stopping', at, {restarting: event.restart})
    case 'gateway-closing':
      return {...life, closingAt: at}
    case 'gateway-stopped':
      return withState(life, life.restarting && event.clean ? 'starting' : 'down', at)
    case 'gateway-respawned':
      return withState(life, 'starting', at, {pid: event.pid ?? life.pid, restarting: true})
    case 'gateway-start-failed':
      return life.state === 'starting' && life.wasUp ? withState(life, 'up', at, {wasUp: false}) : life
  }
}

const released = /^\d{4}\.\d{1,2}\.\d{1,2}(?:-beta\.\d+|-\d{1,2}(?=-|$))?/

/** A build is named after its release, then by its commit and its time. */
export const withBuild = (life: GatewayLife, build: string): GatewayLife => {
  const [release = life.release] = released.exec(build) ?? []
  return release === life.release ? life : {...life, release}
}

/** A start now would be one that no stop led up to. */
export const isUnannounced = ({state, wasUp}: GatewayLife): boolean => state === 'up' || wasUp

/** Another gateway writes into the same log, and the one that is up goes on. */
export const isOtherGateway = (life: GatewayLife, {port}: {port: number | null}): boolean =>
  port !== null && life.port !== null && port !== life.port && isUnannounced(life)

const silentStopMs = 30_000

/** Up to 2026.3.13 a gateway that stops says so, and nothing more when it is done. */
export const applyTimeout = (life: GatewayLife, now: number): GatewayLife => {
  const {state, since, restarting, closingAt} = life
  if (state !== 'stopping' || restarting || since === null || now - since < silentStopMs) return life
  return closingAt !== null && since - closingAt < silentStopMs ? life : {...life, state: 'down'}
}

const settlingMs = 15_000

/** From the word to stop until a little after the gateway is ready again, clients are expected to be refused. */
export const isUnsettled = (life: GatewayLife, at: number): boolean =>
  life.state === 'starting' ||
  life.state === 'stopping' ||
  (life.readyAt !== null && at - life.readyAt >= 0 && at - life.readyAt < settlingMs)
