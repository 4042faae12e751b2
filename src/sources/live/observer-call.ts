import type {IncomingMessage} from 'node:http'
import {TLSSocket} from 'node:tls'
import {type RawData, WebSocket} from 'ws'
import {bareHost, isLoopback} from '../../domain/address.ts'
import {type Frame, isWorthReading, readFrame} from '../../gateway/frames/frames.ts'
import {isDeep} from '../../gateway/json.ts'
import {isFingerprint} from '../../gateway/tls.ts'
import {notItsCertificate} from './gateway-call.ts'
import type {ProvenGateway} from './gateway-proof.ts'

/** What one connection to the gateway tells, from the first knock on. The last three end it, and nothing comes after them. */
export type CallEvent =
  | {kind: 'accepted'; port: number | null}
  | {kind: 'opened'}
  | {kind: 'alive'}
  | {kind: 'frame'; frame: Frame}
  | CallEnd

export type CallEnd =
  | {kind: 'turned-down'; status: number; retryAfterMs: number | null}
  | {kind: 'failed'; code: string}
  | {kind: 'closed'; code: number; text: string}

/** `signIn` sends the secret: only to a listener that has shown that it is the gateway. */
export type ObserverCall = {signIn: (to: ProvenGateway, frame: string) => void; ping: () => void; hangUp: (code?: string) => void}

/** A conversation may pass by, of which nothing is read; a longer frame ends the connection. */
const maxFrameBytes = 2 * 1024 * 1024
/** Real ones have some kilobytes; what is longer is not parsed, since its objects take many times as much. */
const maxReadBytes = 128 * 1024

/** Far more than a busy gateway sends to one client. */
const maxBytesPerSecond = 4 * 1024 * 1024

/** Lets a flood wait in the sender: what comes faster than it is let go would pile up here. */
const throttled = (socket: WebSocket): ((bytes: number) => void) => {
  let [began, received] = [0, 0]
  return bytes => {
    const now = performance.now()
    if (now - began > 1000) [began, received] = [now, 0]
    received += bytes
    if (received <= maxBytesPerSecond) return
    socket.pause()
    setTimeout(() => socket.resume(), began + 1000 - now).unref()
  }
}

/** On loopback nobody can stand in between, and the gateway's certificate is its own. */
export const isLoopbackUrl = (url: string): boolean => {
  return isLoopback(bareHost(URL.parse(url)?.hostname ?? ''))
}

const retryAfter = (response: IncomingMessage): number | null => {
  const seconds = Number(response.headers['retry-after'])
  return seconds > 0 ? seconds * 1000 : null
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message

const newsIn = (data: Buffer): CallEvent =>
  data.length <= maxReadBytes && isWorthReading(data.toString('latin1', 0, 120)) && !isDeep(data)
    ? {kind: 'frame', frame: readFrame(data.toString('utf8'))}
    : {kind: 'alive'}

/** Before the certificate is seen no more than the knock is sent: the token comes with the first frame. */
const pin = (raw: TLSSocket, fingerprint: string): void => {
  raw.once('secureConnect', () => {
    if (isFingerprint(fingerprint, raw.getPeerCertificate().fingerprint256)) return
    raw.destroy(Object.assign(new Error('another certificate'), {code: notItsCertificate}))
  })
}

export type CallAddress = {url: string; fingerprint: string | null}

export const openCall = ({url, fingerprint}: CallAddress, agent: string, tell: (news: CallEvent) => void): ObserverCall => {
  let over = false
  let why: string | null = null
  let opened = false
  const end = (news: CallEnd): void => {
    if (over) return
    over = true
    tell(news)
  }
  const say = (news: CallEvent): void => {
    if (!over) tell(news)
  }
  const socket = new WebSocket(url, {
    headers: {'User-Agent': agent},
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    rejectUnauthorized: fingerprint === null && !isLoopbackUrl(url),
    finishRequest: request => {
      request.once('socket', raw => {
        raw.once('connect', () => say({kind: 'accepted', port: raw.localPort ?? null}))
        if (fingerprint !== null && raw instanceof TLSSocket) pin(raw, fingerprint)
      })
      request.end()
    },
  })
  socket.once('open', () => {
    opened = true
    say({kind: 'opened'})
  })
  socket.on('pong', () => say({kind: 'alive'}))
  const count = throttled(socket)
  socket.on('message', (data: RawData) => {
    count((data as Buffer).length)
    say(newsIn(data as Buffer))
  })
  socket.on('error', error => {
    why ??= codeOf(error)
  })
  socket.once('unexpected-response', (_request, response) => {
    end({kind: 'turned-down', status: response.statusCode ?? 0, retryAfterMs: retryAfter(response)})
    socket.terminate()
  })
  socket.once('close', (code, reason) =>
    end(opened ? {kind: 'closed', code, text: String(reason)} : {kind: 'failed', code: why ?? 'CLOSED'}),
  )
  return {
    signIn: (_to, frame) => socket.send(frame, () => {}),
    ping: () => {
      if (socket.readyState === socket.OPEN) socket.ping(undefined, undefined, () => {})
    },
    hangUp: code => {
      if (code) end({kind: 'failed', code})
      over = true
      if (socket.readyState === socket.OPEN) socket.close(1000)
      const last = setTimeout(() => socket.terminate(), socket.readyState === socket.CLOSING ? 1000 : 0)
      last.unref()
    },
  }
}
