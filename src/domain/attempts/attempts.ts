import type {Verdicts} from '../reasons/verdicts.ts'
import {type Attempt, newAttempt} from './attempt.ts'
import {connectionKey, isMasked, isShort} from './connection-key.ts'
import type {ConnectionEvent, ConnectionFacts, Identity, LineRef, Told} from './event.ts'
import {type Change, settle} from './fate.ts'
import {forgetOldest} from './forget.ts'
import {addressBehind} from './forwarded.ts'
import {keyOpenAt, noneOpen, noteClosed, noteOpen, type OpenConnections, openWith} from './open-connections.ts'
import {noteOutright, type Outright, tellsAll, twinOf} from './outright.ts'
import {isPast, letGo, noPast, type Past} from './past.ts'
import {nothingWithheld, takeHalfToldBefore, type Withheld} from './withheld.ts'

export type {Change} from './fate.ts'

/**
 * The connections of a log, being put together. It is changed in place: a busy log has a million lines, and a copy for
 * each would cost more than reading them.
 */
export type Attempts = {
  open: OpenConnections
  /** The last that ended: the close line that --verbose adds comes right behind. */
  justOver: {key: number; attempt: Attempt} | null
  past: Past
  /** --verbose lines leave out the id of the line before. */
  lastNamed: number | null
  withheld: Withheld
  verdicts: Verdicts
  /** What was said of a connection before a line came that makes an attempt of it. */
  early: Map<number, ConnectionFacts>
  outright: Outright
  made: number
  /** `gateway.trustedProxies`, where the config is known to be that of the gateway that wrote the log. */
  trustedProxies: readonly string[]
}

export const noAttempts = (trustedProxies: readonly string[] = []): Attempts => ({
  open: noneOpen(),
  justOver: null,
  past: noPast(),
  lastNamed: null,
  withheld: nothingWithheld(),
  verdicts: new Map(),
  early: new Map(),
  outright: new Map(),
  made: 0,
  trustedProxies,
})

const mostEvidence = 8
const mostEarly = 256
const nobody: readonly Attempt[] = []

const recall = ({open, justOver}: Attempts, key: number): Attempt | undefined =>
  openWith(open, key) ?? (justOver?.key === key ? justOver.attempt : undefined)

const keyAtEndpoint = ({open, justOver}: Attempts, endpoint: string): number | undefined =>
  keyOpenAt(open, endpoint) ?? (justOver?.attempt.endpoint === endpoint ? justOver.key : undefined)

/** A connection that no line has named has a key that no id gives. */
const newKey = (attempts: Attempts): number => -1 - attempts.made

/** The connection that was named last, unless it is known to be at another endpoint. */
const isLastNamed = (attempts: Attempts, endpoint: string | null): attempts is Attempts & {lastNamed: number} => {
  const last = attempts.lastNamed === null ? undefined : recall(attempts, attempts.lastNamed)
  return last !== undefined && (endpoint === null || last.endpoint === null || last.endpoint === endpoint)
}

const keyOf = (attempts: Attempts, {kind, conn, endpoint}: ConnectionEvent): number => {
  if (conn !== null && !isMasked(conn)) return connectionKey(conn)
  if (kind === 'opened') return newKey(attempts)
  const there = endpoint === null ? undefined : keyAtEndpoint(attempts, endpoint)
  if (there !== undefined) return there
  if (conn !== null) return connectionKey(conn)
  return isLastNamed(attempts, endpoint) ? attempts.lastNamed : newKey(attempts)
}

const makesAttempt = ({kind, conn, endpoint}: ConnectionEvent): boolean => {
  if (kind === 'mentioned') return false
  return conn !== null || kind === 'opened' || (endpoint !== null && kind !== 'closed')
}

const begin = (attempts: Attempts, {conn, endpoint}: ConnectionEvent, at: number): Attempt => {
  attempts.made += 1
  return newAttempt(conn ?? `${endpoint ?? 'unnamed'}#${attempts.made}`, at)
}

/** Not changed in place: attempts that are alike share it. */
const knownBy = (before: Identity, said: Partial<Identity>): Identity => {
  const id = said.id ?? before.id
  const mode = said.mode ?? before.mode
  const version = said.version ?? before.version
  const platform = said.platform ?? before.platform
  const displayName = said.displayName ?? before.displayName
  const isNews =
    id !== before.id ||
    mode !== before.mode ||
    version !== before.version ||
    platform !== before.platform ||
    displayName !== before.displayName
  return isNews ? {id, mode, version, platform, displayName} : before
}

