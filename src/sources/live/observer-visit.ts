import {setTimeout as pause} from 'node:timers/promises'
import type {ListenerVerdict} from '../../domain/live/listener.ts'
import type {Secret} from '../../domain/secret.ts'
import type {Frame} from '../../gateway/frames/frames.ts'
import {type Farewell, farewellOf} from '../../gateway/frames/frames-close.ts'
import {connectFrame} from '../../gateway/frames/frames-connect.ts'
import type {Proof} from './gateway-proof.ts'
import {type Call, type CallEnd, type CallNews, call, isLoopbackUrl} from './observer-call.ts'
import {type Overdue, overdueList} from './observer-overdue.ts'
import {type Silence, type SilenceTiming, watchSilence} from './observer-silence.ts'

export type VisitEnd = {
  end: CallEnd | {kind: 'renewed'}
  /** Why the token was not sent: who listens has not shown that it is the gateway. */
  unproven: ListenerVerdict | null
  refusal: Extract<Frame, {kind: 'refusal'}> | null
  farewell: Farewell | null
}

export type VisitOptions = {
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

type Visit = VisitOptions & {call: Call; silence: Silence; overdue: Overdue; told: Omit<VisitEnd, 'end'>}

/** A gateway that is busy is waited for: whoever leaves after the challenge leaves a line in its log. */
const maxTries = 10
const betweenMs = 300

const signIn = async ({call, told, token, version, release, prove}: Visit): Promise<void> => {
  let {proven, verdict} = await prove()
  for (let tries = 1; verdict.is === 'not-ready' && tries < maxTries; tries += 1) {
    await pause(betweenMs)
    ;({proven, verdict} = await prove())
  }
  if (proven !== null) return call.signIn(proven, connectFrame({token, version, release, platform: process.platform}))
  told.unproven = verdict
  call.hangUp('NOT-PROVEN')
}

const hear = (visit: Visit, frame: Frame): void => {
  const {silence, overdue, told} = visit
  if (frame.kind === 'challenge') void signIn(visit)
  if (frame.kind === 'hello') silence.letIn()
  if (frame.kind === 'refusal') told.refusal = frame
  if (frame.kind === 'shutdown') told.farewell = farewellOf(frame)
  overdue.heard(frame)
  visit.onFrame(frame)
}

const take = (visit: Visit, news: CallNews): void => {
  if (news.kind === 'accepted') {
    visit.onPort(news.port)
    visit.silence.accepted()
  }
  if (news.kind === 'opened') visit.silence.opened()
  if (news.kind === 'alive' || news.kind === 'frame') visit.silence.heard()
  if (news.kind === 'frame') hear(visit, news.frame)
}

const isEnd = (news: CallNews): news is CallEnd => ['turned-down', 'failed', 'closed'].includes(news.kind)

/** One connection, from the knock to its end. */
export const visit = (options: VisitOptions): Promise<VisitEnd> =>
  new Promise(resolve => {
    const told: Visit['told'] = {refusal: null, farewell: null, unproven: null}
    const finish = (end: VisitEnd['end']): void => {
      silence.stop()
      overdue.stop()
      resolve({end, ...told})
    }
    const line = call(options, `gatecrab/${options.version}`, news => (isEnd(news) ? finish(news) : take(it, news)))
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
    const it: Visit = {...options, call: line, silence, overdue, told}
    options.onStart(() => line.hangUp('CLOSED'))
  })
