import {type Attempt, addressOf, isIn} from './attempt.ts'
import type {Identity, LineRef} from './event.ts'
import {forgetOldest} from './forget.ts'

export type ClientState = 'in' | 'out' | 'storm' | 'back' | 'stuck' | 'unknown'

export type Tally = {
  reason: string
  detail: string | null
  code: number | null
  count: number
  hidden: number
  lastAt: number
  last: Attempt
  /** The lines of its latest attempts. */
  evidence: LineRef[]
}

type Knock = {at: number; failed: boolean}

/** Everybody who knocks with the same name from the same place, folded into one. */
export type Client = {
  key: string
  identity: Identity
  remote: string | null
  forwardedFor: string | null
  origin: string | null
  userAgent: string | null
  deviceId: string | null
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
  /** The last knocks, newest last, for the rhythm of a storm. */
  knocks: Knock[]
  minutes: Map<number, number>
  stormSince: number | null
  last: Attempt
}

export type Clients = Map<string, Client>

const mostKnocks = 40
const mostMinutes = 90
const mostTallies = 100
const minute = 60_000

/** The platform is no part of who a client is: not every line tells it. */
const keyOf = ({client, remote, forwardedFor, origin, deviceId}: Attempt): string =>
  `${client.id ?? ''}\0${client.mode ?? ''}\0${forwardedFor ?? remote ?? ''}\0${origin ?? ''}\0${deviceId ?? ''}`

const newClient = (key: string, attempt: Attempt): Client => ({
  key,
  identity: attempt.client,
  remote: attempt.remote,
  forwardedFor: attempt.forwardedFor,
  origin: attempt.origin,
  userAgent: attempt.userAgent,
  deviceId: attempt.deviceId,
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
  knocks: [],
  minutes: new Map(),
  stormSince: null,
  last: attempt,
})

/** The least recently seen one that is not in: strangers can choose their names, so there is no end to them. */
const makeRoom = (clients: Clients, most: number): void => {
  if (clients.size < most) return
  let oldest: Client | undefined
  for (const client of clients.values())
    if (client.open.size === 0 && client.lastAt < (oldest?.lastAt ?? Infinity)) oldest = client
  if (oldest) clients.delete(oldest.key)
}

const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b

/**
 * The line of a browser that gets in says neither origin nor device, those of its refusals do: where all that both say
 * agrees, it is the same browser. A page that is refused for its very origin is another.
 */
const isSameBrowser = (client: Client, attempt: Attempt): boolean =>
  client.identity.id === attempt.client.id &&
  client.identity.mode === 'webchat' &&
  addressOf(client) === addressOf(attempt) &&
  agree(client.origin, attempt.origin) &&
  agree(client.deviceId, attempt.deviceId) &&
  !client.tallies.has('origin-mismatch')

const sameBrowser = (clients: Clients, attempt: Attempt): Client | undefined => {
  if (attempt.client.mode !== 'webchat' || attempt.reason === 'origin-mismatch') return undefined
  let found: Client | undefined
  for (const client of clients.values())
    if (isSameBrowser(client, attempt) && client.lastAt >= (found?.lastAt ?? -Infinity)) found = client
  return found
}

/** More is known of a client than when it was first seen: it goes by that from now on. */
const knownBetter = (clients: Clients, client: Client, attempt: Attempt): Client => {
  client.origin ??= attempt.origin
  client.deviceId ??= attempt.deviceId
  clients.delete(client.key)
  client.key = keyOf({...attempt, origin: client.origin, deviceId: client.deviceId})
  clients.set(client.key, client)
  return client
}

/** Whose it is, if it is anybody's who is known. */
export const knownClientOf = (clients: Clients, attempt: Attempt): Client | undefined =>
  clients.get(keyOf(attempt)) ?? sameBrowser(clients, attempt)

export const clientOf = (clients: Clients, attempt: Attempt, most: number): Client => {
  const key = keyOf(attempt)
  const known = clients.get(key)
  if (known) return known
  const same = sameBrowser(clients, attempt)
  if (same) return knownBetter(clients, same, attempt)
  makeRoom(clients, most)
  const client = newClient(key, attempt)
  clients.set(key, client)
  return client
}

const tally = (client: Client, attempt: Attempt, mostEvidence: number): void => {
  const reason = attempt.reason ?? 'unknown'
  const key = attempt.detail ?? reason
  const known = client.tallies.get(key)
  if (known) {
    known.count += 1
    known.hidden += attempt.alsoHidden
    known.lastAt = attempt.at
    known.last = attempt
    if (mostEvidence > 0) for (const line of attempt.evidence) known.evidence.push(line)
    if (known.evidence.length > mostEvidence * 2) known.evidence.splice(0, known.evidence.length - mostEvidence)
  } else {
    client.tallies.set(key, {
      reason,
      detail: attempt.detail,
      code: attempt.closeCode,
      count: 1,
      hidden: attempt.alsoHidden,
      lastAt: attempt.at,
      last: attempt,
      evidence: [...attempt.evidence],
    })
    forgetOldest(client.tallies, mostTallies)
  }
}

const countMinute = (client: Client, at: number, count: number): void => {
  const index = Math.floor(at / minute)
  const before = client.minutes.get(index)
  client.minutes.set(index, (before ?? 0) + count)
  if (before === undefined) forgetOldest(client.minutes, mostMinutes)
}

