import type {IncomingMessage} from 'node:http'
import type {WebSocket} from 'ws'
import {isLoopback} from '../domain/address.ts'
import type {Admission, Phase} from './admission.ts'
import {type Connect, isWebchat, readConnect} from './connect.ts'
import {healthOf, helloOk} from './frames.ts'
import {type Guest, type Hall, isWatched, notePresence, tellHealth, tellPresence} from './hall.ts'
import {header} from './http.ts'
import * as lines from './lines.ts'
import type {Meta} from './log.ts'
import {ingressOf} from './network.ts'
import type {Refusal} from './refusal.ts'

const graceMs = 1000
const healthEveryMs = 60_000

/** One socket from its upgrade to its end. */
export type Visit = {
  readonly hall: Hall
  readonly socket: WebSocket
  readonly peer: lines.Peer
  readonly nonce: string
  readonly openedAt: number
  phase: Phase
  handshake: lines.Ending['handshake']
  frame: lines.Ending['frame']
  refusal: Refusal | null
  meta: Meta
  guest: Guest | null
}

export const newVisit = (hall: Hall, socket: WebSocket, request: IncomingMessage): Visit => {
  const {remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0} = request.socket
  const ends = {remoteAddr: remoteAddress, remotePort, localAddr: localAddress, localPort}
  const asked = {
    host: header(request, 'host'),
    origin: header(request, 'origin'),
    userAgent: header(request, 'user-agent'),
    forwardedFor: header(request, 'x-forwarded-for'),
  }
  const peer = {connId: crypto.randomUUID(), ...ends, ...asked}
  const start = {phase: 'ws_upgrade_started', handshake: 'pending', frame: {}, refusal: null, meta: {}, guest: null} as const
  return {hall, socket, peer, nonce: crypto.randomUUID(), openedAt: hall.clock(), ...start}
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

const clientMeta = ({cause}: Refusal, params: unknown): Meta => {
  const connect = readConnect(params)
  if ('problem' in connect || !namesClient(cause)) return {}
  const {id, displayName, mode, version, buildId, platform, deviceFamily, modelIdentifier, instanceId} = connect.client
  return {client: id, clientDisplayName: displayName, mode, version, buildId, platform, deviceFamily, modelIdentifier, instanceId}
}

const silenceKey = ({peer}: Visit, {client, reason}: lines.Denied): string =>
  [reason, peer.remoteAddr, client.displayName ?? client.id, client.mode].join('|')

const loud = {write: true, held: 0}
const isHushed = (denied: lines.Denied | undefined): denied is lines.Denied =>
  denied?.reason === 'token_missing' && denied.provided === 'none'

export const turnAway = (visit: Visit, refusal: Refusal, trace: Meta, params?: unknown): void => {
  const {hall, socket, peer, frame} = visit
  const {denied, error} = refusal
  visit.refusal = refusal
  visit.handshake = 'failed'
  visit.meta = {...refusal.meta, ...clientMeta(refusal, params)}
  const {write, held} = isHushed(denied) ? hall.suppress.unauthorized(silenceKey(visit, denied)) : loud
  if (denied && write) hall.log.write(lines.unauthorized(peer, denied, held, trace))
  if (error) socket.send(JSON.stringify({type: 'res', id: frame.id, ok: false, error}))
  closeSocket(socket, refusal.code, refusal.text)
}

export const letIn = (visit: Visit, admission: Admission, connect: Connect, trace: Meta): void => {
  const {hall, socket, peer} = visit
  const {role, scopes, method} = admission
  const ingress = ingressOf(peer, hall.settings.trustedProxies)
  const guest = {socket, peer, ingress, connect, role, scopes, method, since: hall.clock(), seq: 0}
  Object.assign(visit, {guest, phase: 'ready', handshake: 'connected'} satisfies Partial<Visit>)
  if (isWebchat(connect.client)) hall.log.write(lines.webchatConnected(peer, connect.client, trace))
  notePresence(hall, guest, 'connect')
  socket.send(JSON.stringify({type: 'res', id: visit.frame.id, ok: true, payload: helloOk(hall, peer.connId, admission)}))
  hall.guests.add(guest)
  if (isWatched(connect.client)) tellPresence(hall)
  if (hall.clock() - hall.versions.healthAt < healthEveryMs) return
  hall.versions.healthAt = hall.clock()
  tellHealth(hall, healthOf(hall))
}

const endOfGuest = ({hall, peer}: Visit, guest: Guest, code: number, reason: string, durationMs: number): void => {
  hall.guests.delete(guest)
  if (isWebchat(guest.connect.client)) hall.log.write(lines.webchatDisconnected(peer, code, reason, {durationMs}))
  notePresence(hall, guest, 'disconnect')
  if (isWatched(guest.connect.client)) tellPresence(hall)
}

/** OpenClaw writes these lines at debug, where the helper comes from its own host. */
const isHelper = ({remoteAddr, userAgent = ''}: Visit['peer']): boolean =>
  isLoopback(remoteAddr) && userAgent.toLowerCase().includes('swiftpm-testing-helper')

export const seeOff = (visit: Visit, code: number, reason: string): void => {
  const {hall, peer, refusal, guest, handshake, phase, frame, meta} = visit
  const durationMs = hall.clock() - visit.openedAt
  if (guest) {
    endOfGuest(visit, guest, code, reason, durationMs)
    return
  }
  if (refusal?.unlogged || isHelper(peer)) return
  const {write, held} = isHushed(refusal?.denied) ? hall.suppress.closed(silenceKey(visit, refusal.denied)) : loud
  const ending = {cause: refusal?.cause, durationMs, handshake, phase, frame, meta, code, reason, suppressed: held}
  if (write) hall.log.write(lines.closedBeforeConnect(peer, ending))
}
