import {randomBytes} from 'node:crypto'
import type http from 'node:http'
import {isLoopback} from '../../domain/address.ts'
import {type ListenerVerdict, whyNotSent} from '../../domain/live/listener.ts'
import {fingerprintOf, Secret} from '../../domain/secret.ts'
import type {AcceptedToken} from '../../domain/token/copy.ts'
import {callGateway} from '../live/gateway-call.ts'
import {isUnreachable, whyFailed} from '../live/gateway-form.ts'
import {type GatewayAddress, type ProvenGateway, proveGateway} from '../live/gateway-proof.ts'
import {fileErrorCode, tokenDigest} from './file.ts'

/** What the gateway says to one token. `not-ready` proves nothing, and neither does `locked`. */
export type Answer = {
  kind: 'accepted' | 'refused' | 'not-ready' | 'locked'
  status: number | null
  because: string | null
  retryAfterMs: number | null
  /** Nobody is there who could answer. */
  noAnswer?: true
  /** Why the token was not even sent: who listens there has not shown that it is the gateway. */
  listener?: ListenerVerdict
}

export type TokenProbe = Omit<GatewayAddress, 'host'> & {
  host?: string
  /** A refused call is kept waiting by the gateway, up to five seconds. */
  timeoutMs?: number
}

const requestTimeoutMs = 10_000
const maxBodyBytes = 4096

const answer = (
  kind: Answer['kind'],
  status: number | null,
  because: string | null,
  retryAfterMs: number | null = null,
): Answer => ({
  kind,
  status,
  because,
  retryAfterMs,
})

const retryAfter = (value: string | undefined): number | null => {
  if (value === undefined) return null
  const seconds = Number(value)
  const until = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000
  return Number.isNaN(until) ? null : Math.max(0, Math.round(until))
}

/** A TLS port and many proxies answer 400 as well, but never in JSON. */
const isGateway = (body: string): boolean => body.trim() === '' || /^\s*\{/.test(body)

const readAnswer = (status: number, body: string, wait: string | undefined): Answer => {
  if (status === 400)
    return isGateway(body)
      ? answer('accepted', status, null)
      : answer('not-ready', status, 'something that is no gateway answers on this port, or it speaks TLS')
  if (status === 401) return answer('refused', status, null)
  if (status === 429)
    return answer('locked', status, 'it has locked this address out after too many wrong tokens', retryAfter(wait))
  if (status >= 500) return answer('not-ready', status, `it is starting or stopping (HTTP ${status})`)
  return answer('not-ready', status, `it does not know the question (HTTP ${status}): no gateway, or another path`)
}

const failed = (error: unknown): Answer => {
  const code = fileErrorCode(error)
  const failure = answer('not-ready', null, whyFailed(code) ?? (code || 'no answer'))
  return isUnreachable(code) ? {...failure, noAnswer: true} : failure
}

/** Of bytes: Node writes a text in one piece with the headers, and then those are no longer Latin-1. */
const body = Buffer.from('{}')

const read = (response: http.IncomingMessage, done: (text: string) => void): void => {
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, maxBodyBytes)
  })
  response.on('end', () => done(text))
  response.on('error', () => done(text))
}

/** What Node puts into a header: Latin-1 without control characters. */
const carried = /^[\t\u0020-\u007e\u0080-\u00ff]*$/
const uncarried = answer(
  'not-ready',
  null,
  'a web request cannot carry the token: it has characters beyond Latin-1, or a line break. Only a token of plain letters and digits can be checked',
)

const canCarry = (token: Secret): boolean => carried.test(token.reveal().trim())

const send = (token: Secret, {address}: ProvenGateway, timeoutMs: number): Promise<Answer> =>
  new Promise(resolve => {
    const {host, port, tls = null, agent = 'gatecrab'} = address
    const headers = {
      'user-agent': agent,
      'content-type': 'application/json',
      'content-length': String(body.length),
      connection: 'close',
    }
    try {
      const authorization = `Bearer ${token.reveal().trim()}`
      const signal = AbortSignal.timeout(timeoutMs)
      const options = {
        host,
        port,
        method: 'POST',
        path: '/tools/invoke',
        agent: false,
        headers: {...headers, authorization},
        signal,
      }
      const request = callGateway(tls, options, response =>
        read(response, text => resolve(readAnswer(response.statusCode ?? 0, text, response.headers['retry-after']))),
      )
      request.on('error', error =>
        resolve(signal.aborted ? answer('not-ready', null, 'it did not answer in time') : failed(error)),
      )
      request.end(body)
    } catch (error) {
      resolve(failed(error))
    }
  })

