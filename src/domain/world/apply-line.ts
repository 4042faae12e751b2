import {type Attempt, isUnidentifiedLeaver} from '../attempts/attempt.ts'
import {type AttemptChange, applyConnectionLine, leaveOut, settleUnconfirmed} from '../attempts/attempts.ts'
import {type Client, closeAllConnections, countSettled, recordEnded, reopenConnection} from '../attempts/client.ts'
import {findOrAddClient} from '../attempts/clients.ts'
import type {ConnectionEvent, GatewayEvent, LineRef, LogEvent, ProviderEvent} from '../attempts/event.ts'
import {expectedOf} from '../attempts/expected.ts'
import {recordGuess} from '../attempts/lockout.ts'
import {countAt} from '../attempts/minutes.ts'
import {stormOf} from '../attempts/storm.ts'
import {applyLifecycle, applyTimeout, isOtherGateway, isUnannounced, withBuild} from '../gateway-lifecycle.ts'
import {countAttempt, countProvider} from '../ledger.ts'
import {isByUntrusted, stormTimelineEvent, timelineEventOf} from '../timeline/timeline.ts'
import {applyChannel, forgetChangedChannels} from './channels.ts'
import {applySecrets} from './secrets.ts'
import {isOfAnother, portOf} from './whose-log.ts'
import {pushBounded, type World} from './world.ts'

const stormLook = 8

const recordStorm = (world: World, client: Client, attempt: Attempt, from: LineRef): void => {
  if (world.limits.timeline === 0 || attempt.expected || client.refused % stormLook !== 0) return
  const storm = stormOf(client, attempt.at)
  if (storm && client.stormSince === null)
    pushBounded(world.timeline, stormTimelineEvent(client, storm, attempt.at, from), world.limits.timeline, isByUntrusted)
  client.stormSince = storm ? (client.stormSince ?? attempt.at) : null
}

const maxMinutes = 1500

const countMinute = (world: World, attempt: Attempt): void => {
  if (attempt.expected) {
    world.expected += 1
    return
  }
  countAt(world.minutes, attempt.at, 1 + attempt.alsoHidden, maxMinutes)
}

/** A refused attempt that is over gets no more log lines. */
const mayChange = ({outcome, endedAt}: Attempt): boolean => outcome === 'connected' || endedAt === null

/** The attempt is resolved: its outcome is final. */
const settleAttempt = (world: World, attempt: Attempt, from: LineRef): void => {
  if (world.owners.has(attempt)) return
  attempt.expected = expectedOf(attempt, world.life, world.recent)
  const client = findOrAddClient(world.clients, attempt, world.limits.clients)
  if (mayChange(attempt)) world.owners.set(attempt, client)
  countSettled(client, attempt, world.limits.evidence)
  recordGuess(world.guesses, attempt)
  countAttempt(world.ledger, attempt)
  pushBounded(world.recent, attempt, world.limits.recent, isUnidentifiedLeaver)
  const port = portOf(attempt.endpoint ?? '')
  if (port !== null) world.ports.add(port)
  if (attempt.outcome === 'connected') return
  world.refused += 1
  world.hidden += attempt.alsoHidden
  countMinute(world, attempt)
  recordStorm(world, client, attempt, from)
}

/** A line names a connection we had assumed dead: the gateway did not restart after all. */
const restoreMissed = (world: World): void => {
  for (const attempt of world.missed) {
    const client = world.owners.get(attempt)
    if (client) reopenConnection(client, attempt)
  }
  world.missed = []
}

/** Applies an attempt's change to the counters, the timeline and the clients. */
const applyChange = (world: World, {attempt, settled: isSettled, ended, also}: AttemptChange, line: LogEvent): void => {
  for (const other of also) settleAttempt(world, other, line.from)
  if (isSettled) settleAttempt(world, attempt, line.from)
  if (attempt.gone) restoreMissed(world)
  if (ended) recordEnded(world.owners.get(attempt) ?? findOrAddClient(world.clients, attempt, world.limits.clients), attempt)
}

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
  if (event.kind === 'config-changed') forgetChangedChannels(world, event.what)
  if (!isLifecycle(event)) return
  // What is unresolved at a start is told anew while it starts.
  if (event.kind === 'gateway-starting') world.secrets.clear()
  if (event.kind === 'gateway-listening' && event.port !== null) world.ports.add(event.port)
  if (event.kind === 'gateway-listening' && isOtherGateway(world.life, event)) return
  if (event.kind === 'gateway-listening') {
    world.channels.clear()
    const lost: Attempt[] = []
    for (const client of world.clients.byKey.values()) if (client.open.size > 0) lost.push(...closeAllConnections(client))
    world.missed = isUnannounced(world.life) ? lost : []
  }
  world.life = applyLifecycle(world.life, event, line.at)
}

/** An event that is not about a connection. */
const applyEvent = (world: World, event: Exclude<GatewayEvent, ConnectionEvent>, line: LogEvent): void => {
  if (isEcho(world, event, line)) return
  if (event.kind === 'provider-trouble') recordProviderFailure(world, event, line)
  else if (event.kind === 'channel-trouble' || event.kind === 'channel-starting') {
    if (applyChannel(world, event, line)) recordTimelineEvent(world, event, line)
  } else if (event.kind === 'secrets-degraded' || event.kind === 'secrets-recovered' || event.kind === 'secrets-surface') {
    if (applySecrets(world, event, line)) recordTimelineEvent(world, event, line)
  } else applyLifecycleEvent(world, event, line)
}

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
const lullMs = 2000

/** Not while lines still come, nor where we stood still ourselves since the last look: what was written meanwhile is read next. */
export const isCaughtUp = (now: number, linesAt: number, lookedAt: number): boolean =>
  now - linesAt >= lullMs && now - lookedAt < lullMs

/**
 * At the end of the log, or after a pause: resolves unconfirmed attempts and returns the changes. Where more of the log lies
 * unread the close of an attempt may be among it, so that only the log's own time counts.
 */
export const expirePending = (world: World, now: number, isCaughtUp = true): Attempt[] => {
  world.life = applyTimeout(world.life, now)
  const readUpTo = isCaughtUp ? now : Math.min(now, world.newestAt ?? now)
  const stale = settleUnconfirmed(world.attempts, readUpTo - timeoutMs)
  for (const attempt of stale) {
    const [from] = attempt.evidence
    if (from) settleAttempt(world, attempt, from)
  }
  return stale
}
