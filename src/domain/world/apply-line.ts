import type {Attempt} from '../attempts/attempt.ts'
import {type AttemptChange, applyConnectionLine, leaveOut, settleUnconfirmed} from '../attempts/attempts.ts'
import type {GatewayEvent, LogEvent} from '../attempts/event.ts'
import {applyTimeout, withBuild} from '../gateway-lifecycle.ts'
import {applyChange, settleAttempt} from './attempts.ts'
import {applyEvent} from './events.ts'
import {isOfAnother, portOf} from './ports.ts'
import {pushBounded, type World} from './world.ts'

const maxScopes = 32

/** A socket of another gateway that writes into the same log counts nowhere but among those that were left out. */
const isLeftOut = (world: World, event: GatewayEvent): boolean => {
  if (world.ownPort === null || !('facts' in event) || !isOfAnother(event, world.ownPort)) return false
  if (leaveOut(world.attempts, event)) world.leftOut += 1
  const port = portOf(event.endpoint ?? '')
  if (port !== null) world.ports.add(port)
  return true
}

/** One line of the log. Tells which attempt it changed, if any. */
export const applyLine = (world: World, line: LogEvent): AttemptChange | null => {
  const {event} = line
  if (event !== null && isLeftOut(world, event)) return null
  world.lines += 1
  world.firstAt ??= line.at
  world.newestAt = Math.max(world.newestAt ?? 0, line.at)
  if (event === null) return null
  if (!('facts' in event)) {
    applyEvent(world, event, line)
    return null
  }
  if (event.facts.gatewayBuild !== undefined) world.life = withBuild(world.life, event.facts.gatewayBuild)
  if (event.facts.missingScope !== undefined)
    pushBounded(world.scopes, {scope: event.facts.missingScope, at: line.at, from: line.from}, maxScopes)
  const change = applyConnectionLine(world.attempts, line, event)
  if (change) applyChange(world, change, line)
  return change
}

const timeoutMs = 5000

/** At the end of the log, or after a pause: resolves unconfirmed attempts and returns the changes. */
export const expirePending = (world: World, now: number): Attempt[] => {
  world.life = applyTimeout(world.life, now)
  const stale = settleUnconfirmed(world.attempts, now - timeoutMs)
  for (const attempt of stale) {
    const [from] = attempt.evidence
    if (from) settleAttempt(world, attempt, from)
  }
  return stale
}
