import type {Attempt, Expected} from './attempt.ts'
import {type GatewayLife, isUnsettled} from './gateway-life.ts'

const restartCodes = [1001, 1006, 1012, 1013]

const isOurs = ({userAgent}: Attempt): boolean => userAgent?.startsWith('gatecrab/') ?? false

/** It said nothing, had no name and went away: a port check, a load balancer, a monitor. */
const isProbe = (attempt: Attempt): boolean =>
  attempt.reason === 'left-before-connect' &&
  attempt.detail === null &&
  attempt.client.id === null &&
  attempt.origin === null &&
  attempt.closeCode !== 1012

const isRestart = (attempt: Attempt, life: GatewayLife): boolean =>
  attempt.closeCode === 1012 ||
  (isUnsettled(life, attempt.endedAt ?? attempt.at) && restartCodes.includes(attempt.closeCode ?? 0))

/** Trouble that needs nobody, or null. */
export const expectedOf = (attempt: Attempt, life: GatewayLife): Expected | null => {
  if (isOurs(attempt)) return 'ours'
  if (attempt.outcome === 'connected') return null
  if (attempt.closeCode === 1013) return 'start-up'
  if (isRestart(attempt, life)) return 'restart'
  return isProbe(attempt) ? 'probe' : null
}
