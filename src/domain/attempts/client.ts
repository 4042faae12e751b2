import {networkOf} from '../address.ts'
import {hourMs, minuteMs} from '../durations.ts'
import {evictOldest} from '../evict-oldest.ts'
import {type Attempt, addressOf, isIn} from './attempt.ts'
import type {Identity, LineRef} from './event.ts'
import {countAt, createMinutes, type Minutes} from './minutes.ts'
import {pushRecentAttempt, type RecentAttempt, stormOf} from './storm.ts'

export type ClientState = 'in' | 'out' | 'storm' | 'back' | 'stuck' | 'unknown'

export type Tally = {
  reason: string
  detail: string | null
  code: number | null
  count: number
  hidden: number
  /** Counts toward the current problem: attempts since the last admission or the last pause of an hour. */
  run: {since: number; count: number}
  lastAt: number
  last: Attempt
  /** The lines of its latest attempts. */
  evidence: LineRef[]
}

/** All attempts with the same name from the same place, folded into one client. */
export type Client = {
  key: string
  identity: Identity
  remote: string | null
  /** What the header of its latest attempt that had one says. */
  forwardedFor: string | null
  behindProxy: string | null
  origin: string | null
  userAgent: string | null
  deviceId: string | null
  /** What its sender has to itself: see `networkOf`. */
  network: string
  attempts: number
  refused: number
  left: number
  connected: number
  hidden: number
  expected: number
  /** Of those that were refused. */
  refusedExpected: number
  firstAt: number
  lastAt: number
  lastReason: string | null
  lastCode: number | null
  admittedAt: number | null
  refusedAt: number | null
  /** Its open connections. */
  open: Set<Attempt>
  tallies: Map<string, Tally>
  /** The latest attempts, newest last, for detecting a storm. */
  recentAttempts: RecentAttempt[]
  minutes: Minutes
  stormSince: number | null
  last: Attempt
}

const maxMinutes = 90
const maxTallies = 100

export const createClient = (key: string, attempt: Attempt): Client => ({
  key,
  identity: attempt.client,
  remote: attempt.remote,
  forwardedFor: attempt.forwardedFor,
  behindProxy: attempt.behindProxy,
  origin: attempt.origin,
  userAgent: attempt.userAgent,
  deviceId: attempt.deviceId,
  network: networkOf(addressOf(attempt)),
  attempts: 0,
  refused: 0,
  left: 0,
  connected: 0,
  hidden: 0,
  expected: 0,
  refusedExpected: 0,
  firstAt: attempt.at,
  lastAt: attempt.at,
  lastReason: null,
  lastCode: null,
  admittedAt: null,
  refusedAt: null,
  open: new Set(),
  tallies: new Map(),
  recentAttempts: [],
  minutes: createMinutes(),
  stormSince: null,
  last: attempt,
})

const isNewRun = (client: Client, {lastAt}: Tally, attempt: Attempt): boolean =>
  (client.admittedAt ?? 0) > lastAt || attempt.at - lastAt > hourMs

const extendRun = (client: Client, existing: Tally, attempt: Attempt): void => {
  if (isNewRun(client, existing, attempt)) existing.run = {since: attempt.at, count: 0}
  existing.run.since = Math.min(existing.run.since, attempt.at)
  existing.run.count += 1 + attempt.alsoHidden
}

const addToTally = (client: Client, attempt: Attempt, maxEvidence: number): void => {
  const reason = attempt.reason ?? 'unknown'
  const key = attempt.detail ?? reason
  const existing = client.tallies.get(key)
  if (existing) {
    extendRun(client, existing, attempt)
    existing.count += 1
    existing.hidden += attempt.alsoHidden
    existing.lastAt = attempt.at
    existing.last = attempt
    if (maxEvidence > 0) for (const line of attempt.evidence) existing.evidence.push(line)
    if (existing.evidence.length > maxEvidence * 2) existing.evidence.splice(0, existing.evidence.length - maxEvidence)
  } else {
    client.tallies.set(key, {
      reason,
      detail: attempt.detail,
      code: attempt.closeCode,
      count: 1,
      hidden: attempt.alsoHidden,
      run: {since: attempt.at, count: 1 + attempt.alsoHidden},
      lastAt: attempt.at,
      last: attempt,
      evidence: [...attempt.evidence],
    })
    evictOldest(client.tallies, maxTallies)
  }
}

