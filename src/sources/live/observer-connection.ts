import {setTimeout as pause} from 'node:timers/promises'
import type {ListenerVerdict} from '../../domain/live/listener.ts'
import type {Secret} from '../../domain/secret.ts'
import {type Frame, farewellOf, type ShutdownNotice} from '../../gateway/frames/frames.ts'
import {connectFrame} from '../../gateway/frames/hello.ts'
import type {Proof} from './gateway-proof.ts'
import {type CallEnd, type CallEvent, isLoopbackUrl, type ObserverCall, openCall} from './observer-call.ts'
import {type Silence, type SilenceTiming, watchSilence} from './observer-silence.ts'

type OverdueList = {onFrame: (frame: Frame) => void; stop: () => void}

const timeoutMs = 1500

/**
 * Releases up to 2026.7.35 do not send their list when a client comes, only a higher number of it. Asking for it would take a scope
 * that they do not grant, so the list is had by a new hello, which they write no line about.
 */
const overdueList = (minMs: number, renew: () => void): OverdueList => {
  const began = performance.now()
  let currentVersion: number | null = null
  let timer: NodeJS.Timeout | undefined

  const setVersion = (version: number | null): void => {
    currentVersion = version
    clearTimeout(timer)
    timer = undefined
  }
  const onVersion = (version: number | null): void => {
    if (currentVersion === null || version === null || version <= currentVersion || timer) return
    timer = setTimeout(renew, Math.max(timeoutMs, began + minMs - performance.now()))
    timer.unref()
  }
  return {
    onFrame: frame => {
      if (frame.kind === 'hello' && (frame.presence?.length ?? 0) > 0) setVersion(frame.presenceVersion)
      if (frame.kind === 'presence') setVersion(frame.presenceVersion)
      if (frame.kind === 'health') onVersion(frame.presenceVersion)
    },
    stop: () => clearTimeout(timer),
  }
}

export type ConnectionResult = {
  end: CallEnd | {kind: 'renewed'}
  /** Why the token was not sent: who listens has not shown that it is the gateway. */
  unproven: ListenerVerdict | null
  refusal: Extract<Frame, {kind: 'refusal'}> | null
  farewell: ShutdownNotice | null
}

type ConnectionOptions = {
  url: string
  fingerprint: string | null
  token: Secret
  /** Asked when the challenge has come, and before the token goes. */
  prove: () => Promise<Proof>
  version: string
  release: string | null
  timing: SilenceTiming & {overdueMs: number}
  onPort: (port: number | null) => void
  onFrame: (frame: Frame) => void
  onSilent: (forMs: number) => void
  onVoice: () => void
  /** Hands over the means to end it early. */
  onStart: (leave: () => void) => void
}

type ObserverConnection = ConnectionOptions & {
  call: ObserverCall
  silence: Silence
  overdue: OverdueList
  notices: Omit<ConnectionResult, 'end'>
}

/** A gateway that is busy is waited for: whoever leaves after the challenge leaves a line in its log. */
const maxTries = 10
const betweenMs = 300

const signIn = async ({call, notices, token, version, release, prove}: ObserverConnection): Promise<void> => {
  let {proven, verdict} = await prove()
  for (let tries = 1; verdict.is === 'not-ready' && tries < maxTries; tries += 1) {
    await pause(betweenMs)
    ;({proven, verdict} = await prove())
  }
  if (proven !== null) return call.signIn(proven, connectFrame({token, version, release, platform: process.platform}))
  notices.unproven = verdict
  call.hangUp('NOT-PROVEN')
}

const handleFrame = (connectOnce: ObserverConnection, frame: Frame): void => {
  const {silence, overdue, notices} = connectOnce
  if (frame.kind === 'challenge') void signIn(connectOnce)
  if (frame.kind === 'hello') silence.admitted()
  if (frame.kind === 'refusal') notices.refusal = frame
  if (frame.kind === 'shutdown') notices.farewell = farewellOf(frame)
  overdue.onFrame(frame)
  connectOnce.onFrame(frame)
}

const handleEvent = (connectOnce: ObserverConnection, news: CallEvent): void => {
  if (news.kind === 'accepted') {
    connectOnce.onPort(news.port)
    connectOnce.silence.accepted()
  }
  if (news.kind === 'opened') connectOnce.silence.opened()
  if (news.kind === 'alive' || news.kind === 'frame') connectOnce.silence.onActivity()
  if (news.kind === 'frame') handleFrame(connectOnce, news.frame)
}

const isEnd = (news: CallEvent): news is CallEnd => ['turned-down', 'failed', 'closed'].includes(news.kind)

/** One connection, from the knock to its end. */
export const connectOnce = (options: ConnectionOptions): Promise<ConnectionResult> =>
  new Promise(resolve => {
    const notices: ObserverConnection['notices'] = {refusal: null, farewell: null, unproven: null}
    const finish = (end: ConnectionResult['end']): void => {
      silence.stop()
      overdue.stop()
      resolve({end, ...notices})
    }
    const line = openCall(options, `gatecrab/${options.version}`, news => (isEnd(news) ? finish(news) : handleEvent(it, news)))
    const silence = watchSilence(options.timing, isLoopbackUrl(options.url), {
      ping: line.ping,
      onSilent: options.onSilent,
      onVoice: options.onVoice,
      onHopeless: line.hangUp,
    })
    const overdue = overdueList(options.timing.overdueMs, () => {
      line.hangUp()
      finish({kind: 'renewed'})
    })
    const it: ObserverConnection = {...options, call: line, silence, overdue, notices}
    options.onStart(() => line.hangUp('CLOSED'))
  })
