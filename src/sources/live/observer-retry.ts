import {clean} from '../../domain/clean.ts'
import {type ListenerVerdict, whyNotSent} from '../../domain/live/listener.ts'
import type {ConnectionEnd, LastEnd, ObserverState} from '../../domain/live/observed.ts'
import type {Frame} from '../../gateway/frames/frames.ts'
import type {CallEnd} from './observer-call.ts'

type Again = 'soon' | 'later'

const minMs = 1000
const maxMs = 30_000
const maxHintMs = 300_000
const maxSoonTries = 20

/** How often it was tried in vain: where it will soon be there again, and otherwise. */
type Tries = {soon: number; later: number}

export const emptyTries: Tries = {soon: 0, later: 0}

export const oneMore = ({soon, later}: Tries, again: Again): Tries =>
  again === 'soon' && soon < maxSoonTries ? {soon: soon + 1, later} : {soon, later: later + 1}

/** Full jitter: somewhere between now and a limit that doubles with each try in vain, so that no two watchers keep step. */
export const waitBefore = ({soon, later}: Tries, again: Again, hintMs: number, random: () => number): number => {
  const limit = again === 'soon' && soon < maxSoonTries ? minMs : Math.min(maxMs, minMs * 2 ** later)
  return Math.round(Math.min(hintMs, maxHintMs) + random() * limit)
}

/** What the end of a call means, and whether to call again. */
export type RetryDecision = {state: ObserverState; because: string; again: Again | 'never'; hintMs: number}

type Refusal = Extract<Frame, {kind: 'refusal'}>

type CallContext = {lastEnd: LastEnd | null; refusal: Refusal | null; address: string; at: number}

const notYet = (because: string, again: Again = 'later', hintMs = 0): RetryDecision => ({
  state: 'not-yet',
  because,
  again,
  hintMs,
})
const gone = (because: string): RetryDecision => ({state: 'gone', because, again: 'later', hintMs: 0})
const refused = (because: string): RetryDecision => ({state: 'refused', because, again: 'never', hintMs: 0})

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

const comingBackMs = 30_000

/** Nothing listens, and it is known how the last connection ended. */
const nothingListens = ({lastEnd, address, at}: CallContext): RetryDecision => {
  const nothing = `nothing listens on ${address}`
  if (lastEnd === null) return notYet(nothing)
  const ago = at - lastEnd.at
  if (lastEnd.how === 'stopped') return gone(`it was stopped in good order, and ${nothing}`)
  if (lastEnd.how === 'cut') return gone(`it exited without a shutdown message, and ${nothing}: killed or crashed`)
  if (lastEnd.how === 'closed') return gone(`it closed our connection, and ${nothing}`)
  if (ago < comingBackMs) return notYet(`it restarts, and ${nothing} yet`, 'soon')
  return gone(`it was to restart ${seconds(ago)} ago and has not come back: ${nothing}`)
}

const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|altnames/i

const failed = (code: string, context: CallContext): RetryDecision => {
  const {address} = context
  if (code === 'ECONNREFUSED') return nothingListens(context)
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'CLOSED' || code === 'socket hang up')
    return notYet(`${address} closes every connection at once: it is starting or stopping`, 'soon')
  if (code === 'NO-HELLO') return notYet(`${address} takes connections and completes no sign-in`)
  if (code === 'NO-ANSWER' || code === 'ETIMEDOUT') return notYet(`no answer from ${address}`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return notYet(`there is no host by the name in ${address}`)
  if (/HPE_/.test(code)) return refused(`what answers on ${address} is no HTTP; it may speak TLS: try wss://`)
  if (certificate.test(code)) return refused(`the certificate of ${address} is not trusted: ${clean(code, 120)}`)
  return notYet(`${address} cannot be reached: ${clean(code, 120)}`)
}

const busy: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

const turnedDown = (status: number, retryAfterMs: number | null, address: string): RetryDecision => {
  if (busy.has(status)) return notYet(`it is starting, stopping or full (HTTP ${status})`, 'later', retryAfterMs ?? 0)
  if (status === 403) return refused('it does not know who is behind the proxy (HTTP 403): see gateway.trustedProxies')
  return refused(`what answers on ${address} is no gateway, or a proxy that lets no sockets through (HTTP ${status})`)
}

const afterRefusal = ({later, text, retryAfterMs, code}: Refusal): RetryDecision => {
  const because = code === null ? text : `${text} (${code})`
  if (!later) return refused(because)
  return notYet(because, code === 'AUTH_RATE_LIMITED' ? 'later' : 'soon', retryAfterMs ?? 0)
}

const closedBefore = (code: number, text: string, {address}: CallContext): RetryDecision => {
  const words = text === '' ? `code ${code}` : clean(text, 120)
  if (code === 1012 || code === 1013) return notYet(`it is not ready: ${words}`, 'soon')
  if (code === 1002 || code === 1008 || code === 4001) return refused(`${words} (${code})`)
  return notYet(`${address} closed before it let us in: ${words}`)
}

/** Whoever listens has not shown that it is the gateway, so it was not sent the token. */
export const notProven = (verdict: ListenerVerdict): RetryDecision => {
  const because = whyNotSent(verdict)
  if (verdict.is === 'foreign' || verdict.is === 'unproven') return {state: verdict.is, because, again: 'later', hintMs: 0}
  return notYet(because, 'soon')
}

/** A call that ended before we were let in. */
export const afterFailedConnect = (end: CallEnd, context: CallContext): RetryDecision => {
  if (context.refusal) return afterRefusal(context.refusal)
  if (end.kind === 'failed') return failed(end.code, context)
  if (end.kind === 'turned-down') return turnedDown(end.status, end.retryAfterMs, context.address)
  return closedBefore(end.code, end.text, context)
}

const briefMs = 5000

type Ending = (end: LastEnd, upMs: number) => RetryDecision

const endings: Readonly<Record<ConnectionEnd, Ending>> = {
  stopped: () => gone('it was stopped in good order'),
  restarting: () => notYet('it restarts', 'soon'),
  'token-changed': () => notYet('its token was changed; the one that is known now is tried', 'soon'),
  cut: (_end, upMs) => ({...gone('the connection was cut without a close message'), again: upMs < briefMs ? 'later' : 'soon'}),
  closed: ({code, text}) => notYet(`it closed our connection: ${text === '' ? `code ${code}` : `${clean(text, 120)} (${code})`}`),
}

/** A connection that had been up is over. */
export const afterConnection = (end: LastEnd, upMs: number): RetryDecision => endings[end.how](end, upMs)
