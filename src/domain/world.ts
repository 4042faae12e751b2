import type {Attempt} from './attempts/attempt.ts'
import {type Attempts, type Change, hearConnection, noAttempts, settleHalfTold} from './attempts/attempts.ts'
import {type Client, noteEnded, noteGone, noteSettled, noteStillIn} from './attempts/client.ts'
import {type Clients, clientOf, knownClientOf, noClients} from './attempts/clients.ts'
import type {GatewayEvent, LineRef, ProviderEvent, Told} from './attempts/event.ts'
import {expectedOf} from './attempts/expected.ts'
import {type Guesses, noteGuess} from './attempts/lockout.ts'
import {countAt, type Minutes, noMinutes} from './attempts/minutes.ts'
import {stormOf} from './attempts/storm.ts'
import {countAttempt, countProvider, emptyLedger, type Ledger} from './ledger.ts'
import {builtAs, type GatewayLife, isAnother, isUnannounced, lived, passed, unknownLife} from './live/gateway-life.ts'
import {type Mark, markOf, stormMark} from './mark.ts'

/** All that the logs have told so far. Changed in place, line by line: see `Attempts`. */
export type World = {
  attempts: Attempts
  /** The latest attempts, in the order in which their fate was known. */
  recent: Attempt[]
  clients: Clients
  /** Whose attempt it was when its fate was known: a fact that is learned later must not make it another's. */
  owners: WeakMap<Attempt, Client>
  /** Those that a start without a stop before it made us take for gone: a second gateway starts like that, too. */
  missed: Attempt[]
  guesses: Guesses
  life: GatewayLife
  marks: Mark[]
  provider: {event: ProviderEvent; line: Told}[]
  /** The latest events that are not about a connection, to know an echo by. */
  told: Told[]
  /** Ports of the gateways that write into these logs. */
  ports: Set<number>
  lines: number
  firstAt: number | null
  newestAt: number | null
  refused: number
  hidden: number
  expected: number
  /** Attempts that were turned away and not expected to be, by the minute since 1970. */
  minutes: Minutes
  providerFailures: number
  /** Rights that were asked for in vain by those who were in. */
  scopes: {scope: string; at: number; from: LineRef}[]
  ledger: Ledger
  limits: Limits
}

/** `evidence` is of a client's lines for one reason; without marks, no storm is looked for. */
export type Limits = {clients: number; recent: number; marks: number; evidence: number}

export const newWorld = (limits: Partial<Limits> = {}): World => ({
  attempts: noAttempts(),
  recent: [],
  clients: noClients(),
  owners: new WeakMap(),
  missed: [],
  guesses: new Map(),
  life: unknownLife(),
  marks: [],
  provider: [],
  told: [],
  ports: new Set(),
  lines: 0,
  firstAt: null,
  newestAt: null,
  refused: 0,
  hidden: 0,
  expected: 0,
  minutes: noMinutes(),
  providerFailures: 0,
  scopes: [],
  ledger: emptyLedger(),
  limits: {clients: 2000, recent: 5000, marks: 1000, evidence: 200, ...limits},
})

const keep = <T>(list: T[], item: T, most: number): void => {
  if (most === 0) return
  list.push(item)
  if (list.length > most * 1.2) list.splice(0, list.length - most)
}

const zero = '0'.charCodeAt(0)

/** Read from its end: each of a million attempts has an endpoint. */
const portOf = (endpoint: string): number | null => {
  let port = 0
  for (let at = endpoint.length - 1, ten = 1; at >= 0; at -= 1, ten *= 10) {
    const digit = endpoint.charCodeAt(at) - zero
    if (digit === 10 && port > 0) return port
    if (digit < 0 || digit > 9) return null
    port += digit * ten
  }
  return null
}

const stormLook = 8
const mostTold = 32
const mostProvider = 500

const noteStorm = (world: World, client: Client, attempt: Attempt, from: LineRef): void => {
  if (world.limits.marks === 0 || attempt.expected || client.refused % stormLook !== 0) return
  const storm = stormOf(client, attempt.at)
  if (storm && client.stormSince === null) keep(world.marks, stormMark(client, storm, attempt.at, from), world.limits.marks)
  client.stormSince = storm ? (client.stormSince ?? attempt.at) : null
}

const mostMinutes = 1500

const noteMinute = (world: World, attempt: Attempt): void => {
  if (attempt.expected) {
    world.expected += 1
    return
  }
  countAt(world.minutes, attempt.at, 1 + attempt.alsoHidden, mostMinutes)
}

export const ownerOf = (world: World, attempt: Attempt): Client | undefined =>
  world.owners.get(attempt) ?? knownClientOf(world.clients, attempt)

/** Of one that was turned away and is over, nothing more is told. */
const mayChange = ({outcome, endedAt}: Attempt): boolean => outcome === 'connected' || endedAt === null

const settled = (world: World, attempt: Attempt, from: LineRef): void => {
  if (world.owners.has(attempt)) return
  attempt.expected = expectedOf(attempt, world.life, world.recent)
  const client = clientOf(world.clients, attempt, world.limits.clients)
  if (mayChange(attempt)) world.owners.set(attempt, client)
  noteSettled(client, attempt, world.limits.evidence)
  noteGuess(world.guesses, attempt)
  countAttempt(world.ledger, attempt)
  keep(world.recent, attempt, world.limits.recent)
  const port = portOf(attempt.endpoint ?? '')
  if (port !== null) world.ports.add(port)
  if (attempt.outcome === 'connected') return
  world.refused += 1
  world.hidden += attempt.alsoHidden
  noteMinute(world, attempt)
  noteStorm(world, client, attempt, from)
}

/** One of them was told of again, so the gateway that had let them in is still there. */
const missedInVain = (world: World): void => {
  for (const attempt of world.missed) {
    const client = world.owners.get(attempt)
    if (client) noteStillIn(client, attempt)
  }
  world.missed = []
}

const applied = (world: World, {attempt, settled: isSettled, ended, also}: Change, line: Told): void => {
  for (const other of also) settled(world, other, line.from)
  if (isSettled) settled(world, attempt, line.from)
  if (attempt.gone) missedInVain(world)
  if (ended) noteEnded(world.owners.get(attempt) ?? clientOf(world.clients, attempt, world.limits.clients), attempt)
}

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
  if (mark) keep(world.marks, mark, world.limits.marks)
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

/** One line of the log. Tells which attempt it changed, if any. */
export const hear = (world: World, line: Told): Change | null => {
  world.lines += 1
  world.firstAt ??= line.at
  world.newestAt = Math.max(world.newestAt ?? 0, line.at)
  const {event} = line
  if (event === null) return null
  if (!('facts' in event)) {
    if (isEcho(world, event, line)) return null
    if (event.kind === 'provider-trouble') noteProvider(world, event, line)
    else noteLife(world, event, line)
    return null
  }
  if (event.facts.gatewayBuild !== undefined) world.life = builtAs(world.life, event.facts.gatewayBuild)
  if (event.facts.missingScope !== undefined)
    keep(world.scopes, {scope: event.facts.missingScope, at: line.at, from: line.from}, mostTold)
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
