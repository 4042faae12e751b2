import {evictOldest} from '../evict-oldest.ts'
import type {ReasonCache} from '../reasons/reason.ts'
import {type Attempt, createAttempt} from './attempt.ts'
import {cloneFor, connectionKey, isComplete, isMasked, isShort, rememberComplete, type SingleLineCache} from './connection-key.ts'
import type {ConnectionEvent, ConnectionFacts, Identity, LineRef, LogEvent} from './event.ts'
import {addressBehind} from './forwarded.ts'
import {
  addClosedId,
  addOpen,
  type ClosedIds,
  createClosedIds,
  createOpenConnections,
  findOpen,
  findOpenKeyAt,
  isClosed,
  type OpenConnections,
  removeOpen,
} from './open-connections.ts'
import {type AttemptChange, resolve} from './resolution.ts'
import {createSuppression, type Suppression, takeUnconfirmedBefore} from './suppression.ts'

export type {AttemptChange} from './resolution.ts'

/**
 * The connections of a log, being put together. It is changed in place: a busy log has a million lines, and a copy for
 * each would cost more than reading them.
 */
export type Attempts = {
  open: OpenConnections
  /** The last that ended: the close line that --verbose adds comes right behind. */
  lastClosed: {key: number; attempt: Attempt} | null
  closedIds: ClosedIds
  /** --verbose lines leave out the id of the line before. */
  lastNamed: number | null
  suppression: Suppression
  reasonCache: ReasonCache
  /** Facts of a connection from before the first line that creates an attempt. */
  earlyFacts: Map<number, ConnectionFacts>
  singleLineCache: SingleLineCache
  createdCount: number
  /** `gateway.trustedProxies`, if the config is the one of the gateway that wrote the log. */
  trustedProxies: readonly string[]
}

export const createAttempts = (trustedProxies: readonly string[] = []): Attempts => ({
  open: createOpenConnections(),
  lastClosed: null,
  closedIds: createClosedIds(),
  lastNamed: null,
  suppression: createSuppression(),
  reasonCache: new Map(),
  earlyFacts: new Map(),
  singleLineCache: new Map(),
  createdCount: 0,
  trustedProxies,
})

const maxEvidence = 8
const maxEarlyFacts = 256
const emptyAttempts: readonly Attempt[] = []

const findAttempt = ({open, lastClosed}: Attempts, key: number): Attempt | undefined =>
  findOpen(open, key) ?? (lastClosed?.key === key ? lastClosed.attempt : undefined)

const keyAtEndpoint = ({open, lastClosed}: Attempts, endpoint: string): number | undefined =>
  findOpenKeyAt(open, endpoint) ?? (lastClosed?.attempt.endpoint === endpoint ? lastClosed.key : undefined)

/** A connection that no line has named has a key that no id gives. */
const newKey = (attempts: Attempts): number => -1 - attempts.createdCount

