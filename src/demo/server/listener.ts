import {createServer, type IncomingMessage, type Server} from 'node:http'
import type {Duplex} from 'node:stream'
import {WebSocketServer} from 'ws'
import {ingressOf} from '../network.ts'
import {receive} from '../socket.ts'
import {answerHttp, header} from './http.ts'
import {proxySuspected} from './lines.ts'
import {newTrace} from './log.ts'
import type {ServerState} from './server-state.ts'

const preauthBytes = 65_536

const attribution =
  'Proxy client attribution is required. Configure gateway.trustedProxies narrowly and make the proxy overwrite or safely rebuild forwarded client headers.'

const rejectUpgrade = (socket: Duplex, status: string, body: unknown): void => {
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

const isAttributable = (state: ServerState, request: IncomingMessage): boolean => {
  const remoteAddr = request.socket.remoteAddress ?? ''
  const {kind} = ingressOf({remoteAddr, forwardedFor: header(request, 'x-forwarded-for')}, state.settings.trustedProxies)
  if (kind !== 'unattributable') return true
  if (!state.boot.proxyReported) state.log.write(proxySuspected(remoteAddr, newTrace()))
  state.boot.proxyReported = true
  return false
}

const onUpgrade = (state: ServerState, wss: WebSocketServer) => (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  if (state.boot.phase === 'closing')
    return rejectUpgrade(socket, '503 Service Unavailable', {error: {message: 'Gateway is shutting down', type: 'unavailable'}})
  if (!isAttributable(state, request))
    return rejectUpgrade(socket, '403 Forbidden', {error: {message: attribution, type: 'proxy_attribution_required'}})
  wss.handleUpgrade(request, socket, head, ws => receive(state, ws, request))
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })

export type HttpListener = {close: () => Promise<void>}

export const listen = async (state: ServerState, port: number): Promise<HttpListener> => {
  const server = createServer((request, response) => {
    answerHttp(state, request, response).catch(() => response.destroy())
  })
  const wss = new WebSocketServer({noServer: true, maxPayload: preauthBytes})
  server.on('upgrade', onUpgrade(state, wss))
  await listening(server, port)
  return {
    close: () =>
      new Promise(resolve => {
        wss.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
