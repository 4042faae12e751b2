import type {Attempt} from '../attempts/attempt.ts'
import {noteGone} from '../attempts/client.ts'
import type {ConnectionEvent, GatewayEvent, ProviderEvent, Told} from '../attempts/event.ts'
import {countProvider} from '../ledger.ts'
import {isAnother, isUnannounced, lived} from '../live/gateway-life.ts'
import {isByStrangers, markOf} from '../mark.ts'
import {keep, type World} from './world.ts'

const mostTold = 32
const mostProvider = 500

const isLifecycle = (event: GatewayEvent): event is Extract<GatewayEvent, {kind: `gateway-${string}`}> =>
  event.kind.startsWith('gateway-')

const echoMs = 2000

/** What other files told at the same time. */
const toldElsewhere = ({told}: World, {at, from}: Told): GatewayEvent[] => {
  const events: GatewayEvent[] = []
  for (const other of told)
    if (other.from.file !== from.file && Math.abs(other.at - at) < echoMs && other.event) events.push(other.event)
  return events
}

/** The console says what the log says: told again by another file at the same time, it is no second event. */
const isEcho = (world: World, event: GatewayEvent, line: Told): boolean => {
  const elsewhere = toldElsewhere(world, line)
  keep(world.told, {event, at: line.at, from: line.from}, mostTold)
  return elsewhere.length > 0 && elsewhere.map(other => JSON.stringify(other)).includes(JSON.stringify(event))
}

/** A failure that another line has told of already: here it gets its profile, and until when that is blocked. */
const isSecondWord = (world: World, event: ProviderEvent, at: number): boolean => {
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

const noteProvider = (world: World, event: ProviderEvent, line: Told): void => {
  if (isSecondWord(world, event, line.at)) return
  world.providerFailures += 1
  countProvider(world.ledger, event)
  keep(world.provider, {event, line}, mostProvider)
  noteMark(world, event, line)
}

const noteMark = (world: World, event: GatewayEvent, line: Told): void => {
  const mark = markOf(event, line, world.life)
  if (mark) keep(world.marks, mark, world.limits.marks, isByStrangers)
}

const noteLife = (world: World, event: GatewayEvent, line: Told): void => {
  noteMark(world, event, line)
  if (!isLifecycle(event)) return
  if (event.kind === 'gateway-listening' && event.port !== null) world.ports.add(event.port)
  if (event.kind === 'gateway-listening' && isAnother(world.life, event)) return
  if (event.kind === 'gateway-listening') {
    const gone: Attempt[] = []
    for (const client of world.clients.byKey.values()) if (client.open.size > 0) gone.push(...noteGone(client))
    world.missed = isUnannounced(world.life) ? gone : []
  }
  world.life = lived(world.life, event, line.at)
}

/** An event that is not about a connection. */
export const noteEvent = (world: World, event: Exclude<GatewayEvent, ConnectionEvent>, line: Told): void => {
  if (isEcho(world, event, line)) return
  if (event.kind === 'provider-trouble') noteProvider(world, event, line)
  else noteLife(world, event, line)
}
