import http from 'node:http'
import net, {type Socket} from 'node:net'
import {bareHost, isLoopback} from '../domain/address.ts'
import type {Failure} from '../domain/failure.ts'
import {ownNames} from './gateway-names.ts'

export type ListenAddress = {host: string; port: number}
export type MetricsServer = {address: ListenAddress; close: () => void}

/** Connections that have sent no whole request, or rest between two. */
const maxWaiting = 32
/** Far above what Prometheus needs, and below what a host grants. */
const maxConnections = 256
const waitMs = 5000
const type = 'text/plain; version=0.0.4; charset=utf-8'

const why: Record<string, string> = {
  EADDRINUSE: 'another program listens there already, perhaps a second gatecrab',
  EACCES: 'this user may not listen on that port',
  EADDRNOTAVAIL: 'this host has no such address',
  ENOTFOUND: 'nobody knows such a host',
}

export const inText = ({host, port}: ListenAddress): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

const cannotListen = (address: ListenAddress, code: string): Failure => ({
  title: `Cannot listen on ${inText(address)}`,
  because: why[code] ?? code,
  tryThis: 'name another address with --listen',
  from: 'us',
})

/**
 * A web page can have a name of its own lead to this address and read the numbers, but it cannot choose the Host header: a name must be one
 * of ours. An address is nobody's to rename.
 */
const isOurHost = (header: string | undefined, names: ReadonlySet<string>): boolean => {
  const host = bareHost(header?.replace(/:\d*$/, '') ?? '').toLowerCase()
  return net.isIP(host) !== 0 || isLoopback(host) || names.has(host.replace(/\.$/, ''))
}

const answer =
  (page: () => Promise<string>, names: ReadonlySet<string>): http.RequestListener =>
  (request, response) => {
    const {pathname} = URL.parse(request.url ?? '/', 'http://gatecrab') ?? {}
    const say = (status: number, text: string, headers: http.OutgoingHttpHeaders = {}) =>
      response.writeHead(status, {'Content-Type': type, ...headers}).end(request.method === 'HEAD' ? undefined : text)
    // Only a web page sends an origin, and none has business here.
    if (request.headers.origin !== undefined) return void say(403, 'not for web pages\n')
    if (!isOurHost(request.headers.host, names))
      return void say(421, 'unknown Host: gatecrab metrics --known-as NAME allows it\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') return void say(405, 'GET only\n', {Allow: 'GET, HEAD'})
    if (pathname === '/') return void say(200, 'gatecrab serves Prometheus at /metrics\n')
    if (pathname !== '/metrics') return void say(404, 'only /metrics is here\n')
    page().then(
      text => say(200, text),
      () => say(500, 'the metrics could not be computed\n'),
    )
  }

/**
 * Keeps those who say nothing from keeping others out: beyond the bound the one that has waited longest goes, so that the newest, which is
 * about to send its request, has its turn.
 */
const boundWaiting = (server: http.Server): void => {
  const waiting = new Set<Socket>()
  const wait = (socket: Socket): void => {
    if (socket.destroyed) return
    waiting.delete(socket)
    waiting.add(socket)
    if (waiting.size <= maxWaiting) return
    const [oldest] = waiting
    if (oldest === undefined) return
    waiting.delete(oldest)
    oldest.destroy()
  }
  server.on('connection', socket => {
    wait(socket)
    socket.once('close', () => waiting.delete(socket))
  })
  server.on('request', ({socket}, response) => {
    waiting.delete(socket)
    response.once('close', () => wait(socket))
  })
}

/** Serves one page to whoever can reach the address by one of its names. */
export const serveMetrics = (
  requestedAddress: ListenAddress,
  page: () => Promise<string>,
  servedNames: readonly string[] = [],
): Promise<MetricsServer | Failure> =>
  new Promise(resolve => {
    const names = new Set([requestedAddress.host, ...ownNames(), ...servedNames].map(name => name.toLowerCase()))
    const times = {
      requestTimeout: waitMs,
      headersTimeout: waitMs,
      keepAliveTimeout: waitMs,
      connectionsCheckingInterval: waitMs / 5,
    }
    const server = http.createServer(times, answer(page, names))
    server.maxConnections = maxConnections
    boundWaiting(server)
    server.once('error', error => resolve(cannotListen(requestedAddress, (error as NodeJS.ErrnoException).code ?? error.message)))
    server.listen(requestedAddress.port, requestedAddress.host, () => {
      const found = server.address()
      const port = typeof found === 'object' && found !== null ? found.port : requestedAddress.port
      resolve({
        address: {...requestedAddress, port},
        close: () => {
          server.close()
          server.closeAllConnections()
        },
      })
    })
  })
