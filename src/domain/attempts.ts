import {type Attempt, newAttempt} from './attempt.ts'
import type {ConnectionEvent, ConnectionFacts, LineRef, LogLine} from './event.ts'
import {endingOf, type Found, layerOf, reasonOf, type Seen} from './reason.ts'

/**
 * The connections of a log, being put together. It is changed in place: a busy log has a million lines, and a copy for
 * each would cost more than reading them.
 */
export type Attempts = {
  /** By the short form of the connection's id, which every line has that has one at all. */
  known: Map<string, Attempt>
  byEndpoint: Map<string, Attempt>
  /** Ids that were let go of, so that a line met twice does not count twice. */
  past: Set<string>
  /** --verbose lines leave out the id of the line before. */
  lastNamed: string | null
  /** Refusals seen one by one that a later `suppressed=` counts again. */
  seenAnyway: Map<string, number>
  /** Refused by an `unauthorized` line whose close line has not come; the gateway may have withheld it. */
  halfTold: Set<Attempt>
  /** What the reason table said of the same words before. */
  judged: Map<string, Found>
  made: number
}

export const noAttempts = (): Attempts => ({
  known: new Map(),
  byEndpoint: new Map(),
  past: new Set(),
  lastNamed: null,
  seenAnyway: new Map(),
  halfTold: new Set(),
  judged: new Map(),
  made: 0,
})

/** What a line did to an attempt: made it, settled its fate, ended its visit. */
export type Change = {attempt: Attempt; isNew: boolean; settled: boolean; ended: boolean; also: readonly Attempt[]}

const mostKnown = 4096
const mostPast = 500_000
const mostOpen = 2048
const mostJudged = 512

export const shortId = (conn: string): string => (conn.length > 13 ? `${conn.slice(0, 8)}…${conn.slice(-4)}` : conn)

const forgetOldest = <T>(set: {size: number; keys(): IterableIterator<T>; delete(key: T): boolean}, most: number): T | undefined => {
  if (set.size <= most) return undefined
  const [oldest] = set.keys()
  if (oldest !== undefined) set.delete(oldest)
  return oldest
}

const remember = (attempts: Attempts, key: string, attempt: Attempt): void => {
  attempts.known.set(key, attempt)
  const oldest = forgetOldest(attempts.known, mostKnown)
  if (oldest === undefined) return
  attempts.past.add(oldest)
  forgetOldest(attempts.past, mostPast)
}

const makesAttempt = (event: ConnectionEvent): boolean => event.kind !== 'mentioned' && !(event.kind === 'closed' && event.conn === null)

const begin = (attempts: Attempts, event: ConnectionEvent, at: number): Attempt => {
  attempts.made += 1
  const attempt = newAttempt(event.conn ?? `${event.endpoint ?? 'unnamed'}#${attempts.made}`, at)
  remember(attempts, shortId(attempt.id), attempt)
  return attempt
}

const unnamed = (attempts: Attempts, {kind, endpoint}: ConnectionEvent): Attempt | undefined => {
  const at = endpoint === null ? undefined : attempts.byEndpoint.get(endpoint)
  if (at || kind === 'opened') return at
  return attempts.lastNamed === null ? undefined : attempts.known.get(attempts.lastNamed)
}

const find = (attempts: Attempts, event: ConnectionEvent, at: number): Attempt | undefined => {
  if (event.conn === null) return unnamed(attempts, event) ?? (event.endpoint && makesAttempt(event) ? begin(attempts, event, at) : undefined)
  const key = shortId(event.conn)
  if (event.conn.includes('…')) attempts.lastNamed = key
  const found = attempts.known.get(key)
  if (found || attempts.past.has(key) || !makesAttempt(event)) return found
  return begin(attempts, event, at)
}

const learn = (attempt: Attempt, conn: string | null, endpoint: string | null, facts: ConnectionFacts): void => {
  if (conn !== null && !conn.includes('…')) attempt.id = conn
  attempt.endpoint = endpoint ?? attempt.endpoint
  Object.assign(attempt.client, facts.client)
  attempt.remote = facts.remote ?? attempt.remote
  attempt.forwardedFor = facts.forwardedFor ?? attempt.forwardedFor
  attempt.origin = facts.origin ?? attempt.origin
  attempt.userAgent = facts.userAgent ?? attempt.userAgent
  attempt.deviceId = facts.deviceId ?? attempt.deviceId
  attempt.requestId = facts.requestId ?? attempt.requestId
  attempt.cause = facts.cause ?? attempt.cause
  attempt.authReason = facts.authReason ?? attempt.authReason
  attempt.detail = facts.detail ?? attempt.detail
}

const close = (attempt: Attempt, facts: ConnectionFacts, at: number): void => {
  attempt.endedAt = at
  attempt.closeCode = facts.code ?? attempt.closeCode
  attempt.closeReason = facts.text ?? attempt.closeReason
  if (facts.durationMs !== undefined) attempt.at = Math.min(attempt.at, at - facts.durationMs)
}

