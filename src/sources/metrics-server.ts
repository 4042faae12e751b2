import http from 'node:http'
import type {Problem} from '../domain/problem.ts'

export type Address = {host: string; port: number}
export type MetricsServer = {address: Address; close: () => void}

const mostConnections = 64
const type = 'text/plain; version=0.0.4; charset=utf-8'

const why: Record<string, string> = {
  EADDRINUSE: 'another program listens there already, perhaps a second gatecrab',
  EACCES: 'this user may not listen on that port',
  EADDRNOTAVAIL: 'this host has no such address',
  ENOTFOUND: 'nobody knows such a host',
}

export const inText = ({host, port}: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

const cannotListen = (address: Address, code: string): Problem => ({
  title: `Cannot listen on ${inText(address)}`,
  because: why[code] ?? code,
  tryThis: 'name another address with --listen',
  from: 'us',
})

const answer =
  (page: () => Promise<string>): http.RequestListener =>
  (request, response) => {
    const {pathname} = URL.parse(request.url ?? '/', 'http://gatecrab') ?? {}
    const say = (status: number, text: string, headers: http.OutgoingHttpHeaders = {}) =>
      response.writeHead(status, {'Content-Type': type, ...headers}).end(request.method === 'HEAD' ? undefined : text)
    if (request.method !== 'GET' && request.method !== 'HEAD') return void say(405, 'GET only\n', {Allow: 'GET, HEAD'})
    if (pathname === '/') return void say(200, 'gatecrab serves Prometheus at /metrics\n')
    if (pathname !== '/metrics') return void say(404, 'only /metrics is here\n')
    page().then(
      text => say(200, text),
      () => say(500, 'the metrics could not be computed\n'),
    )
  }

/** Serves one page to whoever can reach the address. */
export const serveMetrics = (wanted: Address, page: () => Promise<string>): Promise<MetricsServer | Problem> =>
  new Promise(resolve => {
    const server = http.createServer({requestTimeout: 5000, headersTimeout: 5000}, answer(page))
    server.maxConnections = mostConnections
    server.once('error', error => resolve(cannotListen(wanted, (error as NodeJS.ErrnoException).code ?? error.message)))
    server.listen(wanted.port, wanted.host, () => {
      const found = server.address()
      const port = typeof found === 'object' && found !== null ? found.port : wanted.port
      resolve({
        address: {...wanted, port},
        close: () => {
          server.close()
          server.closeAllConnections()
        },
      })
    })
  })
