import type {Presence} from './connected-client.ts'

/** How the gateway fares, as one who holds a connection to it can tell. */
export type ObserverState =
  | 'off' // no token is known, so it is not asked
  | 'connecting'
  | 'up'
  | 'not-yet' // it is starting, restarting, or not there; it is tried again
  | 'refused' // it said no; it is left alone until the token or the gateway changes
  | 'foreign' // another program has its port; nothing secret was sent to it
  | 'unproven' // whether it is the gateway cannot be seen; nothing secret was sent
  | 'frozen' // it takes connections, or holds ours, and says nothing
  | 'gone' // it was up, and is no more

/** How a connection that had been up came to its end. */
export type ConnectionEnd = 'stopped' | 'restarting' | 'token-changed' | 'cut' | 'closed'

export type LastEnd = {how: ConnectionEnd; code: number; text: string; at: number}

/** What the gateway says of itself when it lets us in. */
export type Hello = {
  version: string | null
  buildId: string | null
  bootId: string | null
  connId: string | null
  protocol: number | null
  scopes: readonly string[]
  uptimeMs: number | null
  appliedConfigHash: string | null
  tickIntervalMs: number | null
}

/** An event loop that is too busy lets clients time out as if they were refused. */
type EventLoop = {degraded: boolean; reasons: readonly string[]; delayMaxMs: number | null; utilization: number | null}

export type HealthSummary = {
  ok: boolean
  at: number
  eventLoop: EventLoop | null
  pluginErrors: number
  channels: number
  hotReload: string | null
}

/** What the gateway answered when it turned us away. */
type ObservedRefusal = {code: string | null; text: string; at: number}

type PairingNotice = {what: string; deviceId: string | null; requestId: string | null; at: number}

/** All that the observer knows at one moment. */
export type Observed = {
  state: ObserverState
  since: number
  because: string
  /** When it is tried again; null while it is tried, up, or left alone. */
  retryAt: number | null
  /** How often it was tried in vain since it was last let in. */
  tries: number
  hello: Hello | null
  upSince: number | null
  /** When the gateway process began, by its own uptime. */
  bootedAt: number | null
  presence: readonly Presence[] | null
  health: HealthSummary | null
  tickAt: number | null
  /** Its word that it would go, if it gave one: `gateway stopping`, `gateway restarting`. */
  farewell: string | null
  lastEnd: LastEnd | null
  refusal: ObservedRefusal | null
  pairing: PairingNotice | null
  /** Our own end of the connection, so that it is not counted as a client. */
  ownPort: number | null
}

export const initialObserved = (at: number): Observed => ({
  state: 'off',
  since: at,
  because: 'not asked yet',
  retryAt: null,
  tries: 0,
  hello: null,
  upSince: null,
  bootedAt: null,
  presence: null,
  health: null,
  tickAt: null,
  farewell: null,
  lastEnd: null,
  refusal: null,
  pairing: null,
  ownPort: null,
})
