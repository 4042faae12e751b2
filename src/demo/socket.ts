import type {IncomingMessage} from 'node:http'
import type {RawData, WebSocket} from 'ws'
import {type Case, judge, type Phase} from './admission.ts'
import {type Connect, isRequest, readConnect, readFrame} from './connect.ts'
import {challenge} from './frames.ts'
import type {Hall} from './hall.ts'
import {handshakeTimeout, invalidHandshake, parseErrors, socketError} from './lines.ts'
import {type Meta, newTrace} from './log.ts'
import {ingressOf} from './network.ts'
import {badFrame, badHandshake} from './refusal.ts'
import {handleCall} from './rpc.ts'
import {closeSocket, letIn, newVisit, seeOff, turnAway, type Visit} from './visit.ts'

const phases: readonly Phase[] = ['ws_upgrade_started', 'auth_credentials_received', 'auth_validated', 'ready']

const caseOf = (visit: Visit, connect: Connect, trace: Meta): Case => {
  const {hall, peer, nonce} = visit
  const {settings, devices, limiters, boot, log} = hall
  const reach = (phase: Phase): void => {
    if (phases.indexOf(phase) > phases.indexOf(visit.phase)) visit.phase = phase
  }
  const shared = {
    settings,
    devices,
    limiter: peer.origin ? limiters.browser : limiters.direct,
    starting: boot.phase === 'starting',
  }
  return {
    connect,
    peer,
    nonce,
    trace,
    ...shared,
    ingress: ingressOf(peer, settings.trustedProxies),
    now: hall.clock,
    tell: log.write,
    reach,
  }
}

const meet = async (visit: Visit, value: unknown, trace: Meta): Promise<void> => {
  const {hall, peer, socket} = visit
  const frame = readFrame(value)
  const {type, method, id} = frame
  visit.frame = {type, method, id}
  const said = {frameType: type, frameMethod: method, frameId: id}
  if (!isRequest(frame)) {
    hall.log.write(invalidHandshake(peer, trace))
    return turnAway(visit, badFrame(said), trace)
  }
  if (method !== 'connect') return turnAway(visit, badHandshake(said, 'invalid handshake: first request must be connect'), trace)
  const connect = readConnect(frame.params)
  if ('problem' in connect) return turnAway(visit, badHandshake(said, connect.problem), trace)
  const verdict = await judge(caseOf(visit, connect, trace))
  if (socket.readyState !== socket.OPEN) return
  if ('code' in verdict) turnAway(visit, verdict, trace, frame.params)
  else letIn(visit, verdict, connect, trace)
}

const take = async (visit: Visit, text: string): Promise<void> => {
  const {hall, socket, peer, guest} = visit
  if (socket.readyState !== socket.OPEN) return
  if (guest) return handleCall(hall, guest, text)
  const trace = newTrace()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    for (const line of parseErrors(peer, String(error), trace)) hall.log.write(line)
    return closeSocket(socket, 1000, '')
  }
  await meet(visit, value, trace)
}

const giveUp = (visit: Visit): void => {
  const {hall, socket, peer, phase, guest} = visit
  if (guest || socket.readyState !== socket.OPEN) return
  visit.refusal = {cause: 'handshake-timeout', code: 1000, text: ''}
  visit.handshake = 'failed'
  visit.meta = {handshakeMs: hall.clock() - visit.openedAt}
  hall.log.write(handshakeTimeout(peer, phase, newTrace()))
  closeSocket(socket, 1000, '')
}

export const receive = (hall: Hall, socket: WebSocket, request: IncomingMessage): void => {
  const visit = newVisit(hall, socket, request)
  const timer = setTimeout(() => giveUp(visit), hall.timing.handshakeMs)
  let turn = Promise.resolve()
  hall.sockets.add(socket)
  socket.on('message', (data: RawData) => {
    turn = turn.then(() => take(visit, String(data)))
  })
  socket.on('error', error => hall.log.write(socketError(visit.peer, error.message)))
  socket.once('close', (code, reason) => {
    clearTimeout(timer)
    hall.sockets.delete(socket)
    seeOff(visit, code, String(reason))
  })
  socket.send(JSON.stringify(challenge(visit.nonce, hall.clock())))
}
