import {type Attempt, addressOf} from '../../domain/attempts/attempt.ts'
import {type Client, clientStateOf} from '../../domain/attempts/client.ts'
import {nameOf, ownName} from '../../domain/attempts/client-name.ts'
import {lastMinutes} from '../../domain/attempts/minutes.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import {iso, isoOrNull} from '../moment-flags.ts'
import type {Args} from '../options.ts'
import {toJson} from './json.ts'
import {foldedForTerminal} from './word-wrap.ts'

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

/** Below the outcome, beside the time. */
const indent = ' '.repeat(26)

const attemptText = (attempt: Attempt): string => {
  const who = [
    ownName(attempt.client),
    attempt.client.id ?? (ownName(attempt.client) === null ? 'unnamed' : null),
    attempt.client.version,
  ]
    .filter(Boolean)
    .join(' ')
  const hidden = attempt.alsoHidden > 0 ? `  +${attempt.alsoHidden} hidden` : ''
  const what = attempt.detail ?? attempt.reason ?? ''
  return `${iso(attempt.at)}  ${attempt.outcome.padEnd(9)} ${String(attempt.closeCode ?? '').padEnd(4)} ${what.padEnd(26)} ${who.padEnd(26)} ${addressOf(attempt) ?? ''}${hidden}`
}

const clientText = (client: Client, now: number): string => {
  const counts = `${client.attempts} attempts, ${client.refused} refused${client.hidden > 0 ? `, ${client.hidden} hidden` : ''}`
  return `${iso(client.lastAt)}  ${clientStateOf(client, now).padEnd(8)} ${nameOf(client).padEnd(26)} ${(addressOf(client) ?? '').padEnd(16)} ${counts}  ${client.lastReason ?? ''}`
}

/** One line for a person or, with --json, for a script. */
export const attemptLine = (attempt: Attempt, args: Args): string =>
  args.flag('json') ? toJson(attemptJson(attempt)) : foldedForTerminal(attemptText(attempt).trimEnd(), indent)

export const clientLine = (client: Client, now: number, args: Args): string =>
  args.flag('json') ? toJson(clientJson(client, now)) : foldedForTerminal(clientText(client, now).trimEnd(), indent)
