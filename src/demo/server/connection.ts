import type {IncomingMessage} from 'node:http'
import type {WebSocket} from 'ws'
import {isLoopback} from '../../domain/address.ts'
import {ingressOf} from '../network.ts'
import type {Admission, Phase} from './admission.ts'
import {type Connect, isWebchat, readConnect} from './connect.ts'
import {healthOf, helloOk} from './frames.ts'
import {header} from './http.ts'
import * as lines from './lines.ts'
import type {LogMeta} from './log.ts'
import type {DemoRefusal} from './refusal.ts'
import {
  broadcastHealth,
  broadcastPresence,
  isWatched,
  recordPresence,
  type ServerClient,
  type ServerState,
} from './server-state.ts'

const graceMs = 1000
const healthEveryMs = 60_000

/** One socket from its upgrade to its end. */
export type ServerConnection = {
  readonly server: ServerState
  readonly socket: WebSocket
  readonly peer: lines.Peer
  readonly nonce: string
  readonly openedAt: number
  phase: Phase
  handshake: lines.Ending['handshake']
  frame: lines.Ending['frame']
  refusal: DemoRefusal | null
  meta: LogMeta
  serverClient: ServerClient | null
}

export const createConnection = (server: ServerState, socket: WebSocket, request: IncomingMessage): ServerConnection => {
  const {remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0} = request.socket
  const ends = {remoteAddr: remoteAddress, remotePort, localAddr: localAddress, localPort}
  const asked = {
    host: header(request, 'host'),
    origin: header(request, 'origin'),
    userAgent: header(request, 'user-agent'),
    forwardedFor: header(request, 'x-forwarded-for'),
  }
  const peer = {connId: crypto.randomUUID(), ...ends, ...asked}
  const start = {
    phase: 'ws_upgrade_started',
    handshake: 'pending',
    frame: {},
    refusal: null,
    meta: {},
    serverClient: null,
  } as const
  return {server, socket, peer, nonce: crypto.randomUUID(), openedAt: server.clock(), ...start}
}

export const closeSocket = (socket: WebSocket, code: number, text: string): void => {
  socket.close(code, text.slice(0, 120))
  setTimeout(() => socket.terminate(), graceMs).unref()
}

export const ended = (socket: WebSocket): Promise<void> =>
  new Promise(resolve => {
    if (socket.readyState === socket.CLOSED) resolve()
    else socket.once('close', () => resolve())
  })

export const closeAll = async (sockets: readonly WebSocket[], code: number, text: string): Promise<void> => {
  const gone = sockets.map(ended)
  for (const socket of sockets) closeSocket(socket, code, text)
  await Promise.all(gone)
}

const namesClient = (cause: string | undefined): boolean => cause !== 'pairing-required' && cause !== 'device-auth-invalid'

const clientMeta = ({cause}: DemoRefusal, params: unknown): LogMeta => {
  const connect = readConnect(params)
  if ('problem' in connect || !namesClient(cause)) return {}
  const {id, displayName, mode, version, buildId, platform, deviceFamily, modelIdentifier, instanceId} = connect.client
  return {client: id, clientDisplayName: displayName, mode, version, buildId, platform, deviceFamily, modelIdentifier, instanceId}
}

const silenceKey = ({peer}: ServerConnection, {client, reason}: lines.Denied): string =>
  [reason, peer.remoteAddr, client.displayName ?? client.id, client.mode].join('|')

const loud = {write: true, suppressedCount: 0}
const isHushed = (denied: lines.Denied | undefined): denied is lines.Denied =>
  denied?.reason === 'token_missing' && denied.provided === 'none'

export const reject = (connection: ServerConnection, refusal: DemoRefusal, trace: LogMeta, params?: unknown): void => {
  const {server, socket, peer, frame} = connection
  const {denied, error} = refusal
  connection.refusal = refusal
  connection.handshake = 'failed'
  connection.meta = {...refusal.meta, ...clientMeta(refusal, params)}
  const {write, suppressedCount} = isHushed(denied) ? server.suppress.unauthorized(silenceKey(connection, denied)) : loud
  if (denied && write) server.log.write(lines.unauthorizedLine(peer, denied, suppressedCount, trace))
  if (error) socket.send(JSON.stringify({type: 'res', id: frame.id, ok: false, error}))
  closeSocket(socket, refusal.code, refusal.text)
}

export const accept = (connection: ServerConnection, admission: Admission, connect: Connect, trace: LogMeta): void => {
  const {server, socket, peer} = connection
  const {role, scopes, method} = admission
  const ingress = ingressOf(peer, server.settings.trustedProxies)
  const serverClient = {socket, peer, ingress, connect, role, scopes, method, since: server.clock(), seq: 0}
  Object.assign(connection, {serverClient, phase: 'ready', handshake: 'connected'} satisfies Partial<ServerConnection>)
  if (isWebchat(connect.client)) server.log.write(lines.webchatConnected(peer, connect.client, trace))
  recordPresence(server, serverClient, 'connect')
  socket.send(JSON.stringify({type: 'res', id: connection.frame.id, ok: true, payload: helloOk(server, peer.connId, admission)}))
  server.clients.add(serverClient)
  if (isWatched(connect.client)) broadcastPresence(server)
  if (server.clock() - server.versions.healthAt < healthEveryMs) return
  server.versions.healthAt = server.clock()
  broadcastHealth(server, healthOf(server))
}

const onClientEnd = (
  {server, peer}: ServerConnection,
  serverClient: ServerClient,
  code: number,
  reason: string,
  durationMs: number,
): void => {
  server.clients.delete(serverClient)
  if (isWebchat(serverClient.connect.client)) server.log.write(lines.webchatDisconnected(peer, code, reason, {durationMs}))
  recordPresence(server, serverClient, 'disconnect')
  if (isWatched(serverClient.connect.client)) broadcastPresence(server)
}

/** OpenClaw writes these lines at debug, where the helper comes from its own host. */
const isHelper = ({remoteAddr, userAgent = ''}: ServerConnection['peer']): boolean =>
  isLoopback(remoteAddr) && userAgent.toLowerCase().includes('swiftpm-testing-helper')

export const onClose = (connection: ServerConnection, code: number, reason: string): void => {
  const {server, peer, refusal, serverClient, handshake, phase, frame, meta} = connection
  const durationMs = server.clock() - connection.openedAt
  if (serverClient) {
    onClientEnd(connection, serverClient, code, reason, durationMs)
    return
  }
  if (refusal?.unlogged || isHelper(peer)) return
  const {write, suppressedCount} = isHushed(refusal?.denied)
    ? server.suppress.closed(silenceKey(connection, refusal.denied))
    : loud
  const ending = {cause: refusal?.cause, durationMs, handshake, phase, frame, meta, code, reason, suppressed: suppressedCount}
  if (write) server.log.write(lines.closedBeforeConnect(peer, ending))
}
