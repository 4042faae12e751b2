import http from 'node:http'
import {WebSocketServer} from 'ws'

const live = JSON.stringify({ok: true, status: 'live'})

/** What every gateway answers to whoever sends no secret; false where the question is another. */
export const answersAsGateway = ({method, url}: http.IncomingMessage, response: http.ServerResponse): boolean => {
  if (method !== 'GET' || (url !== '/healthz' && url !== '/tools/invoke')) return false
  if (url === '/healthz') response.writeHead(200, {'content-type': 'application/json; charset=utf-8'}).end(live)
  else response.writeHead(405, {allow: 'POST', 'content-type': 'text/plain; charset=utf-8'}).end('Method Not Allowed')
  return true
}

const challenge = JSON.stringify({type: 'event', event: 'connect.challenge', payload: {nonce: 'n', ts: 1}})

/** Takes WebSockets as a gateway does: it speaks first. */
export const challengesOn = (server: http.Server): WebSocketServer => {
  const sockets = new WebSocketServer({server, autoPong: false})
  sockets.on('connection', socket => socket.send(challenge))
  return sockets
}

/** A server that has the form of a gateway, and answers all else by itself. */
export const gatewayServer = (answer: http.RequestListener): http.Server => {
  const server = http.createServer((request, response) => {
    if (!answersAsGateway(request, response)) answer(request, response)
  })
  challengesOn(server)
  return server
}