const judge = (attempts: Attempts, seen: Seen): Found => {
  const key = Object.values(seen).join('\u0000')
  const known = attempts.judged.get(key)
  if (known) return known
  const found = reasonOf(seen)
  attempts.judged.set(key, found)
  forgetOldest(attempts.judged, mostJudged)
  return found
}

/** A socket that never got its hello: turned away by the gateway, or gone by itself. */
const turnedAway = (attempts: Attempts, attempt: Attempt, facts: ConnectionFacts): void => {
  const found = judge(attempts, {
    cause: attempt.cause,
    authReason: attempt.authReason,
    handshake: facts.handshake ?? null,
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

const endOfVisit = (attempt: Attempt): void => {
  attempt.outcome = 'connected'
  attempt.reason = endingOf(attempt.closeCode, attempt.closeReason)
  attempt.layer = layerOf(attempt.reason)
}

const refusalKey = (attempt: Attempt): string => `${attempt.remote ?? ''} ${attempt.closeReason ?? ''}`

const isAlike = (a: Attempt, b: Attempt): boolean => a.remote === b.remote && a.authReason === b.authReason && a.client.id === b.client.id

const halfToldLike = (attempts: Attempts, attempt: Attempt): Attempt[] => {
  const alike = Array.from(attempts.halfTold).filter(other => isAlike(other, attempt))
  for (const other of alike) attempts.halfTold.delete(other)
  return alike
}

/** `suppressed=N` counts the attempts since the last of their kind, those too that another line told of after all. */
const hiddenBy = (attempts: Attempts, attempt: Attempt, suppressed: number, halfTold: number): number => {
  const key = refusalKey(attempt)
  const seen = attempts.seenAnyway.get(key) ?? 0
  attempts.seenAnyway.delete(key)
  return Math.max(0, suppressed - seen - halfTold)
}

const noteSeenAnyway = (attempts: Attempts, attempt: Attempt): void => {
  const key = refusalKey(attempt)
  attempts.seenAnyway.set(key, (attempts.seenAnyway.get(key) ?? 0) + 1)
  forgetOldest(attempts.seenAnyway, 256)
}

const settle = (attempts: Attempts, attempt: Attempt, event: ConnectionEvent, at: number): Change => {
  const change: Change = {attempt, isNew: false, settled: false, ended: false, also: []}
  const wasOver = attempt.endedAt !== null
  switch (event.kind) {
    case 'admitted':
      change.settled = attempt.outcome !== 'connected'
      attempt.outcome = 'connected'
      break
    case 'refused':
      if (attempt.outcome !== 'pending') break
      turnedAway(attempts, attempt, {...event.facts, handshake: 'failed'})
      attempts.halfTold.add(attempt)
      forgetOldest(attempts.halfTold, mostOpen)
      break
    case 'closed-early':
      if (wasOver) break
      close(attempt, event.facts, at)
      turnedAway(attempts, attempt, event.facts)
      change.settled = true
      attempts.halfTold.delete(attempt)
      if (event.facts.suppressed !== undefined) {
        change.also = halfToldLike(attempts, attempt)
        attempt.alsoHidden = hiddenBy(attempts, attempt, event.facts.suppressed, change.also.length)
      }
      break
    case 'disconnected':
      if (wasOver) break
      change.settled = attempt.outcome !== 'connected'
      close(attempt, event.facts, at)
      endOfVisit(attempt)
      change.ended = true
      break
    case 'closed':
      if (wasOver) break
      change.settled = attempt.outcome !== 'connected'
      attempts.halfTold.delete(attempt)
      close(attempt, event.facts, at)
      if (event.facts.handshake === 'connected' || attempt.outcome === 'connected') {
        endOfVisit(attempt)
        change.ended = true
      } else {
        turnedAway(attempts, attempt, event.facts)
        noteSeenAnyway(attempts, attempt)
      }
      break
    case 'opened':
    case 'mentioned':
      break
  }
  return change
}

const keepEvidence = (attempt: Attempt, from: LineRef): void => {
  if (attempt.evidence.length < 8) attempt.evidence.push(from)
}

/** One line of a connection: what became of it. */
export const hearConnection = (attempts: Attempts, line: LogLine, event: ConnectionEvent): Change | null => {
  const before = attempts.made
  const attempt = event.kind === 'opened' && event.conn === null ? begin(attempts, event, line.at) : find(attempts, event, line.at)
  if (!attempt) return null
  learn(attempt, event.conn, event.endpoint, event.facts)
  if (event.endpoint !== null && attempt.endedAt === null) {
    attempts.byEndpoint.set(event.endpoint, attempt)
    forgetOldest(attempts.byEndpoint, mostOpen)
  }
  keepEvidence(attempt, line.from)
  const change = settle(attempts, attempt, event, line.at)
  if (attempt.endedAt !== null && attempt.endpoint !== null && event.kind === 'closed') attempts.byEndpoint.delete(attempt.endpoint)
  change.isNew = attempts.made > before
  return change
}

/** Those whose close line must have been withheld, for nothing more came of them in a good while. */
export const settleHalfTold = (attempts: Attempts, before: number): Attempt[] => {
  const stale = Array.from(attempts.halfTold).filter(({at}) => at < before)
  for (const attempt of stale) attempts.halfTold.delete(attempt)
  return stale
}
