import type {Attempt} from '../attempts/attempt.ts'
import {type Change, hearConnection, leaveOut, settleHalfTold} from '../attempts/attempts.ts'
import type {GatewayEvent, Told} from '../attempts/event.ts'
import {builtAs, passed} from '../live/gateway-life.ts'
import {isOfAnother, portOf} from './ports.ts'
import {keep, type World} from './world.ts'
import {applied, settled} from './world-attempts.ts'
import {noteEvent} from './world-events.ts'

const mostScopes = 32

/** A socket of another gateway that writes into the same log counts nowhere but among those that were left out. */
const isLeftOut = (world: World, event: GatewayEvent): boolean => {
  if (world.ownPort === null || !('facts' in event) || !isOfAnother(event, world.ownPort)) return false
  if (leaveOut(world.attempts, event)) world.leftOut += 1
  const port = portOf(event.endpoint ?? '')
  if (port !== null) world.ports.add(port)
  return true
}

/** One line of the log. Tells which attempt it changed, if any. */
export const hear = (world: World, line: Told): Change | null => {
  const {event} = line
  if (event !== null && isLeftOut(world, event)) return null
  world.lines += 1
  world.firstAt ??= line.at
  world.newestAt = Math.max(world.newestAt ?? 0, line.at)
  if (event === null) return null
  if (!('facts' in event)) {
    noteEvent(world, event, line)
    return null
  }
  if (event.facts.gatewayBuild !== undefined) world.life = builtAs(world.life, event.facts.gatewayBuild)
  if (event.facts.missingScope !== undefined)
    keep(world.scopes, {scope: event.facts.missingScope, at: line.at, from: line.from}, mostScopes)
  const change = hearConnection(world.attempts, line, event)
  if (change) applied(world, change, line)
  return change
}

const patience = 5000

/** Time passed without a line, or the log is at its end: what was left half told is settled, and given back. */
export const passTime = (world: World, now: number): Attempt[] => {
  world.life = passed(world.life, now)
  const stale = settleHalfTold(world.attempts, now - patience)
  for (const attempt of stale) {
    const [from] = attempt.evidence
    if (from) settled(world, attempt, from)
  }
  return stale
}