/** What a line leaves out, an earlier one may have said. */
const knownOf = (now: Identity, before: Identity): Identity =>
  now.version !== null && now.platform !== null
    ? now
    : {...now, version: now.version ?? before.version, platform: now.platform ?? before.platform}

const noteLast = (client: Client, attempt: Attempt, at: number): void => {
  if (at < client.lastAt) return
  client.lastAt = at
  client.last = attempt
  client.lastReason = attempt.reason
  client.lastCode = attempt.closeCode
  client.identity = knownOf(attempt.client, client.identity)
  client.userAgent = attempt.userAgent ?? client.userAgent
}

/** An attempt whose fate is known. */
export const noteSettled = (client: Client, attempt: Attempt, mostEvidence: number): void => {
  client.attempts += 1
  client.hidden += attempt.alsoHidden
  client.firstAt = Math.min(client.firstAt, attempt.at)
  if (attempt.expected) client.expected += 1
  countMinute(client, attempt.at, 1 + attempt.alsoHidden)
  client.knocks.push({at: attempt.at, failed: attempt.outcome !== 'connected'})
  if (client.knocks.length > mostKnocks) client.knocks.shift()
  noteLast(client, attempt, attempt.at)
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
  tally(client, attempt, mostEvidence)
}

/** The end of a connection that had been admitted. */
export const noteEnded = (client: Client, attempt: Attempt): void => {
  client.open.delete(attempt)
  noteLast(client, attempt, attempt.endedAt ?? attempt.at)
}

/** The gateway is gone, and every connection with it, though no line says so. */
export const noteGone = (client: Client): Attempt[] => {
  const gone = Array.from(client.open)
  for (const attempt of gone) attempt.gone = true
  client.open.clear()
  return gone
}

/** It was not gone after all. */
export const noteStillIn = (client: Client, attempt: Attempt): void => {
  attempt.gone = false
  if (isIn(attempt)) client.open.add(attempt)
}

export type Storm = {periodMs: number; perSecond: number}

const middle = (sorted: Float64Array): number => sorted[sorted.length >> 1] ?? 0

const gapsOf = (knocks: readonly Knock[]): Float64Array => {
  const gaps = new Float64Array(knocks.length - 1)
  for (let i = 1; i < knocks.length; i += 1) gaps[i - 1] = (knocks[i]?.at ?? 0) - (knocks[i - 1]?.at ?? 0)
  return gaps.sort()
}

const nearlyAllFail = (knocks: readonly Knock[]): boolean => {
  let failed = 0
  for (const knock of knocks) if (knock.failed) failed += 1
  return failed >= knocks.length * 0.9
}

const shortestPause = 10_000

const afterPause = (knocks: readonly Knock[], pause: number): number =>
  knocks.findLastIndex(({at}, i) => at - (knocks[i - 1]?.at ?? at) > pause)

/** The knocks since the last pause: what was before it is another story. */
const lastRun = (knocks: readonly Knock[], now: number): readonly Knock[] => {
  const recent = knocks.filter(({at}) => now - at < 10 * minute)
  if (recent.length < 6) return []
  if (afterPause(recent, shortestPause) <= 0) return recent
  const begin = afterPause(recent, Math.max(shortestPause, middle(gapsOf(recent)) * 4))
  return begin <= 0 ? recent : recent.slice(begin)
}

/** A steady short period, and nearly all of it failing. */
export const stormOf = (client: Client, now: number): Storm | null => {
  const recent = lastRun(client.knocks, now)
  if (recent.length < 6 || !nearlyAllFail(recent)) return null
  const gaps = gapsOf(recent)
  const periodMs = Math.max(1, middle(gaps))
  const last = recent.at(-1)?.at ?? 0
  if (periodMs > minute || now - last > Math.max(periodMs * 4, 15_000)) return null
  const steady = gaps.findLastIndex(gap => gap <= periodMs * 3 + 1000) + 1
  return steady >= gaps.length * 0.8 ? {periodMs, perSecond: 1000 / periodMs} : null
}

const recently = 10 * minute

/** Only webchat says when it gets in; of the others, silence after a refusal proves nothing. */
const wouldBeSeen = (client: Client): boolean => client.identity.mode === 'webchat' || client.connected > 0

export const stateOf = (client: Client, now: number): ClientState => {
  if (client.open.size > 0)
    return (client.refusedAt ?? 0) > 0 && (client.admittedAt ?? 0) >= (client.refusedAt ?? 0) ? 'back' : 'in'
  if (stormOf(client, now)) return 'storm'
  if (client.refusedAt === null || (client.admittedAt ?? 0) > client.refusedAt)
    return client.connected > 0 || client.left > 0 ? 'out' : 'unknown'
  if (client.refused === client.refusedExpected) return 'out'
  return wouldBeSeen(client) || now - client.refusedAt < recently ? 'stuck' : 'unknown'
}

export const lastMinutes = (client: Client, now: number, count: number): number[] => {
  const last = Math.floor(now / minute)
  return Array.from({length: count}, (_, i) => client.minutes.get(last - count + 1 + i) ?? 0)
}
