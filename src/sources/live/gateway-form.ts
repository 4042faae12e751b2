import type http from 'node:http'
import {type RawData, WebSocket} from 'ws'
import type {GatewayForm} from '../../domain/live/listener.ts'
import {readFrame} from '../../gateway/frames/frames.ts'
import {jsonIn} from '../../gateway/json.ts'
import type {Tls} from '../../gateway/tls.ts'
import {callGateway, notItsCertificate} from './gateway-call.ts'

const untrusted = 'its certificate is neither the one in its file nor one that this machine trusts'

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on its port',
  ECONNRESET: 'it hung up: it is starting or stopping, or it speaks TLS',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its host cannot be reached',
  ENOTFOUND: 'its host has no such name',
  EAI_AGAIN: 'its host has no such name',
  ETIMEDOUT: 'it did not answer in time',
  EPROTO: 'what answers does not speak TLS, though gateway.tls is on: the gateway has not been restarted since, or it is another',
  [notItsCertificate]:
    'it shows another certificate than its own: it has not taken the new one over, or something else listens there',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name, and its own file cannot be read here to compare',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: see the clock',
}

const unreachable: readonly string[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']

/** Nobody is there who could answer, rather than one that does not. */
export const isUnreachable = (code: string): boolean => unreachable.includes(code)

/** Why a call did not come through, in words; null where the code says nothing. */
export const whyFailed = (code: string): string | null =>
  failures[code] ?? (/^HPE_/.test(code) ? 'what answers is not HTTP; it may speak TLS' : null)

type FormAddress = {host: string; port: number; tls?: Tls | null; agent?: string}

const timeoutMs = 1500
const maxBody = 64 * 1024

type Answered = {status: number; headers: http.IncomingHttpHeaders; text: string} | {code: string}

const get = ({host, port, tls = null, agent = 'gatecrab'}: FormAddress, path: string): Promise<Answered> =>
  new Promise(resolve => {
    const options = {host, port, path, agent: false, timeout: timeoutMs, headers: {'User-Agent': agent}}
    const request = callGateway(tls, options, response => {
      const {statusCode: status = 0, headers} = response
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > maxBody) response.destroy()
      })
      response.on('close', () => resolve({status, headers, text}))
      response.on('error', () => resolve({status, headers, text}))
    })
    const last = setTimeout(() => request.destroy(Object.assign(new Error('no answer'), {code: 'ETIMEDOUT'})), timeoutMs)
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer'), {code: 'ETIMEDOUT'})))
    request.on('close', () => clearTimeout(last))
    request.on('error', error => resolve({code: (error as NodeJS.ErrnoException).code ?? error.message}))
    request.end()
  })

const form = (is: GatewayForm['is'], because: string): GatewayForm => ({is, because})

/** What may yet become the gateway, and what leaves it open. Everything else may be on its way. */
const failed = (code: string): GatewayForm => {
  const why = whyFailed(code)
  const because = why ?? `it cannot be reached: ${code}`
  if (code === 'ECONNREFUSED') return form('refused', because)
  if (/^HPE_|CERT|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code)) return form('unclear', because)
  return {is: 'not-ready', because, ...(why === null || isUnreachable(code) ? {unreachable: true} : {})}
}

const busy: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** Up to 2026.2.26 `/healthz` is the page of the gateway. */
const isPage = ({headers, text}: Exclude<Answered, {code: string}>): boolean =>
  /^text\/html/.test(headers['content-type'] ?? '') && /openclaw|clawdbot/i.test(text)

const isLive = (text: string): boolean => {
  const {ok, status} = (jsonIn(text) ?? {}) as {ok?: unknown; status?: unknown}
  return ok === true && status === 'live'
}

const ofHealth = (answered: Answered): GatewayForm => {
  if ('code' in answered) return failed(answered.code)
  const {status, text} = answered
  if (status === 200 && (isLive(text) || isPage(answered))) return form('openclaw', '/healthz')
  if (busy.has(status)) return form('not-ready', `it is starting, stopping or full (HTTP ${status})`)
  return form('other', `what answers is no OpenClaw gateway (HTTP ${status} on /healthz)`)
}

/** Every release answers so to a call that names no token, and writes no line about it. */
const ofInvoke = (answered: Answered): GatewayForm => {
  if ('code' in answered) return failed(answered.code)
  const {status, headers} = answered
  if (status === 405 && headers.allow === 'POST') return form('openclaw', '/tools/invoke')
  if (busy.has(status)) return form('not-ready', `it is starting, stopping or full (HTTP ${status})`)
  return form('other', `what answers is no OpenClaw gateway (HTTP ${status} on GET /tools/invoke)`)
}

/** The gateway writes no line about a socket that only looks, where it comes from its own host and carries this name. */
const quietName = 'swiftpm-testing-helper'

const ofSocket = ({host, port, tls, agent = 'gatecrab'}: FormAddress): Promise<GatewayForm> =>
  new Promise(resolve => {
    const url = `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}`
    // Its certificate was seen when `/healthz` was asked, and nothing secret goes over this socket.
    const socket = new WebSocket(url, {
      headers: {'User-Agent': `${agent} (${quietName})`},
      perMessageDeflate: false,
      maxPayload: maxBody,
      handshakeTimeout: timeoutMs,
      rejectUnauthorized: false,
    })
    const end = (found: GatewayForm): void => {
      clearTimeout(timer)
      resolve(found)
      socket.terminate()
    }
    const no = form('other', 'what answers is no OpenClaw gateway: its WebSocket does not begin with connect.challenge')
    const timer = setTimeout(() => end(socket.readyState === WebSocket.OPEN ? no : failed('ETIMEDOUT')), timeoutMs)
    socket.on('error', error => end(failed((error as NodeJS.ErrnoException).code ?? 'ECONNRESET')))
    socket.once('unexpected-response', (_, {statusCode = 0}) =>
      end(
        busy.has(statusCode)
          ? form('not-ready', `it is starting, stopping or full (HTTP ${statusCode})`)
          : form('other', `what answers is no OpenClaw gateway (HTTP ${statusCode} to a WebSocket)`),
      ),
    )
    socket.once('message', (data: RawData) =>
      end(readFrame(String(data)).kind === 'challenge' ? form('openclaw', 'connect.challenge') : no),
    )
    socket.once('close', () => end(form('not-ready', 'it closed the WebSocket at once: it is starting or stopping')))
  })

/** On another machine its certificate is the proof, and a proxy before it may keep the rest to itself. */
export const readCertificate = async (address: FormAddress): Promise<GatewayForm> => {
  const answered = await get(address, '/healthz')
  return 'code' in answered ? failed(answered.code) : form('openclaw', 'its certificate is the one that is expected')
}

/** What the listener answers to three questions that carry no secret; the last only where it leaves no line. */
export const readForm = async (address: FormAddress, mayProbe: boolean): Promise<GatewayForm> => {
  const asked: GatewayForm[] = []
  for (const ask of [
    async () => ofHealth(await get(address, '/healthz')),
    async () => ofInvoke(await get(address, '/tools/invoke')),
    ...(mayProbe ? [() => ofSocket(address)] : []),
  ]) {
    const found = await ask()
    if (found.is !== 'openclaw') return found
    asked.push(found)
  }
  return form('openclaw', `${asked.map(({because}) => because).join(', ')} have OpenClaw's form`)
}
