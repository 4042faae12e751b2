import {endingOf, layerOf, lookupReason, type ReasonCache} from '../reasons/reason.ts'
import type {Attempt} from './attempt.ts'
import type {ConnectionEvent, ConnectionFacts, ConnectionKind} from './event.ts'
import {addUnconfirmed, countHidden, countLoggedAnyway, type Suppression, takeUnconfirmedLike} from './suppression.ts'

/** What a line did to an attempt: made it, settled its fate, ended its visit. */
export type AttemptChange = {attempt: Attempt; isNew: boolean; settled: boolean; ended: boolean; also: readonly Attempt[]}

export type ResolutionContext = {suppression: Suppression; reasonCache: ReasonCache}

const close = (attempt: Attempt, {facts, durationMs}: ConnectionEvent, at: number): void => {
  attempt.endedAt = at
  attempt.closeCode = facts.code ?? attempt.closeCode
  attempt.closeReason = facts.text ?? attempt.closeReason
  if (durationMs !== null) attempt.at = Math.min(attempt.at, at - durationMs)
}

/** A socket that never got its hello: refused by the gateway, or gone by itself. */
const applyRefusal = (reasonCache: ReasonCache, attempt: Attempt, handshake: ConnectionFacts['handshake'] | null): void => {
  const found = lookupReason(reasonCache, {
    cause: attempt.cause,
    authReason: attempt.authReason,
    handshake: handshake ?? null,
    code: attempt.closeCode,
    text: attempt.closeReason,
    detail: attempt.detail,
  })
  attempt.outcome = found.left ? 'left' : 'refused'
  attempt.cause = found.cause
  attempt.authReason = found.authReason
  attempt.reason = found.reason
  attempt.detail = found.detail
  attempt.layer = found.layer
}

const applyEnding = (change: AttemptChange): void => {
  const {attempt} = change
  attempt.outcome = 'connected'
  attempt.reason = endingOf(attempt.closeCode, attempt.closeReason)
  attempt.layer = layerOf(attempt.reason)
  change.ended = true
}

type Handler = (change: AttemptChange, event: ConnectionEvent, at: number, context: ResolutionContext) => void

const admitted: Handler = change => {
  change.settled = change.attempt.outcome !== 'connected'
  change.attempt.outcome = 'connected'
}

const refused: Handler = ({attempt}, _event, _at, {suppression, reasonCache}) => {
  if (attempt.outcome !== 'pending') return
  applyRefusal(reasonCache, attempt, 'failed')
  addUnconfirmed(suppression, attempt)
}

const closedEarly: Handler = (change, event, at, {suppression, reasonCache}) => {
  const {attempt} = change
  const {facts} = event
  close(attempt, event, at)
  applyRefusal(reasonCache, attempt, facts.handshake)
  change.settled = true
  suppression.unconfirmed.delete(attempt)
  if (facts.suppressed === undefined || attempt.outcome !== 'refused') return
  const {count, pending: waitedFor} = takeUnconfirmedLike(suppression, attempt)
  change.also = waitedFor
  attempt.alsoHidden = countHidden(suppression, attempt, facts.suppressed, count)
}

const disconnected: Handler = (change, event, at) => {
  change.settled = change.attempt.outcome !== 'connected'
  close(change.attempt, event, at)
  applyEnding(change)
}

const closed: Handler = (change, event, at, {suppression, reasonCache}) => {
  const {attempt} = change
  const {facts} = event
  change.settled = attempt.outcome !== 'connected'
  suppression.unconfirmed.delete(attempt)
  close(attempt, event, at)
  if (facts.handshake === 'connected' || attempt.outcome === 'connected') return applyEnding(change)
  applyRefusal(reasonCache, attempt, facts.handshake)
  countLoggedAnyway(suppression, attempt)
}

const noChange: Handler = () => {}

const handlers: Readonly<Record<ConnectionKind, Handler>> = {
  opened: noChange,
  mentioned: noChange,
  admitted,
  refused,
  'closed-early': closedEarly,
  disconnected,
  closed,
}

const none: readonly Attempt[] = []

export const resolve = (context: ResolutionContext, attempt: Attempt, event: ConnectionEvent, at: number): AttemptChange => {
  const change: AttemptChange = {attempt, isNew: false, settled: false, ended: false, also: none}
  if (attempt.endedAt === null) handlers[event.kind](change, event, at, context)
  return change
}