/** The most recently named connection, unless it is at another endpoint. */
const isLastNamed = (attempts: Attempts, endpoint: string | null): attempts is Attempts & {lastNamed: number} => {
  const last = attempts.lastNamed === null ? undefined : findAttempt(attempts, attempts.lastNamed)
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

const startAttempt = (attempts: Attempts, {conn, endpoint}: ConnectionEvent, at: number): Attempt => {
  attempts.createdCount += 1
  return createAttempt(conn ?? `${endpoint ?? 'unnamed'}#${attempts.createdCount}`, at)
}

/** Not changed in place: attempts that are alike share it. */
const mergeIdentity = (before: Identity, more: Partial<Identity>): Identity => {
  const id = more.id ?? before.id
  const mode = more.mode ?? before.mode
  const version = more.version ?? before.version
  const platform = more.platform ?? before.platform
  const displayName = more.displayName ?? before.displayName
  const isNews =
    id !== before.id ||
    mode !== before.mode ||
    version !== before.version ||
    platform !== before.platform ||
    displayName !== before.displayName
  return isNews ? {id, mode, version, platform, displayName} : before
}

/** A later line must not overwrite earlier facts; the reason is decided when the attempt ends. */
const mergeFacts = (attempt: Attempt, facts: ConnectionFacts, trustedProxies: readonly string[]): void => {
  if (facts.client) attempt.client = mergeIdentity(attempt.client, facts.client)
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

const mergeIds = (attempt: Attempt, {conn, endpoint, deviceId, requestId}: ConnectionEvent): void => {
  if (conn !== null && !isShort(conn) && !isMasked(conn)) attempt.id = conn
  attempt.endpoint = endpoint ?? attempt.endpoint
  attempt.deviceId = deviceId ?? attempt.deviceId
  attempt.requestId = requestId ?? attempt.requestId
}

const addEvidence = (attempt: Attempt, from: LineRef): void => {
  if (attempt.evidence.length === 0) attempt.evidence = [from]
  else if (attempt.evidence.length < maxEvidence) attempt.evidence.push(from)
}

const recordOpen = ({open, closedIds}: Attempts, key: number, attempt: Attempt, endpoint: string | null): void => {
  const evicted = addOpen(open, key, attempt, endpoint)
  if (evicted !== undefined) addClosedId(closedIds, evicted)
}

const recordClosed = (attempts: Attempts, key: number, attempt: Attempt): void => {
  if (attempts.lastClosed?.attempt === attempt) return
  attempts.lastClosed = {key, attempt}
  addClosedId(attempts.closedIds, key)
  removeOpen(attempts.open, key, attempt)
}

const storeEarlyFacts = ({earlyFacts}: Attempts, key: number, {facts}: ConnectionEvent): null => {
  if (facts.detail === undefined) return null
  earlyFacts.set(key, facts)
  evictOldest(earlyFacts, maxEarlyFacts)
  return null
}

/** Almost always empty: skip the lookup. */
const hasEarlyFacts = ({earlyFacts}: Attempts, key: number): boolean => earlyFacts.size > 0 && earlyFacts.has(key)

const applyEarlyFacts = ({earlyFacts, trustedProxies}: Attempts, key: number, attempt: Attempt): void => {
  const facts = earlyFacts.size > 0 ? earlyFacts.get(key) : undefined
  if (!facts) return
  earlyFacts.delete(key)
  mergeFacts(attempt, facts, trustedProxies)
}

const updateAttempt = (
  attempts: Attempts,
  key: number,
  existing: Attempt | undefined,
  line: LogEvent,
  event: ConnectionEvent,
): AttemptChange => {
  const attempt = existing ?? startAttempt(attempts, event, line.at)
  if (!existing) applyEarlyFacts(attempts, key, attempt)
  mergeIds(attempt, event)
  mergeFacts(attempt, event.facts, attempts.trustedProxies)
  addEvidence(attempt, line.from)
  const change = resolve(attempts, attempt, event, line.at)
  change.isNew = !existing
  if (attempt.endedAt === null) recordOpen(attempts, key, attempt, event.endpoint)
  else recordClosed(attempts, key, attempt)
  if (event.conn !== null && isMasked(event.conn)) addClosedId(attempts.closedIds, connectionKey(event.conn))
  return change
}

/** Creates an attempt from a line that equals a cached one in everything but its values. */
const createFromTemplate = (attempts: Attempts, key: number, attempt: Attempt): AttemptChange => {
  attempts.createdCount += 1
  attempts.lastClosed = {key, attempt}
  addClosedId(attempts.closedIds, key)
  return {attempt, isNew: true, settled: true, ended: false, also: emptyAttempts}
}

/** Nothing is kept of this connection, nor will be; false where that was so before. */
export const leaveOut = (attempts: Attempts, {conn}: ConnectionEvent): boolean => {
  if (conn === null || isMasked(conn)) return true
  const key = connectionKey(conn)
  if (isClosed(attempts.closedIds, key)) return false
  // The lines before may have named no endpoint, so that it was taken for one that counts.
  const taken = findOpen(attempts.open, key)
  if (taken) {
    attempts.suppression.unconfirmed.delete(taken)
    removeOpen(attempts.open, key, taken)
  }
  addClosedId(attempts.closedIds, key)
  return true
}

/** Applies one log line to its connection. */
export const applyConnectionLine = (attempts: Attempts, line: LogEvent, event: ConnectionEvent): AttemptChange | null => {
  const key = keyOf(attempts, event)
  if (event.conn !== null && isShort(event.conn)) attempts.lastNamed = key
  const existing = findAttempt(attempts, key)
  if (!existing && isClosed(attempts.closedIds, key)) return null
  if (!existing && !makesAttempt(event)) return storeEarlyFacts(attempts, key, event)
  const isAll = !existing && isComplete(event) && !hasEarlyFacts(attempts, key)
  const template = isAll ? attempts.singleLineCache.get(event.facts) : undefined
  if (template) return createFromTemplate(attempts, key, cloneFor(template, line, event))
  const change = updateAttempt(attempts, key, existing, line, event)
  if (isAll) rememberComplete(attempts.singleLineCache, event.facts, change.attempt)
  return change
}

/** Those whose close line must have been withheld, for nothing more came of them in a good while. */
export const settleUnconfirmed = (attempts: Attempts, before: number): Attempt[] =>
  takeUnconfirmedBefore(attempts.suppression, before)
