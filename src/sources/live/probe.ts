import type {Reach} from '../../domain/live/listener.ts'
import type {Tls} from '../../gateway/tls.ts'
import {callGateway} from './gateway-call.ts'

/** A loaded machine answers late; one late answer is no frozen gateway. The screen waits as long. */
const timeoutMs = 3500

/** Whether anything answers as a gateway there. The path is public: it costs nothing, changes nothing, and proves no token. */
export const probeGateway = (host: string, port: number, tls: Tls | null = null): Promise<Reach> =>
  new Promise(resolve => {
    const began = performance.now()
    const request = callGateway(
      tls,
      {host, port, path: '/healthz', timeout: timeoutMs, headers: {'User-Agent': 'gatecrab'}},
      response => {
        response.resume()
        const status = response.statusCode ?? 0
        resolve({
          state: status === 503 ? 'not-yet' : 'up',
          because: `HTTP ${status}`,
          tookMs: Math.round(performance.now() - began),
        })
      },
    )
    request.on('timeout', () => {
      resolve({state: 'silent', because: `no answer within ${timeoutMs / 1000} s; it may be busy or frozen`, tookMs: null})
      request.destroy()
    })
    request.on('error', error => {
      const code = (error as NodeJS.ErrnoException).code ?? error.message
      resolve({
        state: code === 'ECONNREFUSED' ? 'down' : 'unknown',
        because: code === 'ECONNREFUSED' ? 'nothing listens on that port' : code,
        tookMs: null,
      })
    })
    request.end()
  })
