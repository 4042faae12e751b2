import type {ClientInfo} from './connect.ts'
import type {Line, LogMeta} from './log.ts'

export const release = '2026.9.6'
export const buildId = '2026.9.6-release-eb377ac59e6c-2026-09-23T16-33-12.144Z'

/** The two ends of a socket and what its upgrade request says of it. */
export type Peer = {
  connId: string
  remoteAddr: string
  remotePort: number
  localAddr: string
  localPort: number
  host: string | undefined
  origin: string | undefined
  userAgent: string | undefined
  forwardedFor: string | undefined
}

export const endpoint = (peer: Peer): string => `${peer.remoteAddr}:${peer.remotePort}->${peer.localAddr}:${peer.localPort}`

const ws = (level: Line['level'], text: string, more: Partial<Line> = {}): Line => ({
  level,
  subsystem: 'gateway/ws',
  text,
  ...more,
})
const or = (value: string | undefined): string => value ?? 'n/a'
const hidden = (count: number): string => (count > 0 ? ` suppressed=${count}` : '')

const head = (peer: Peer): string => `conn=${peer.connId} peer=${endpoint(peer)} remote=${peer.remoteAddr}`
const request = (peer: Peer): string =>
  `fwd=${or(peer.forwardedFor)} origin=${or(peer.origin)} host=${or(peer.host)} ua=${or(peer.userAgent)}`
const who = (client: ClientInfo): string => `${client.displayName ?? client.id} ${client.mode} v${client.version}`

const peerMeta = (peer: Peer): LogMeta => ({
  host: peer.host,
  origin: peer.origin,
  userAgent: peer.userAgent,
  forwardedFor: peer.forwardedFor,
  remoteAddr: peer.remoteAddr,
  remotePort: peer.remotePort,
  localAddr: peer.localAddr,
  localPort: peer.localPort,
  endpoint: endpoint(peer),
})

export type Ending = {
  cause?: string | undefined
  durationMs: number
  handshake: 'pending' | 'failed' | 'connected'
  phase: string
  frame: {type?: string | undefined; method?: string | undefined; id?: string | undefined}
  meta: LogMeta
  code: number
  reason: string
  suppressed: number
}

export const closedBeforeConnect = (peer: Peer, ending: Ending): Line => {
  const {cause, durationMs, handshake, phase, frame, code, reason, suppressed} = ending
  const frameMeta = {lastFrameType: frame.type, lastFrameMethod: frame.method, lastFrameId: frame.id}
  const meta = {...(cause ? {cause} : {}), durationMs, handshake, phase, ...frameMeta, ...peerMeta(peer), ...ending.meta}
  return ws(
    'WARN',
    `closed before connect ${head(peer)} ${request(peer)} code=${code} reason=${reason || 'n/a'} phase=${phase}${hidden(suppressed)}`,
    {meta},
  )
}

export type Denied = {
  client: ClientInfo
  role: string
  scopes: number
  provided: string
  device: boolean
  reason: string
  guidance: string
}

export const unauthorizedLine = (peer: Peer, denied: Denied, suppressed: number, tail: LogMeta): Line => {
  const {client, role, scopes, provided, device, reason, guidance} = denied
  const asked = `host=${or(peer.host)} origin=${or(peer.origin)} ua=${or(peer.userAgent)}`
  const text = `role=${role} scopes=${scopes} auth=${provided} device=${device ? 'yes' : 'no'} platform=${client.platform} instance=${or(client.instanceId)}`
  const why = `reason=${reason} guidance=${guidance}${hidden(suppressed)}`
  return ws('WARN', `unauthorized ${head(peer)} client=${who(client)} ${text} ${asked} ${why}`, {tail})
}

export const protocolMismatch = (peer: Peer, client: ClientInfo, min: number, max: number, tail: LogMeta): Line =>
  ws(
    'WARN',
    `protocol mismatch ${head(peer)} remotePort=${peer.remotePort} client=${who(client)} min=${min} max=${max} expected=4 probeMin=3 instance=${or(client.instanceId)}`,
    {tail},
  )

export const invalidHandshake = (peer: Peer, tail: LogMeta): Line =>
  ws('WARN', `invalid handshake ${head(peer)} ${request(peer)}`, {tail})
export const buildRejectedLine = (peer: Peer, client: ClientInfo, tail: LogMeta): Line =>
  ws(
    'WARN',
    `control ui build rejected conn=${peer.connId} clientBuild=${client.buildId ?? 'legacy'} gatewayBuild=${buildId}; reload required`,
    {tail},
  )
export const handshakeTimeout = (peer: Peer, phase: string, tail: LogMeta): Line =>
  ws('WARN', `handshake timeout ${head(peer)} phase=${phase}`, {tail})
export const socketErrorLine = (peer: Peer, message: string): Line =>
  ws('WARN', `error conn=${peer.connId} remote=${peer.remoteAddr}: ${message}`)

const shortId = (id: string): string => {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id)) return `${id.slice(0, 8)}…${id.slice(-4)}`
  return id.length > 24 ? `${id.slice(0, 12)}…${id.slice(-4)}` : id
}

