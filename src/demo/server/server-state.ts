import {hostname} from 'node:os'
import type {WebSocket} from 'ws'
import type {Devices} from '../device.ts'
import type {Ingress} from '../network.ts'
import type {ClientInfo, Connect} from './connect.ts'
import type {Limiter, Suppressor} from './limits.ts'
import {type Peer, release} from './lines.ts'
import type {DemoLog, LogMeta} from './log.ts'
import type {Settings} from './settings.ts'

export type Timing = {
  handshakeMs: number
  suppressMs: number
  delayScale: number
  tickMs: number
  pollMs: number
  startMs: number
}

/** A client that has had its hello. */
export type ServerClient = {
  socket: WebSocket
  peer: Peer
  ingress: Ingress
  connect: Connect
  role: string
  scopes: readonly string[]
  method: 'token' | 'device-token'
  since: number
  seq: number
}

export type Boot = {id: string; at: number; phase: 'starting' | 'ready' | 'closing'; proxyReported: boolean}

/** What all connections of one gateway share. */
export type ServerState = {
  settings: Settings
  boot: Boot
  readonly folder: string
  readonly logFile: string
  readonly log: DemoLog
  readonly clock: () => number
  readonly timing: Timing
  readonly devices: Devices
  readonly limiters: {direct: Limiter; browser: Limiter}
  readonly suppress: {unauthorized: Suppressor; closed: Suppressor}
  readonly sockets: Set<WebSocket>
  readonly clients: Set<ServerClient>
  readonly presence: Map<string, LogMeta>
  readonly versions: {presence: number; health: number; healthAt: number}
}

const owner = 'gateway-owner'

export const isWatched = ({mode}: ClientInfo): boolean => mode === 'webchat' || mode === 'ui' || mode === 'node'

const nodeEntry = ({connect: {client, device}, ingress}: ServerClient): LogMeta => ({
  host: client.displayName ?? client.id,
  clientId: client.id,
  ...(ingress.kind === 'local' ? {} : {ip: ingress.clientIp}),
  version: client.version,
  platform: client.platform,
  deviceFamily: client.deviceFamily ?? client.platform,
  mode: client.mode,
  deviceId: device?.id,
  roles: ['node'],
  instanceId: device?.id,
})

const pageEntry = ({connect: {client, device}, ingress, since, scopes, role}: ServerClient): LogMeta => ({
  clientId: client.id,
  mode: client.mode,
  user: {id: owner, identity: {type: 'profile', id: owner}},
  onlineSince: since,
  roles: [role],
  scopes,
  text: `Node: unknown · mode ${client.mode}`,
  host: client.displayName ?? client.id,
  ...(ingress.kind === 'local' ? {} : {ip: ingress.clientIp}),
  version: client.version,
  platform: client.platform,
  deviceId: device?.id,
})

export const recordPresence = (server: ServerState, serverClient: ServerClient, reason: 'connect' | 'disconnect'): void => {
  if (!isWatched(serverClient.connect.client)) return
  const entry = serverClient.role === 'node' ? nodeEntry(serverClient) : pageEntry(serverClient)
  server.presence.set(serverClient.connect.device?.id ?? serverClient.peer.connId, {...entry, reason, ts: server.clock()})
  server.versions.presence += 1
}

export const presenceList = (server: ServerState): LogMeta[] => {
  const text = `Gateway: ${hostname()} (127.0.0.1) · app ${release} · mode gateway · reason self`
  const self = {host: hostname(), ip: '127.0.0.1', version: release, platform: process.platform, mode: 'gateway', reason: 'self'}
  return [{...self, text, ts: server.clock()}, ...server.presence.values()]
}

const send = (serverClient: ServerClient, event: string, payload: unknown, stateVersion?: LogMeta): void => {
  if (serverClient.socket.readyState !== serverClient.socket.OPEN) return
  serverClient.seq += 1
  const page = serverClient.connect.client.mode === 'webchat' ? {recipientProfileId: owner} : {}
  serverClient.socket.send(
    JSON.stringify({type: 'event', event, payload, seq: serverClient.seq, ...(stateVersion ? {stateVersion} : {}), ...page}),
  )
}

const stateVersion = ({versions: {presence, health}}: ServerState): LogMeta => ({presence, health})

export const canRead = (scopes: readonly string[]): boolean => scopes.some(scope => /^operator\.(read|write|admin)$/.test(scope))

export const broadcastPresence = (server: ServerState): void => {
  const readers = [...server.clients].filter(serverClient => serverClient.role === 'operator' && canRead(serverClient.scopes))
  for (const serverClient of readers) send(serverClient, 'presence', {presence: presenceList(server)}, stateVersion(server))
}

export const broadcastHealth = (server: ServerState, health: LogMeta): void => {
  server.versions.health += 1
  for (const serverClient of server.clients)
    if (serverClient.role === 'operator') send(serverClient, 'health', health, stateVersion(server))
}

export const broadcast = (server: ServerState, event: 'tick' | 'shutdown', payload: LogMeta): void => {
  for (const serverClient of server.clients) send(serverClient, event, payload)
}
