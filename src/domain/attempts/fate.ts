import {endingOf, layerOf} from '../reasons/reason.ts'
import {judge, type Verdicts} from '../reasons/verdicts.ts'
import type {Attempt} from './attempt.ts'
import type {ConnectionEvent, ConnectionFacts, ConnectionKind} from './event.ts'
import {hiddenBy, noteHalfTold, noteSeenAnyway, takeHalfToldLike, type Withheld} from './withheld.ts'

/** What a line did to an attempt: made it, settled its fate, ended its visit. */
export type Change = {attempt: Attempt; isNew: boolean; settled: boolean; ended: boolean; also: readonly Attempt[]}

export type Known = {withheld: Withheld; verdicts: Verdicts}

const close = (attempt: Attempt, {facts, durationMs}: ConnectionEvent, at: number): void => {
  attempt.endedAt = at
  attempt.closeCode = facts.code ?? attempt.closeCode
  attempt.closeReason = facts.text ?? attempt.closeReason
  if (durationMs !== null) attempt.at = Math.min(attempt.at, at - durationMs)
}

/** A socket that never got its hello: turned away by the gateway, or gone by itself. */
const turnedAway = (verdicts: Verdicts, attempt: Attempt, handshake: ConnectionFacts['handshake'] | null): void => {
  const found = judge(verdicts, {
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

const endOfVisit = (change: Change): void => {
  const {attempt} = change
  attempt.outcome = 'connected'
  attempt.reason = endingOf(attempt.closeCode, attempt.closeReason)
  attempt.layer = layerOf(attempt.reason)
  change.ended = true
}

type Teller = (change: Change, event: ConnectionEvent, at: number, known: Known) => void

const admitted: Teller = change => {
  change.settled = change.attempt.outcome !== 'connected'
  change.attempt.outcome = 'connected'
}

const refused: Teller = ({attempt}, _event, _at, {withheld, verdicts}) => {
  if (attempt.outcome !== 'pending') return
  turnedAway(verdicts, attempt, 'failed')
  noteHalfTold(withheld, attempt)
}

const closedEarly: Teller = (change, event, at, {withheld, verdicts}) => {
  const {attempt} = change
  const {facts} = event
  close(attempt, event, at)
  turnedAway(verdicts, attempt, facts.handshake)
  change.settled = true
  withheld.halfTold.delete(attempt)
  if (facts.suppressed === undefined || attempt.outcome !== 'refused') return
  const {count, waitedFor} = takeHalfToldLike(withheld, attempt)
  change.also = waitedFor
  attempt.alsoHidden = hiddenBy(withheld, attempt, facts.suppressed, count)
}

const disconnected: Teller = (change, event, at) => {
  change.settled = change.attempt.outcome !== 'connected'
  close(change.attempt, event, at)
  endOfVisit(change)
}

const closed: Teller = (change, event, at, {withheld, verdicts}) => {
  const {attempt} = change
  const {facts} = event
  change.settled = attempt.outcome !== 'connected'
  withheld.halfTold.delete(attempt)
  close(attempt, event, at)
  if (facts.handshake === 'connected' || attempt.outcome === 'connected') return endOfVisit(change)
  turnedAway(verdicts, attempt, facts.handshake)
  noteSeenAnyway(withheld, attempt)
}

const nothingNew: Teller = () => {}

const tellers: Readonly<Record<ConnectionKind, Teller>> = {
  opened: nothingNew,
  mentioned: nothingNew,
  admitted,
  refused,
  'closed-early': closedEarly,
  disconnected,
  closed,
}

const none: readonly Attempt[] = []

export const settle = (known: Known, attempt: Attempt, event: ConnectionEvent, at: number): Change => {
  const change: Change = {attempt, isNew: false, settled: false, ended: false, also: none}
  if (attempt.endedAt === null) tellers[event.kind](change, event, at, known)
  return change
}