/** What a line leaves out, an earlier one may have said. */
const fillIdentity = (now: Identity, before: Identity): Identity =>
  now.version !== null && now.platform !== null && now.displayName !== null
    ? now
    : {
        ...now,
        version: now.version ?? before.version,
        platform: now.platform ?? before.platform,
        displayName: now.displayName ?? before.displayName,
      }

const recordLatest = (client: Client, attempt: Attempt, at: number): void => {
  if (at < client.lastAt) return
  client.lastAt = at
  client.last = attempt
  client.lastReason = attempt.reason
  client.lastCode = attempt.closeCode
  client.identity = fillIdentity(attempt.client, client.identity)
  client.userAgent = attempt.userAgent ?? client.userAgent
  client.forwardedFor = attempt.forwardedFor ?? client.forwardedFor
}

/** Probes that only check whether the port answers do not count towards a storm. */
const countsTowardsStorm = ({expected}: Attempt): boolean => expected !== 'probe' && expected !== 'ours'

/** Counts an attempt whose outcome is final. */
export const countSettled = (client: Client, attempt: Attempt, maxEvidence: number): void => {
  client.attempts += 1
  client.hidden += attempt.alsoHidden
  client.firstAt = Math.min(client.firstAt, attempt.at)
  if (attempt.expected) client.expected += 1
  countAt(client.minutes, attempt.at, 1 + attempt.alsoHidden, maxMinutes)
  if (countsTowardsStorm(attempt))
    pushRecentAttempt(client.recentAttempts, {at: attempt.at, failed: attempt.outcome !== 'connected'})
  recordLatest(client, attempt, attempt.at)
  if (attempt.outcome === 'connected') {
    client.connected += 1
    client.admittedAt = attempt.at
    if (isIn(attempt)) client.open.add(attempt)
    return
  }
  if (attempt.outcome === 'left') client.left += 1
  else {
    client.refused += 1
    client.refusedAt = attempt.at
    if (attempt.expected) client.refusedExpected += 1
  }
  addToTally(client, attempt, maxEvidence)
}

/** The end of a connection that had been admitted. */
export const recordEnded = (client: Client, attempt: Attempt): void => {
  client.open.delete(attempt)
  recordLatest(client, attempt, attempt.endedAt ?? attempt.at)
}

/** The gateway is gone, and every connection with it, though no line says so. */
export const closeAllConnections = (client: Client): Attempt[] => {
  const lost = Array.from(client.open)
  for (const attempt of lost) attempt.gone = true
  client.open.clear()
  return lost
}

/** It was not gone after all. */
export const reopenConnection = (client: Client, attempt: Attempt): void => {
  attempt.gone = false
  if (isIn(attempt)) client.open.add(attempt)
}

const recently = 10 * minuteMs

/** Only webchat says when it gets in; of the others, silence after a refusal proves nothing. */
const logsItsAdmission = (client: Client): boolean => client.identity.mode === 'webchat' || client.connected > 0

const isRefused = ({refusedAt, admittedAt}: Client): boolean => refusedAt !== null && (admittedAt ?? 0) <= refusedAt

/** Refused for something that was not to be expected, and not known to have got in since. */
export const isStuck = (client: Client, now: number): boolean =>
  client.open.size === 0 &&
  isRefused(client) &&
  client.refused !== client.refusedExpected &&
  (logsItsAdmission(client) || now - (client.refusedAt ?? 0) < recently)

export const clientStateOf = (client: Client, now: number): ClientState => {
  if (client.open.size > 0)
    return (client.refusedAt ?? 0) > 0 && (client.admittedAt ?? 0) >= (client.refusedAt ?? 0) ? 'back' : 'in'
  if (stormOf(client, now)) return 'storm'
  if (!isRefused(client)) return client.connected > 0 || client.left > 0 ? 'out' : 'unknown'
  if (client.refused === client.refusedExpected) return 'out'
  return isStuck(client, now) ? 'stuck' : 'unknown'
}
