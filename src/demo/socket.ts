import type {IncomingMessage} from 'node:http'
import type {RawData, WebSocket} from 'ws'
import {ingressOf} from './network.ts'
import {admit, type Case, type Phase} from './server/admission.ts'
import {type Connect, isRequest, readConnect, readRequest} from './server/connect.ts'
import {accept, closeSocket, createConnection, onClose, reject, type ServerConnection} from './server/connection.ts'
import {challenge, handleCall} from './server/frames.ts'
import {handshakeTimeout, invalidHandshake, parseErrors, socketErrorLine} from './server/lines.ts'
import {type LogMeta, newTrace} from './server/log.ts'
import {badFrame, badHandshake} from './server/refusal.ts'
import type {ServerState} from './server/server-state.ts'

const phases: readonly Phase[] = ['ws_upgrade_started', 'auth_credentials_received', 'auth_validated', 'ready']

const caseOf = (connection: ServerConnection, connect: Connect, trace: LogMeta): Case => {
  const {server, peer, nonce} = connection
  const {settings, devices, limiters, boot, log} = server
  const reach = (phase: Phase): void => {
    if (phases.indexOf(phase) > phases.indexOf(connection.phase)) connection.phase = phase
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
    now: server.clock,
    tell: log.write,
    reach,
  }
}

const handleHandshake = async (connection: ServerConnection, value: unknown, trace: LogMeta): Promise<void> => {
  const {server, peer, socket} = connection
  const frame = readRequest(value)
  const {type, method, id} = frame
  connection.frame = {type, method, id}
  const text = {frameType: type, frameMethod: method, frameId: id}
  if (!isRequest(frame)) {
    server.log.write(invalidHandshake(peer, trace))
    return reject(connection, badFrame(text), trace)
  }
  if (method !== 'connect')
    return reject(connection, badHandshake(text, 'invalid handshake: first request must be connect'), trace)
  const connect = readConnect(frame.params)
  if ('problem' in connect) return reject(connection, badHandshake(text, connect.problem), trace)
  const result = await admit(caseOf(connection, connect, trace))
  if (socket.readyState !== socket.OPEN) return
  if ('code' in result) reject(connection, result, trace, frame.params)
  else accept(connection, result, connect, trace)
}

const handleMessage = async (connection: ServerConnection, text: string): Promise<void> => {
  const {server, socket, peer, serverClient} = connection
  if (socket.readyState !== socket.OPEN) return
  if (serverClient) return handleCall(server, serverClient, text)
  const trace = newTrace()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    for (const line of parseErrors(peer, String(error), trace)) server.log.write(line)
    return closeSocket(socket, 1000, '')
  }
  await handleHandshake(connection, value, trace)
}

const timeOut = (connection: ServerConnection): void => {
  const {server, socket, peer, phase, serverClient} = connection
  if (serverClient || socket.readyState !== socket.OPEN) return
  connection.refusal = {cause: 'handshake-timeout', code: 1000, text: ''}
  connection.handshake = 'failed'
  connection.meta = {handshakeMs: server.clock() - connection.openedAt}
  server.log.write(handshakeTimeout(peer, phase, newTrace()))
  closeSocket(socket, 1000, '')
}

export const receive = (server: ServerState, socket: WebSocket, request: IncomingMessage): void => {
  const connection = createConnection(server, socket, request)
  const timer = setTimeout(() => timeOut(connection), server.timing.handshakeMs)
  let turn = Promise.resolve()
  server.sockets.add(socket)
  socket.on('message', (data: RawData) => {
    turn = turn.then(() => handleMessage(connection, String(data)))
  })
  socket.on('error', error => server.log.write(socketErrorLine(connection.peer, error.message)))
  socket.once('close', (code, reason) => {
    clearTimeout(timer)
    server.sockets.delete(socket)
    onClose(connection, code, String(reason))
  })
  socket.send(JSON.stringify(challenge(connection.nonce, server.clock())))
}
