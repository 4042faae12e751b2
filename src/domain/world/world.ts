import type {Attempt} from '../attempts/attempt.ts'
import {type Attempts, createAttempts} from '../attempts/attempts.ts'
import type {Client} from '../attempts/client.ts'
import {type Clients, createClients, findClient} from '../attempts/clients.ts'
import type {LineRef, LogEvent, ProviderEvent} from '../attempts/event.ts'
import type {Guesses} from '../attempts/lockout.ts'
import {createMinutes, type Minutes} from '../attempts/minutes.ts'
import {type GatewayLife, unknownLife} from '../gateway-lifecycle.ts'
import {createLedger, type Ledger} from '../ledger.ts'
import type {TimelineEvent} from '../timeline/timeline.ts'
import type {ChannelTrouble} from './channels.ts'
import type {DegradedSecret} from './secrets.ts'

/** Everything read from the logs so far. Mutated in place, line by line: see `Attempts`. */
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
  timeline: TimelineEvent[]
  provider: {event: ProviderEvent; line: LogEvent}[]
  /** Accounts of channels of which trouble was told, by name. */
  channels: Map<string, ChannelTrouble>
  /** Secrets that could not be resolved, by owner. */
  secrets: Map<string, DegradedSecret>
  /** The latest events that are not about a connection, to know an echo by. */
  recentEvents: LogEvent[]
  /** Ports of the gateways that write into these logs. */
  ports: Set<number>
  /** The port whose sockets alone count, where several gateways write into these logs; null where all count. */
  ownPort: number | null
  /** Connections to the ports of the other gateways, which do not count. */
  leftOut: number
  lines: number
  firstAt: number | null
  newestAt: number | null
  refused: number
  hidden: number
  expected: number
  /** Attempts that were refused and not expected to be, by the minute since 1970. */
  minutes: Minutes
  providerFailures: number
  /** Rights that were asked for in vain by those who were in. */
  scopes: {scope: string; at: number; from: LineRef}[]
  ledger: Ledger
  limits: Limits
}

/** `evidence` is of a client's lines for one reason; without marks, no storm is looked for. */
export type Limits = {clients: number; recent: number; timeline: number; evidence: number}

export const createWorld = (
  limits: Partial<Limits> = {},
  trustedProxies: readonly string[] = [],
  ownPort: number | null = null,
): World => ({
  attempts: createAttempts(trustedProxies),
  recent: [],
  clients: createClients(),
  owners: new WeakMap(),
  missed: [],
  guesses: new Map(),
  life: unknownLife(),
  timeline: [],
  provider: [],
  channels: new Map(),
  secrets: new Map(),
  recentEvents: [],
  ports: new Set(),
  ownPort,
  leftOut: 0,
  lines: 0,
  firstAt: null,
  newestAt: null,
  refused: 0,
  hidden: 0,
  expected: 0,
  minutes: createMinutes(),
  providerFailures: 0,
  scopes: [],
  ledger: createLedger(),
  limits: {clients: 2000, recent: 5000, timeline: 1000, evidence: 200, ...limits},
})

/** Puts one more into a list, which forgets its first when they are too many: those first that matter less. */
export const pushBounded = <T>(list: T[], item: T, max: number, mattersLess: (item: T) => boolean = () => false): void => {
  if (max === 0) return
  list.push(item)
  if (list.length <= max * 1.2) return
  let excess = list.length - max
  let remaining = 0
  for (const one of list) {
    if (excess > 0 && mattersLess(one)) excess -= 1
    else {
      list[remaining] = one
      remaining += 1
    }
  }
  list.length = remaining
  if (excess > 0) list.splice(0, excess)
}

export const clientOfAttempt = (world: World, attempt: Attempt): Client | undefined =>
  world.owners.get(attempt) ?? findClient(world.clients, attempt)
