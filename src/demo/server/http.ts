import type {IncomingMessage, ServerResponse} from 'node:http'
import {ingressOf} from '../network.ts'
import type {ServerState} from './server-state.ts'

const common = {'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer'}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, {
    ...common,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(JSON.stringify(body))
}

const text = (response: ServerResponse, status: number, body: string, type = 'text/plain'): void => {
  response.writeHead(status, {...common, 'content-type': `${type}; charset=utf-8`})
  response.end(body)
}

const readiness = (server: ServerState, response: ServerResponse): void => {
  const uptimeMs = server.clock() - server.boot.at
  const failing = {starting: ['startup-sidecars'], ready: [], closing: ['gateway-draining']}[server.boot.phase]
  json(response, failing.length > 0 ? 503 : 200, {ready: failing.length === 0, failing, uptimeMs})
}

const scope = 'shared-secret'

/** A wrong token waits as it does on a socket; a missing one is answered at once. Nothing is logged. */
const authorize = async (server: ServerState, request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
  const {remoteAddress = ''} = request.socket
  const {clientIp} = ingressOf(
    {remoteAddr: remoteAddress, forwardedFor: header(request, 'x-forwarded-for')},
    server.settings.trustedProxies,
  )
  const limiter = server.limiters.direct
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const lockedFor = token ? limiter.lockedFor(clientIp, scope) : 0
  if (lockedFor > 0) {
    const error = {message: 'Too many failed authentication attempts. Please try again later.', type: 'rate_limited'}
    json(response, 429, {error}, {'retry-after': String(Math.ceil(lockedFor / 1000))})
    return false
  }
  if (token && token === server.settings.token) {
    limiter.reset(clientIp, scope)
    return true
  }
  if (token) await limiter.failSlowly(clientIp, scope)
  json(response, 401, {error: {message: 'Unauthorized', type: 'unauthorized'}})
  return false
}

const invoke = async (server: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  request.resume()
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    return text(response, 405, 'Method Not Allowed')
  }
  if (!(await authorize(server, request, response))) return
  json(response, 400, {ok: false, error: {type: 'invalid_request', message: 'tools.invoke requires name'}})
}

const page = "<!doctype html><title>gatecrab demo</title><p>This is the gateway of gatecrab's demo. It has no dashboard."

export const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

export const answerHttp = async (server: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const {pathname} = new URL(request.url ?? '/', 'http://gateway')
  if (pathname === '/health' || pathname === '/healthz') return json(response, 200, {ok: true, status: 'live'})
  if (pathname === '/readyz' || pathname === '/ready') return readiness(server, response)
  if (pathname === '/tools/invoke') return invoke(server, request, response)
  if (pathname === '/' && request.method === 'GET') return text(response, 200, page, 'text/html')
  text(response, 404, 'Not Found')
}