export const parseErrors = (peer: Peer, error: string, tail: LogMeta): Line[] => [
  {level: 'ERROR', subsystem: 'gateway', text: `parse/handle error: ${error}`, tail, origin: 'subsystem-DleLyu58.mjs:229:24'},
  ws('WARN', `✗ parse-error error=${error} conn=${shortId(peer.connId)}`, {tail}),
]

export const failedCall = (
  connId: string,
  method: string,
  ms: number,
  error: {code: string; message: string},
  id: string,
  tail: LogMeta,
): Line =>
  ws(
    'INFO',
    `⇄ res ✗ ${method} ${ms}ms errorCode=${error.code} errorMessage=${error.message} conn=${shortId(connId)} id=${shortId(id)}`,
    {tail},
  )

export const webchatConnected = (peer: Peer, client: ClientInfo, tail: LogMeta): Line =>
  ws(
    'INFO',
    `webchat connected conn=${peer.connId} remote=${peer.remoteAddr} client=${who(client)} build=${client.buildId ?? 'legacy'}`,
    {tail},
  )
export const webchatDisconnected = (peer: Peer, code: number, reason: string, meta: LogMeta): Line =>
  ws('INFO', `webchat disconnected code=${code} reason=${reason || 'n/a'} conn=${peer.connId}`, {meta})

export const pairedLine = (deviceId: string, role: string, tail: LogMeta): Line => ({
  level: 'INFO',
  subsystem: 'gateway',
  text: `device pairing auto-approved device=${deviceId} role=${role}`,
  tail,
})

export const proxySuspected = (remote: string, tail: LogMeta): Line => ({
  level: 'WARN',
  subsystem: 'gateway',
  text: `gateway: observed unattributable proxy-shaped traffic from ${remote}; Gateway-authenticated routes reject it, while plugin-authenticated routes ignore forwarded claims. Configure gateway.trustedProxies narrowly and make the proxy overwrite or safely rebuild forwarded client headers.`,
  tail,
})

const line = (subsystem: string, text: string, more: Partial<Line> = {}): Line => ({level: 'INFO', subsystem, text, ...more})
const own = (text: string): Line => line('gateway', text)

const budget = 'drain=315000ms shutdown=325000ms reserve=10000ms exitMargin=5000ms; source=Gateway stop policy=330000ms'
const plugins =
  'anthropic, browser, canvas, cua-computer, device-pair, file-transfer, geolocation, github, linux-node, memory-core, ollama, openai, talk-voice, xai'

export const coldStart: readonly Line[] = [
  own('loading configuration…'),
  own('resolving authentication…'),
  own('starting...'),
  own(`shutdown budget at startup: ${budget}`),
]

export const listening = (pid: number, logFile: string, ms: number): Line[] => [
  own(`spawn broker ready pid=${pid}`),
  own('starting HTTP server...'),
  line('gateway/health-monitor', 'started (interval: 300s, startup-grace: 60s, channel-connect-grace: 120s)'),
  own('agent model: openai/gpt-6-astra (thinking=medium, fast=off)'),
  own(`http server listening (14 plugins: ${plugins}; ${(ms / 1000).toFixed(1)}s)`),
  own(`log file: ${logFile}`),
  own('starting channels and sidecars...'),
]

export const ready: readonly Line[] = [
  own(
    'gateway startup outcomes: internal-hooks=skipped (not-configured); internal-startup-hook=skipped (no-handlers-loaded); gateway-start-hooks=scheduled; gmail-watcher=skipped (hooks-disabled); gmail-model=skipped (not-configured)',
  ),
  own('gateway ready'),
  line('gateway/heartbeat', 'heartbeat: started', {meta: {intervalMs: 1_800_000}}),
]

const admission = (why: string): Line => line('gateway/admission', `admission closed: ${why}`)
const draining = own(`shutdown budget at shutdown: ${budget}`)

export const stopping: readonly Line[] = [
  admission('stop (SIGTERM)'),
  own('received SIGTERM; shutting down'),
  draining,
  own('active-work drain settled; beginning server close'),
]

export const restarting: readonly Line[] = [
  admission('restart-signal fence'),
  admission('restart (SIGUSR2)'),
  own('received SIGUSR2; restarting'),
  draining,
]

export const stopped = (ms: number): Line[] => [
  line('gmail-watcher', 'gmail watcher stopped'),
  line('gateway/shutdown', `shutdown completed cleanly in ${ms}ms`),
]

export const sameProcess = own('restart mode: in-process restart (container: use in-process restart to keep PID 1 alive)')

export const configChanged = (paths: readonly string[]): Line =>
  line('gateway/reload', `config change detected; evaluating reload (${paths.join(', ')})`)
export const configApplied = (paths: readonly string[]): Line =>
  line('gateway/reload', `config hot reload applied (${paths.join(', ')})`)
export const configNeedsRestart = (paths: readonly string[]): Line =>
  line('gateway/reload', `config change requires gateway restart (${paths.join(', ')})`, {level: 'WARN'})
export const configSkipped = (problem: string): Line =>
  line('gateway/reload', `config reload skipped (invalid config): ${problem}`, {level: 'WARN'})
