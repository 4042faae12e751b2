import {bareHost} from '../../domain/address.ts'
import {clean} from '../../domain/clean.ts'
import {minuteMs} from '../../domain/durations.ts'
import {initialObserved, type Observed} from '../../domain/live/observed.ts'
import type {Secret} from '../../domain/secret.ts'
import {endOf, type Frame, farewellOf} from '../../gateway/frames/frames.ts'
import {type GatewayAddress, mayBeAsked, proveGateway} from './gateway-proof.ts'
import type {CallEnd} from './observer-call.ts'
import {type ConnectionResult, connectOnce} from './observer-connection.ts'
import {
  afterConnection,
  afterFailedConnect,
  emptyTries,
  notProven,
  oneMore,
  type RetryDecision,
  waitBefore,
} from './observer-retry.ts'
import type {SilenceTiming} from './observer-silence.ts'
import {createSleeper} from './sleeper.ts'

type ObservedChange = Partial<Observed>

const nonEmpty = <T>(list: readonly T[] | null): readonly T[] | null => (list === null || list.length === 0 ? null : list)

const fromHello = (frame: Extract<Frame, {kind: 'hello'}>, at: number): ObservedChange => ({
  hello: frame.hello,
  upSince: at,
  bootedAt: frame.hello.uptimeMs === null ? null : at - frame.hello.uptimeMs,
  presence: nonEmpty(frame.presence),
  health: frame.health,
  farewell: null,
  refusal: null,
  tries: 0,
})

/** What a frame adds to what is known. Whoever may not see the list is given an empty one, on which not even the gateway stands. */
const changesFrom = (frame: Frame, at: number): ObservedChange => {
  switch (frame.kind) {
    case 'hello':
      return fromHello(frame, at)
    case 'refusal':
      return {refusal: {code: frame.code, text: frame.text, at}}
    case 'presence':
      return {presence: nonEmpty(frame.presence)}
    case 'health':
      return frame.health === null ? {} : {health: frame.health}
    case 'tick':
      return {tickAt: at}
    case 'shutdown':
      return {farewell: frame.why ?? (farewellOf(frame).restarts ? 'gateway restarting' : 'gateway stopping')}
    case 'pairing':
      return {pairing: {what: frame.what, deviceId: frame.deviceId, requestId: frame.requestId, at}}
    default:
      return {}
  }
}

export type ObserverTiming = SilenceTiming & {tokenMs: number; steadyMs: number; ringMs: number; overdueMs: number}

export type ObserverOptions = {
  url: string
  /** Of the certificate that it must show, where the config names one. */
  fingerprint?: string | null
  /** How the same gateway is asked over HTTP, and whose it is; by the address alone where nobody says. */
  gateway?: GatewayAddress
  /** The token as it is known now; it is asked for again before each try. */
  token: () => Promise<Secret | null>
  onChange: (observed: Observed) => void
  /** Our own version, for the gateway's log. */
  version: string
  /** The release that is probably there, until it says so itself. */
  release?: string | null
  timing?: Partial<ObserverTiming>
  random?: () => number
}

export type Observer = {
  close: () => void
  /** Something changed: the log tells of a start, a token was written, somebody asks for it. At most once a second. */
  retryNow: () => void
}

const usual: ObserverTiming = {
  pingMs: 2000,
  silentMs: 3500,
  helloMs: 20_000,
  giveUpMs: minuteMs,
  tokenMs: 2000,
  steadyMs: minuteMs,
  ringMs: 1000,
  overdueMs: 15_000,
}

const noToken = 'no token is known here; run gatecrab as the owner of the config, or set one by `gatecrab rotate`'

const isSocketUrl = (url: string): boolean => /^wss?:$/.test(URL.parse(url)?.protocol ?? '') && !url.includes('#')

const usualPorts: Readonly<Record<string, number>> = {'wss:': 443, 'ws:': 80}

const addressIn = (text: string, fingerprint: string | null): GatewayAddress => {
  const url = URL.parse(text)
  const protocol = url?.protocol ?? ''
  return {
    host: bareHost(url?.hostname ?? ''),
    port: Number(url?.port) || (usualPorts[protocol] ?? 0),
    tls: protocol === 'wss:' ? {certFile: null, fingerprint} : null,
  }
}

const isSame = (a: Secret, b: Secret | null): boolean => a.reveal() === b?.reveal()

const readToken = async (token: ObserverOptions['token']): Promise<Secret | null> => {
  try {
    const found = await token()
    return found === null || found.reveal().trim() === '' ? null : found
  } catch {
    return null
  }
}

const clearedFields = {hello: null, upSince: null, bootedAt: null, presence: null, ownPort: null} as const

/** What is known, and who is told. */
const createStatus = (tell: (observed: Observed) => void, isClosed: () => boolean) => {
  let observed = initialObserved(Date.now())
  return {
    now: (): Observed => observed,
    change: (more: Partial<Observed>): void => {
      if (isClosed()) return
      const isNew = more.state !== undefined && more.state !== observed.state
      observed = {...observed, ...more, since: isNew ? Date.now() : observed.since}
      tell(observed)
    },
  }
}