/** A later line must not erase what an earlier one said; why it ended was judged when it did. */
const learn = (attempt: Attempt, facts: ConnectionFacts, trustedProxies: readonly string[]): void => {
  if (facts.client) attempt.client = knownBy(attempt.client, facts.client)
  attempt.remote = facts.remote ?? attempt.remote
  attempt.forwardedFor = facts.forwardedFor ?? attempt.forwardedFor
  if (attempt.forwardedFor !== null) attempt.behindProxy = addressBehind(attempt.remote, attempt.forwardedFor, trustedProxies)
  attempt.origin = facts.origin ?? attempt.origin
  attempt.userAgent = facts.userAgent ?? attempt.userAgent
  attempt.user = facts.user ?? attempt.user
  if (attempt.endedAt !== null) return
  attempt.cause = facts.cause ?? attempt.cause
  attempt.authReason = facts.authReason ?? attempt.authReason
  attempt.detail = facts.detail ?? attempt.detail
}

const learnOwn = (attempt: Attempt, {conn, endpoint, deviceId, requestId}: ConnectionEvent): void => {
  if (conn !== null && !isShort(conn) && !isMasked(conn)) attempt.id = conn
  attempt.endpoint = endpoint ?? attempt.endpoint
  attempt.deviceId = deviceId ?? attempt.deviceId
  attempt.requestId = requestId ?? attempt.requestId
}

const keepEvidence = (attempt: Attempt, from: LineRef): void => {
  if (attempt.evidence.length === 0) attempt.evidence = [from]
  else if (attempt.evidence.length < mostEvidence) attempt.evidence.push(from)
}

const noteStillOpen = ({open, past}: Attempts, key: number, attempt: Attempt, endpoint: string | null): void => {
  const forgotten = noteOpen(open, key, attempt, endpoint)
  if (forgotten !== undefined) letGo(past, forgotten)
}

const noteOver = (attempts: Attempts, key: number, attempt: Attempt): void => {
  if (attempts.justOver?.attempt === attempt) return
  attempts.justOver = {key, attempt}
  letGo(attempts.past, key)
  noteClosed(attempts.open, key, attempt)
}

const noteEarly = ({early}: Attempts, key: number, {facts}: ConnectionEvent): null => {
  if (facts.detail === undefined) return null
  early.set(key, facts)
  forgetOldest(early, mostEarly)
  return null
}

/** There are hardly ever any. */
const isEarly = ({early}: Attempts, key: number): boolean => early.size > 0 && early.has(key)

const learnEarly = ({early, trustedProxies}: Attempts, key: number, attempt: Attempt): void => {
  const facts = early.size > 0 ? early.get(key) : undefined
  if (!facts) return
  early.delete(key)
  learn(attempt, facts, trustedProxies)
}

const hearMore = (attempts: Attempts, key: number, known: Attempt | undefined, line: Told, event: ConnectionEvent): Change => {
  const attempt = known ?? begin(attempts, event, line.at)
  if (!known) learnEarly(attempts, key, attempt)
  learnOwn(attempt, event)
  learn(attempt, event.facts, attempts.trustedProxies)
  keepEvidence(attempt, line.from)
  const change = settle(attempts, attempt, event, line.at)
  change.isNew = !known
  if (attempt.endedAt === null) noteStillOpen(attempts, key, attempt, event.endpoint)
  else noteOver(attempts, key, attempt)
  if (event.conn !== null && isMasked(event.conn)) letGo(attempts.past, connectionKey(event.conn))
  return change
}

/** Like one of which the same was told, and nothing else. */
const hearLike = (attempts: Attempts, key: number, attempt: Attempt): Change => {
  attempts.made += 1
  attempts.justOver = {key, attempt}
  letGo(attempts.past, key)
  return {attempt, isNew: true, settled: true, ended: false, also: nobody}
}

/** Nothing is kept of this connection, nor will be; false where that was so before. */
export const leaveOut = (attempts: Attempts, {conn}: ConnectionEvent): boolean => {
  if (conn === null || isMasked(conn)) return true
  const key = connectionKey(conn)
  if (isPast(attempts.past, key)) return false
  // The lines before may have named no endpoint, so that it was taken for one that counts.
  const taken = openWith(attempts.open, key)
  if (taken) {
    attempts.withheld.halfTold.delete(taken)
    noteClosed(attempts.open, key, taken)
  }
  letGo(attempts.past, key)
  return true
}

/** One line of a connection: what became of it. */
export const hearConnection = (attempts: Attempts, line: Told, event: ConnectionEvent): Change | null => {
  const key = keyOf(attempts, event)
  if (event.conn !== null && isShort(event.conn)) attempts.lastNamed = key
  const known = recall(attempts, key)
  if (!known && isPast(attempts.past, key)) return null
  if (!known && !makesAttempt(event)) return noteEarly(attempts, key, event)
  const isAll = !known && tellsAll(event) && !isEarly(attempts, key)
  const like = isAll ? attempts.outright.get(event.facts) : undefined
  if (like) return hearLike(attempts, key, twinOf(like, line, event))
  const change = hearMore(attempts, key, known, line, event)
  if (isAll) noteOutright(attempts.outright, event.facts, change.attempt)
  return change
}

/** Those whose close line must have been withheld, for nothing more came of them in a good while. */
export const settleHalfTold = (attempts: Attempts, before: number): Attempt[] => takeHalfToldBefore(attempts.withheld, before)