/**
 * Asks once whether the gateway accepts a token, by a call that can do nothing, and only after who listens has shown that it is the
 * gateway. Free for a right token; a wrong one is counted.
 */
export const tryToken = async (
  token: Secret,
  {timeoutMs = requestTimeoutMs, host = '127.0.0.1', ...probe}: TokenProbe,
): Promise<Answer> => {
  if (!canCarry(token)) return uncarried
  const {proven, verdict} = await proveGateway({...probe, host})
  if (proven === null)
    return {
      ...answer('not-ready', null, whyNotSent(verdict)),
      listener: verdict,
      ...(verdict.unreachable ? {noAnswer: true} : {}),
    }
  return send(token, proven, timeoutMs)
}

const distinct = (candidates: readonly Secret[]): Secret[] => [
  ...new Map(candidates.filter(one => one.reveal().trim() !== '').map(one => [one.reveal().trim(), one])).values(),
]

const unknown = (because: string | null): AcceptedToken => ({
  fingerprint: null,
  digest: null,
  by: 'unknown',
  provenAt: null,
  acceptsAnything: null,
  because,
})

const proven = (
  token: Secret | null,
  acceptsAnything: boolean | null,
  because: string | null,
  refused: readonly Secret[] = [],
): AcceptedToken => ({
  fingerprint: token && fingerprintOf(token),
  digest: token && tokenDigest(token),
  by: 'oracle',
  provenAt: new Date().toISOString(),
  acceptsAnything,
  because,
  refused: refused.map(tokenDigest),
})

const noProof = ({because, retryAfterMs, noAnswer}: Answer): AcceptedToken => ({
  ...unknown(retryAfterMs === null ? because : `${because}, for ${Math.ceil(retryAfterMs / 1000)} s`),
  ...(noAnswer ? {noAnswer} : {}),
})

const refusedIn = (count: number): string =>
  count === 1 ? 'it refused the one that was tried' : `it refused the ${count} that were tried`

/** Whether it accepts this one; no wrong token is ever sent to find out which else. */
export const checkToken = async (token: Secret, probe: TokenProbe): Promise<AcceptedToken> => {
  const answer = await tryToken(token, probe)
  if (answer.kind === 'accepted') return proven(token, null, null)
  return answer.kind === 'refused' ? proven(null, null, refusedIn(1), [token]) : noProof(answer)
}

const maxOtherTokens = 3

type TrialResult = {accepted: Secret | null; refused: Secret[]; stopped: Answer | null}

const tryEach = async (candidates: readonly Secret[], probe: TokenProbe): Promise<TrialResult> => {
  const refused: Secret[] = []
  for (const candidate of candidates.filter(canCarry)) {
    const answer = await tryToken(candidate, probe)
    if (answer.kind === 'accepted') return {accepted: candidate, refused, stopped: null}
    if (answer.kind !== 'refused') return {accepted: null, refused, stopped: answer}
    refused.push(candidate)
  }
  return {accepted: null, refused, stopped: candidates.every(canCarry) ? null : uncarried}
}

const acceptsAnything = async (probe: TokenProbe): Promise<boolean | null> => {
  const {kind} = await tryToken(new Secret(randomBytes(24).toString('hex')), probe)
  return kind === 'accepted' ? true : kind === 'refused' ? false : null
}

/**
 * Which of these the gateway accepts: the first one first, up to three others once each, then a random one, which tells whether it
 * accepts anything, then the good one again, as a success ends the delay that wrong tokens bring. Elsewhere than on this machine a
 * wrong token counts towards a lock-out, so there only one is ever sent.
 */
export const findAcceptedToken = async ({
  candidates,
  ...probe
}: TokenProbe & {candidates: readonly Secret[]}): Promise<AcceptedToken> => {
  const isHere = isLoopback(probe.host ?? '127.0.0.1')
  const [first, ...others] = distinct(candidates)
  const {accepted, refused, stopped} = await tryEach(first ? [first, ...others.slice(0, isHere ? maxOtherTokens : 0)] : [], probe)
  if (stopped) return noProof(stopped)
  const anything = isHere || refused.length === 0 ? await acceptsAnything(probe) : null
  if (anything === true) return proven(null, true, 'it accepts any token: authentication is off')
  if (accepted === null && refused.length === 0 && anything === null)
    return unknown('no token was found to ask with, and it did not answer')
  if (accepted === null)
    return proven(null, anything, refused.length === 0 ? 'no token was found to ask with' : refusedIn(refused.length), refused)
  const again = anything === false ? await tryToken(accepted, probe) : null
  return again?.kind === 'refused'
    ? unknown('it accepted a token and then refused it: it is being changed')
    : proven(accepted, anything, null, refused)
}