/** One connection to the gateway that only listens. It makes no request but the first, and there are never two of them. */
export const observe = (options: ObserverOptions): Observer => {
  const {url, fingerprint = null, version, random = Math.random} = options
  const timing = {...usual, ...options.timing}
  const address = URL.parse(url)?.host ?? 'its address'
  const gateway = {agent: `gatecrab/${version}`, ...(options.gateway ?? addressIn(url, fingerprint))}
  const sleeper = createSleeper(timing.ringMs)
  const {now, change} = createStatus(options.onChange, sleeper.isClosed)
  let release = options.release ?? null
  let vain = emptyTries

  /** A token that was refused is not tried again, unless somebody rings. */
  const tokenToTry = async (refused: Secret | null): Promise<Secret | null> => {
    for (let woken = 'time'; woken !== 'closed'; woken = await sleeper.pause(timing.tokenMs)) {
      const token = await readToken(options.token)
      if (token !== null && (!isSame(token, refused) || woken === 'rung')) return token
      if (token === null && now().because !== noToken) change({state: 'off', because: noToken, retryAt: null})
    }
    return null
  }

  const onFrame = (frame: Parameters<typeof changesFrom>[0]): void => {
    const news = changesFrom(frame, Date.now())
    if (frame.kind === 'hello') {
      release = frame.hello.version ?? release
      change({...news, state: 'up', because: 'it let us in', retryAt: null})
    } else if (Object.keys(news).length > 0) change(news)
  }
  const onSilent = (forMs: number): void => {
    const holds = now().upSince === null ? 'it takes connections' : 'it holds our connection'
    change({state: 'frozen', because: `${holds} and has said nothing for ${Math.round(forMs / 1000)} s: stopped or too busy`})
  }
  const onVoice = (): void =>
    now().upSince === null
      ? change({state: 'connecting', because: `connecting to ${address}`})
      : change({state: 'up', because: 'it answers again'})

  const outcomeOf = (
    {refusal, farewell, unproven}: ConnectionResult,
    end: CallEnd,
  ): {decision: RetryDecision; also: Partial<Observed>} => {
    const {upSince, lastEnd, tries} = now()
    const at = Date.now()
    if (unproven) return {decision: notProven(unproven), also: {tries: tries + 1}}
    if (upSince === null) return {decision: afterFailedConnect(end, {lastEnd, refusal, address, at}), also: {tries: tries + 1}}
    if (at - upSince >= timing.steadyMs) vain = emptyTries
    const {code, text} = end.kind === 'closed' ? end : {code: 1006, text: ''}
    const ended = {how: endOf(code, text, farewell), code, text: clean(text, 200), at}
    return {decision: afterConnection(ended, at - upSince), also: {lastEnd: ended}}
  }

  const tryOnce = async (token: Secret): Promise<ConnectionResult> => {
    const unproven = await mayBeAsked(gateway)
    const code = unproven ? 'NOT-PROVEN' : sleeper.isClosed() ? 'CLOSED' : null
    if (code !== null) return {end: {kind: 'failed', code}, refusal: null, farewell: null, unproven}
    const isFresh = ['off', 'refused'].includes(now().state)
    change({retryAt: null, ...(isFresh ? {state: 'connecting', because: `connecting to ${address}`} : {})})
    return connectOnce({
      ...{url, fingerprint, token, version, release, timing, onFrame, onSilent, onVoice},
      onPort: ownPort => change({ownPort}),
      prove: () => proveGateway(gateway, true),
      onStart: sleeper.onClose,
    })
  }

  /** Says what became of a try, and waits until the next. Tells whether the token is to be left alone. */
  const settle = async ({state, because, again, hintMs}: RetryDecision, also: Partial<Observed>): Promise<boolean> => {
    const isFinal = again === 'never'
    const ms = isFinal ? timing.ringMs : waitBefore(vain, again, hintMs, random)
    if (!isFinal) vain = oneMore(vain, again)
    change({...clearedFields, ...also, state, because, retryAt: isFinal ? null : Date.now() + ms})
    const woken = await sleeper.pause(ms)
    if (woken === 'rung') vain = emptyTries
    return isFinal && woken !== 'rung'
  }

  const run = async (): Promise<void> => {
    let refused: Secret | null = null
    for (let token = await tokenToTry(null); token !== null && !sleeper.isClosed(); token = await tokenToTry(refused)) {
      refused = null
      const found = await tryOnce(token)
      if (found.end.kind === 'renewed') continue
      const {decision, also} = outcomeOf(found, found.end)
      if (await settle(decision, also)) refused = token
    }
  }
  if (isSocketUrl(url)) void run()
  else change({state: 'refused', because: 'its address is none: it should begin with ws:// or wss://'})
  return {close: sleeper.close, retryNow: sleeper.wake}
}
