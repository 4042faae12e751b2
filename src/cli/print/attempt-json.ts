import {type Attempt, addressOf} from '../../domain/attempts/attempt.ts'
import {type Client, clientStateOf} from '../../domain/attempts/client.ts'
import {lastMinutes} from '../../domain/attempts/minutes.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import {iso, isoOrNull} from '../moment-flags.ts'

/** The printed forms of the contract: fields may be added here, never renamed. */
export const attemptJson = (attempt: Attempt): object => ({
  id: attempt.id,
  at: iso(attempt.at),
  endedAt: isoOrNull(attempt.endedAt),
  outcome: attempt.outcome,
  closeCode: attempt.closeCode,
  closeReason: attempt.closeReason,
  cause: attempt.cause,
  authReason: attempt.authReason,
  reason: attempt.reason,
  detail: attempt.detail,
  layer: attempt.layer,
  client: attempt.client,
  remote: attempt.remote,
  forwardedFor: attempt.forwardedFor,
  address: addressOf(attempt),
  origin: attempt.origin,
  userAgent: attempt.userAgent,
  user: attempt.user,
  endpoint: attempt.endpoint,
  deviceId: attempt.deviceId,
  requestId: attempt.requestId,
  alsoHidden: attempt.alsoHidden,
  expected: attempt.expected,
  evidence: attempt.evidence,
})

export const clientJson = (client: Client, now: number): object => ({
  ...client.identity,
  remote: client.remote,
  forwardedFor: client.forwardedFor,
  address: addressOf(client),
  origin: client.origin,
  userAgent: client.userAgent,
  deviceId: client.deviceId,
  attempts: client.attempts,
  refused: client.refused,
  left: client.left,
  connected: client.connected,
  hidden: client.hidden,
  expected: client.expected,
  firstAt: iso(client.firstAt),
  lastAt: iso(client.lastAt),
  lastReason: client.lastReason,
  lastCode: client.lastCode,
  perMinute: lastMinutes(client.minutes, now, 10),
  state: clientStateOf(client, now),
  periodMs: Math.round(stormOf(client, now)?.periodMs ?? 0) || null,
  reasons: Array.from(client.tallies.values(), ({reason, detail, code, count, hidden, run, lastAt}) => ({
    reason,
    detail,
    code,
    count,
    hidden,
    since: iso(run.since),
    lastAt: iso(lastAt),
  })),
})
