import {hostname} from 'node:os'
import type {WebSocket} from 'ws'
import type {Client, Connect} from './connect.ts'
import type {Devices} from './device.ts'
import type {Limiter, Suppressor} from './limits.ts'
import {type Peer, release} from './lines.ts'
import type {DemoLog, Meta} from './log.ts'
import type {Ingress} from './network.ts'
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
export type Guest = {
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

export type Boot = {id: string; at: number; phase: 'starting' | 'ready' | 'closing'; proxyTold: boolean}

/** What all connections of one gateway share. */
export type Hall = {
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
  readonly guests: Set<Guest>
  readonly presence: Map<string, Meta>
  readonly versions: {presence: number; health: number; healthAt: number}
}

const owner = 'gateway-owner'

export const isWatched = ({mode}: Client): boolean => mode === 'webchat' || mode === 'ui' || mode === 'node'

const nodeEntry = ({connect: {client, device}, ingress}: Guest): Meta => ({
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

const pageEntry = ({connect: {client, device}, ingress, since, scopes, role}: Guest): Meta => ({
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

export const notePresence = (hall: Hall, guest: Guest, reason: 'connect' | 'disconnect'): void => {
  if (!isWatched(guest.connect.client)) return
  const entry = guest.role === 'node' ? nodeEntry(guest) : pageEntry(guest)
  hall.presence.set(guest.connect.device?.id ?? guest.peer.connId, {...entry, reason, ts: hall.clock()})
  hall.versions.presence += 1
}

export const presenceList = (hall: Hall): Meta[] => {
  const text = `Gateway: ${hostname()} (127.0.0.1) · app ${release} · mode gateway · reason self`
  const self = {host: hostname(), ip: '127.0.0.1', version: release, platform: process.platform, mode: 'gateway', reason: 'self'}
  return [{...self, text, ts: hall.clock()}, ...hall.presence.values()]
}

const send = (guest: Guest, event: string, payload: unknown, stateVersion?: Meta): void => {
  if (guest.socket.readyState !== guest.socket.OPEN) return
  guest.seq += 1
  const page = guest.connect.client.mode === 'webchat' ? {recipientProfileId: owner} : {}
  guest.socket.send(
    JSON.stringify({type: 'event', event, payload, seq: guest.seq, ...(stateVersion ? {stateVersion} : {}), ...page}),
  )
}

const stateVersion = ({versions: {presence, health}}: Hall): Meta => ({presence, health})

export const canRead = (scopes: readonly string[]): boolean => scopes.some(scope => /^operator\.(read|write|admin)$/.test(scope))

export const tellPresence = (hall: Hall): void => {
  const readers = [...hall.guests].filter(guest => guest.role === 'operator' && canRead(guest.scopes))
  for (const guest of readers) send(guest, 'presence', {presence: presenceList(hall)}, stateVersion(hall))
}

export const tellHealth = (hall: Hall, health: Meta): void => {
  hall.versions.health += 1
  for (const guest of hall.guests) if (guest.role === 'operator') send(guest, 'health', health, stateVersion(hall))
}

export const tellAll = (hall: Hall, event: 'tick' | 'shutdown', payload: Meta): void => {
  for (const guest of hall.guests) send(guest, event, payload)
}
