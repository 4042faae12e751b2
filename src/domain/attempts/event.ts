export type LineRef = {readonly file: string; readonly line: number}

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Level = (typeof levels)[number]

/** Who a client claims to be. Untrusted input. */
export type Identity = {
  id: string | null
  mode: string | null
  version: string | null
  platform: string | null
  /** The name that its owner gave it. */
  displayName: string | null
}

/** What one log line tells of one connection, and the next may tell of another; the lines of a connection add up. */
export type ConnectionFacts = Partial<{
  client: Partial<Identity>
  remote: string
  forwardedFor: string
  origin: string
  userAgent: string
  code: number
  text: string
  cause: string
  authReason: string
  detail: string
  handshake: 'pending' | 'failed' | 'connected'
  suppressed: number
  /** Whom a proxy says it is. */
  user: string
  /** The build that the gateway holds a browser's against. */
  gatewayBuild: string
  /** A right that a client which is in asked for in vain. */
  missingScope: string
}>

export type ConnectionKind =
  | 'opened' // a socket, nothing said yet
  | 'admitted' // hello-ok, or the webchat line that stands for it
  | 'refused' // the gateway says why, its close line follows
  | 'closed-early' // the line of every socket that never got its hello
  | 'disconnected' // a connection that had been admitted is over
  | 'closed' // --verbose: the end of any socket
  | 'mentioned' // an RPC or an audit line that names a connection

export type ConnectionEvent = {
  kind: ConnectionKind
  conn: string | null
  endpoint: string | null
  deviceId: string | null
  requestId: string | null
  durationMs: number | null
  facts: ConnectionFacts
  /** Facts shared with other lines, so that their evaluation can be reused. */
  isShared: boolean
}

export type LifecycleEvent =
  | {kind: 'gateway-starting'}
  | {kind: 'gateway-listening'; port: number | null; pid: number | null}
  | {kind: 'gateway-ready'}
  | {kind: 'gateway-stopping'; signal: string | null; restart: boolean}
  | {kind: 'gateway-closing'}
  | {kind: 'gateway-stopped'; clean: boolean}
  | {kind: 'gateway-respawned'; how: string; pid: number | null}
  | {kind: 'gateway-start-failed'; because: string}

export type ConfigEvent = {kind: 'config-changed' | 'config-applied' | 'config-needs-restart' | 'config-skipped'; what: string}

export type ProviderEvent = {
  kind: 'provider-trouble'
  provider: string | null
  model: string | null
  /** `sha256:` and 12 hex digits; a few lines name the profile itself. */
  profile: string | null
  status: number | null
  why: string | null
  until: number | null
}

/** A chat channel by its plugin's name, and which of its accounts. */
export type ChannelEvent =
  | {kind: 'channel-trouble'; channel: string; account: string | null; because: string}
  | {kind: 'channel-starting'; channel: string; account: string | null}

/** `cold`: it has no secret; `stale`: it goes on with the one from before. Null where the line does not say. */
export type SecretsEvent =
  | {kind: 'secrets-degraded'; owner: string | null; state: 'cold' | 'stale' | null; because: string}
  | {kind: 'secrets-recovered'}
  | {kind: 'secrets-surface'; path: string; isActive: boolean; because: string}

export type PairingEvent =
  | {kind: 'device-paired'; device: string; role: string | null; auto: boolean}
  | {kind: 'proxy-suspected'; remote: string | null}
  | {kind: 'lines-dropped'; count: number | null}
  | {kind: 'log-truncated'; copies: readonly string[]}
  /** A request for a WebSocket that failed inside the gateway: its client gets HTTP 503, and no connection has a line. */
  | {kind: 'upgrade-failed'; remote: string | null; because: string}

export type GatewayEvent =
  | ConnectionEvent
  | LifecycleEvent
  | ConfigEvent
  | ProviderEvent
  | ChannelEvent
  | SecretsEvent
  | PairingEvent

/** One line of a log as it is shown: unknown lines are kept, as notes without an event. */
export type LogLine = {
  at: number
  level: Level
  subsystem: string
  text: string
  writer: 'gateway' | 'cli'
  from: LineRef
  event: GatewayEvent | null
}

/** What of a line adds up. */
export type LogEvent = Pick<LogLine, 'at' | 'from' | 'event'>
