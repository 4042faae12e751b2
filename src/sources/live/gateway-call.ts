import http from 'node:http'
import type https from 'node:https'
import type {Reach} from '../../domain/live/listener.ts'
import {isFingerprint, type Tls} from '../../gateway/tls.ts'
import {readText} from '../files.ts'

/** Loaded where a gateway speaks TLS: it takes as long as all else that a command loads. */
const secure = {
  crypto: () => process.getBuiltinModule('node:crypto'),
  https: () => process.getBuiltinModule('node:https'),
  tls: () => process.getBuiltinModule('node:tls'),
}

const certificateIn = (file: string | null): {pem: string; fingerprint: string} | null => {
  if (file === null) return null
  try {
    const pem = readText(file)
    return {pem, fingerprint: new (secure.crypto().X509Certificate)(pem).fingerprint256}
  } catch {
    return null
  }
}

export const notItsCertificate = 'ERR_NOT_ITS_CERTIFICATE'

const another = (): Error => Object.assign(new Error('another certificate'), {code: notItsCertificate})

/** The certificate that the config names by its fingerprint, whoever signed it: a socket is handed out only when it was seen. */
const pinned = (fingerprint: string, {host, port, timeout = 0}: http.RequestOptions): https.RequestOptions => ({
  agent: undefined,
  createConnection: (_, given) => {
    const socket = secure.tls().connect({host: host ?? 'localhost', port: Number(port), rejectUnauthorized: false})
    const failed = (error: Error): void => {
      socket.destroy()
      given(error, socket)
    }
    const late = (): void => failed(Object.assign(new Error('no answer'), {code: 'ETIMEDOUT'}))
    socket.setTimeout(timeout, late)
    socket.once('error', failed)
    socket.once('secureConnect', () => {
      socket.off('timeout', late)
      socket.off('error', failed)
      if (isFingerprint(fingerprint, socket.getPeerCertificate().fingerprint256)) given(null, socket)
      else failed(another())
    })
    return null
  },
})

/** Its own certificate and no other, whatever name that carries; where it cannot be read, whom this machine trusts anyhow. */
const trusting = ({certFile}: Tls): https.RequestOptions => {
  const own = certificateIn(certFile)
  if (own === null) return {}
  return {
    ca: [own.pem],
    allowPartialTrustChain: true,
    checkServerIdentity: (_, {fingerprint256}) => (fingerprint256 === own.fingerprint ? undefined : another()),
  }
}

const trustOf = (speaks: Tls, options: http.RequestOptions): https.RequestOptions =>
  speaks.fingerprint ? pinned(speaks.fingerprint, options) : trusting(speaks)

/** One request to the gateway, in the way it speaks. Nothing is sent before its certificate is seen to be the right one. */
export const callGateway = (
  speaks: Tls | null,
  options: http.RequestOptions,
  onResponse: (response: http.IncomingMessage) => void,
): http.ClientRequest =>
  speaks === null
    ? http.request(options, onResponse)
    : secure.https().request({...options, ...trustOf(speaks, options)}, onResponse)

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
