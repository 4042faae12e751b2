import {type GatewayLife, isUnsettled} from '../gateway-lifecycle.ts'
import type {Attempt, Expected} from './attempt.ts'

const restartCodes = [1001, 1006, 1012, 1013]

/** A user agent is a claim: it is believed of what is otherwise as our observer is, as far as the log tells. */
export const isLikeOurs = ({userAgent, client, origin, deviceId}: Attempt): boolean => {
  if (!userAgent?.startsWith('gatecrab/') || origin !== null || deviceId !== null) return false
  if (client.id === null && client.mode === null) return true
  const isOurVersion = client.version === null || userAgent === `gatecrab/${client.version}`
  return client.id === 'cli' && client.mode === 'cli' && isOurVersion
}

const maxRefusals = 3
const refusedWithinMs = 600_000

/** Our observer stops at a refusal, until the token or the gateway is another one. */
const isRepeatedRefusal = ({at, outcome}: Attempt, recent: readonly Attempt[]): boolean => {
  if (outcome !== 'refused') return false
  let refusals = 0
  for (let i = recent.length - 1; i >= 0 && refusals < maxRefusals; i -= 1) {
    const before = recent[i]
    if (before === undefined || before.at < at - refusedWithinMs) break
    if (before.outcome === 'refused' && before.closeCode !== 1013 && isLikeOurs(before)) refusals += 1
  }
  return refusals >= maxRefusals
}

const isOurs = (attempt: Attempt, recent: readonly Attempt[]): boolean =>
  isLikeOurs(attempt) && !isRepeatedRefusal(attempt, recent)

/** It said nothing, had no name and went away: a port check, a load balancer, a monitor. */
const isProbe = (attempt: Attempt): boolean =>
  attempt.reason === 'left-before-connect' &&
  attempt.detail === null &&
  attempt.client.id === null &&
  attempt.origin === null &&
  attempt.closeCode !== 1012

/** OpenClaw's own commands look in this way, without a token, whether a gateway answers; `gateway restart` does when it is done. */
const isOpenclawProbe = ({client, reason, forwardedFor, origin}: Attempt): boolean =>
  client.id === 'cli' && client.mode === 'probe' && reason === 'device-required' && forwardedFor === null && origin === null

const isRestart = (attempt: Attempt, life: GatewayLife): boolean =>
  attempt.closeCode === 1012 ||
  (isUnsettled(life, attempt.endedAt ?? attempt.at) && restartCodes.includes(attempt.closeCode ?? 0))

/** Causes of a gateway that goes about closing, and comes back by itself. */
const closing: readonly (string | null)[] = ['gateway-restarting', 'gateway-suspending']

/** Why a failure is expected, or null; re-evaluated after the latest attempts. */
export const expectedOf = (attempt: Attempt, life: GatewayLife, recent: readonly Attempt[]): Expected | null => {
  if (isOurs(attempt, recent)) return 'ours'
  if (attempt.outcome === 'connected') return null
  if (closing.includes(attempt.cause) || closing.includes(attempt.reason)) return 'restart'
  if (attempt.closeCode === 1013) return 'start-up'
  if (isRestart(attempt, life)) return 'restart'
  return isProbe(attempt) || isOpenclawProbe(attempt) ? 'probe' : null
}
