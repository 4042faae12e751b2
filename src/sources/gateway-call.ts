import {X509Certificate} from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type {Tls} from '../gateway/tls.ts'

const certificateIn = (file: string | null): {pem: string; fingerprint: string} | null => {
  if (file === null) return null
  try {
    const pem = fs.readFileSync(file, 'utf8')
    return {pem, fingerprint: new X509Certificate(pem).fingerprint256}
  } catch {
    return null
  }
}

export const notItsCertificate = 'ERR_NOT_ITS_CERTIFICATE'

/** Its own certificate and no other, whatever name that carries; where it cannot be read, whom this machine trusts anyhow. */
const trusting = ({certFile}: Tls): https.RequestOptions => {
  const own = certificateIn(certFile)
  if (own === null) return {}
  return {
    ca: [own.pem],
    allowPartialTrustChain: true,
    checkServerIdentity: (_, {fingerprint256}) =>
      fingerprint256 === own.fingerprint ? undefined : Object.assign(new Error('another certificate'), {code: notItsCertificate}),
  }
}

/** One request to the gateway, in the way it speaks. Nothing is sent before its certificate is seen to be the right one. */
export const callGateway = (
  tls: Tls | null,
  options: http.RequestOptions,
  onResponse: (response: http.IncomingMessage) => void,
): http.ClientRequest =>
  tls === null ? http.request(options, onResponse) : https.request({...options, ...trusting(tls)}, onResponse)
