import type {Attempt} from './attempt.ts'
import type {ConnectionFacts, ConnectionKind} from './event.ts'
import {endingOf, layerOf} from './reason.ts'
import {judge, type Verdicts} from './verdicts.ts'
import {hiddenBy, noteHalfTold, noteSeenAnyway, takeHalfToldLike, type Withheld} from './withheld.ts'

/** What a line did to an attempt: made it, settled its fate, ended its visit. */
export type Change = {attempt: Attempt; isNew: boolean; settled: boolean; ended: boolean; also: readonly Attempt[]}

export type Known = {withheld: Withheld; verdicts: Verdicts}

const close = (attempt: Attempt, facts: ConnectionFacts, at: number): void => {
  attempt.endedAt = at
  attempt.closeCode = facts.code ?? attempt.closeCode
  attempt.closeReason = facts.text ?? attempt.closeReason
  if (facts.durationMs !== undefined) attempt.at = Math.min(attempt.at, at - facts.durationMs)
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

type Teller = (change: Change, facts: ConnectionFacts, at: number, known: Known) => void

const admitted: Teller = change => {
  change.settled = change.attempt.outcome !== 'connected'
  change.attempt.outcome = 'connected'
}

const refused: Teller = ({attempt}, _facts, _at, {withheld, verdicts}) => {
  if (attempt.outcome !== 'pending') return
  turnedAway(verdicts, attempt, 'failed')
  noteHalfTold(withheld, attempt)
}

const closedEarly: Teller = (change, facts, at, {withheld, verdicts}) => {
  const {attempt} = change
  close(attempt, facts, at)
  turnedAway(verdicts, attempt, facts.handshake)
  change.settled = true
  withheld.halfTold.delete(attempt)
  if (facts.suppressed === undefined || attempt.outcome !== 'refused') return
  change.also = takeHalfToldLike(withheld, attempt)
  attempt.alsoHidden = hiddenBy(withheld, attempt, facts.suppressed, change.also.length)
}

const disconnected: Teller = (change, facts, at) => {
  change.settled = change.attempt.outcome !== 'connected'
  close(change.attempt, facts, at)
  endOfVisit(change)
}

const closed: Teller = (change, facts, at, {withheld, verdicts}) => {
  const {attempt} = change
  change.settled = attempt.outcome !== 'connected'
  withheld.halfTold.delete(attempt)
  close(attempt, facts, at)
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

export const settle = (known: Known, attempt: Attempt, kind: ConnectionKind, facts: ConnectionFacts, at: number): Change => {
  const change: Change = {attempt, isNew: false, settled: false, ended: false, also: none}
  if (attempt.endedAt === null) tellers[kind](change, facts, at, known)
  return change
}
