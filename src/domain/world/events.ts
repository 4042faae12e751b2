import type {Attempt} from '../attempts/attempt.ts'
import {closeAllConnections} from '../attempts/client.ts'
import type {ConnectionEvent, GatewayEvent, LogEvent, ProviderEvent} from '../attempts/event.ts'
import {applyLifecycle, isOtherGateway, isUnannounced} from '../gateway-lifecycle.ts'
import {countProvider} from '../ledger.ts'
import {isByUntrusted, timelineEventOf} from '../timeline/timeline.ts'
import {pushBounded, type World} from './world.ts'

const maxRecentEvents = 32
const maxProviderFailures = 500

const isLifecycle = (event: GatewayEvent): event is Extract<GatewayEvent, {kind: `gateway-${string}`}> =>
  event.kind.startsWith('gateway-')

const echoMs = 2000

/** Events that other files logged at the same time. */
const eventsInOtherFiles = ({recentEvents}: World, {at, from}: LogEvent): GatewayEvent[] => {
  const events: GatewayEvent[] = []
  for (const other of recentEvents)
    if (other.from.file !== from.file && Math.abs(other.at - at) < echoMs && other.event) events.push(other.event)
  return events
}

/** The console repeats the log: the same event in another file at the same time is a duplicate. */
const isEcho = (world: World, event: GatewayEvent, line: LogEvent): boolean => {
  const elsewhere = eventsInOtherFiles(world, line)
  pushBounded(world.recentEvents, {event, at: line.at, from: line.from}, maxRecentEvents)
  return elsewhere.length > 0 && elsewhere.map(other => JSON.stringify(other)).includes(JSON.stringify(event))
}

/** Another line already reported this failure: this one adds its profile, and the end of its block. */
const completesLastFailure = (world: World, event: ProviderEvent, at: number): boolean => {
  const last = world.provider.at(-1)
  if (
    !last ||
    event.profile === null ||
    last.event.profile !== null ||
    last.event.provider !== event.provider ||
    at - last.line.at > echoMs
  )
    return false
  last.event = {...last.event, profile: event.profile, until: event.until, why: last.event.why ?? event.why}
  return true
}

const recordProviderFailure = (world: World, event: ProviderEvent, line: LogEvent): void => {
  if (completesLastFailure(world, event, line.at)) return
  world.providerFailures += 1
  countProvider(world.ledger, event)
  pushBounded(world.provider, {event, line}, maxProviderFailures)
  recordTimelineEvent(world, event, line)
}

const recordTimelineEvent = (world: World, event: GatewayEvent, line: LogEvent): void => {
  const timelineEvent = timelineEventOf(event, line, world.life)
  if (timelineEvent) pushBounded(world.timeline, timelineEvent, world.limits.timeline, isByUntrusted)
}

const applyLifecycleEvent = (world: World, event: GatewayEvent, line: LogEvent): void => {
  recordTimelineEvent(world, event, line)
  if (!isLifecycle(event)) return
  if (event.kind === 'gateway-listening' && event.port !== null) world.ports.add(event.port)
  if (event.kind === 'gateway-listening' && isOtherGateway(world.life, event)) return
  if (event.kind === 'gateway-listening') {
    const lost: Attempt[] = []
    for (const client of world.clients.byKey.values()) if (client.open.size > 0) lost.push(...closeAllConnections(client))
    world.missed = isUnannounced(world.life) ? lost : []
  }
  world.life = applyLifecycle(world.life, event, line.at)
}

/** An event that is not about a connection. */
export const applyEvent = (world: World, event: Exclude<GatewayEvent, ConnectionEvent>, line: LogEvent): void => {
  if (isEcho(world, event, line)) return
  if (event.kind === 'provider-trouble') recordProviderFailure(world, event, line)
  else applyLifecycleEvent(world, event, line)
}
