import type {Attempt} from '../attempts/attempt.ts'
import {type Attempts, noAttempts} from '../attempts/attempts.ts'
import type {Client} from '../attempts/client.ts'
import {type Clients, knownClientOf, noClients} from '../attempts/clients.ts'
import type {LineRef, ProviderEvent, Told} from '../attempts/event.ts'
import type {Guesses} from '../attempts/lockout.ts'
import {type Minutes, noMinutes} from '../attempts/minutes.ts'
import {emptyLedger, type Ledger} from '../ledger.ts'
import {type GatewayLife, unknownLife} from '../live/gateway-life.ts'
import type {Mark} from '../mark.ts'

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

export const newWorld = (
  limits: Partial<Limits> = {},
  trustedProxies: readonly string[] = [],
  ownPort: number | null = null,
): World => ({
  attempts: noAttempts(trustedProxies),
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
  ownPort,
  leftOut: 0,
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

/** Puts one more into a list, which forgets its first when they are too many: those first that matter less. */
export const keep = <T>(list: T[], item: T, most: number, mattersLess: (item: T) => boolean = () => false): void => {
  if (most === 0) return
  list.push(item)
  if (list.length <= most * 1.2) return
  let excess = list.length - most
  let kept = 0
  for (const one of list) {
    if (excess > 0 && mattersLess(one)) excess -= 1
    else {
      list[kept] = one
      kept += 1
    }
  }
  list.length = kept
  if (excess > 0) list.splice(0, excess)
}

export const ownerOf = (world: World, attempt: Attempt): Client | undefined =>
  world.owners.get(attempt) ?? knownClientOf(world.clients, attempt)
