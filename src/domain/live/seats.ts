import {isLoopback} from '../address.ts'
import {type Attempt, addressOf, newAttempt} from '../attempts/attempt.ts'
import type {Client} from '../attempts/client.ts'
import {clientOf, noClients} from '../attempts/clients.ts'
import type {Guest} from './guest-book.ts'
import type {LiveNow} from './live-now.ts'
import type {Visitor} from './visitor.ts'

/** Clients of the log, and which of those who are known to be in each of them is; the rest are strangers to the log. */
export type Seats = {of: ReadonlyMap<string, readonly Visitor[]>; strangers: readonly Guest[]}

const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b

const isFrom = (client: Client, from: string | null): boolean => {
  const address = addressOf(client)
  return from === address || ((from === 'local' || isLoopback(from)) && isLoopback(address))
}

const isOne = (client: Client, {name, mode, from, deviceId, by}: Visitor): boolean =>
  by !== 'socket' &&
  client.identity.id === name &&
  client.identity.mode === mode &&
  agree(client.deviceId, deviceId) &&
  isFrom(client, from)

const latest = (clients: readonly Client[]): Client | null => clients.toSorted((a, b) => b.lastAt - a.lastAt)[0] ?? null

const finder = (clients: readonly Client[], {processes}: LiveNow) => {
  const byAttempt = new Map(clients.flatMap(client => Array.from(client.open, ({id}) => [id, client] as const)))
  const byPid = new Map(clients.flatMap(client => [[processes.get(client.key)?.pid ?? null, client] as const]))
  return (visitor: Visitor): Client | null => {
    const {attemptId, pid} = visitor
    const told = attemptId === null ? undefined : byAttempt.get(attemptId)
    const same = visitor.by === 'socket' && pid !== null ? byPid.get(pid) : undefined
    return told ?? same ?? latest(clients.filter(client => isOne(client, visitor)))
  }
}

/** Gives each of those who are in their place among the clients that the log knows. */
export const seated = (clients: readonly Client[], live: LiveNow): Seats => {
  const find = finder(clients, live)
  const taken = new Map<string, Visitor[]>()
  const strangers: Guest[] = []
  for (const guest of live.guests.values()) {
    const known = guest.visitors.map(visitor => [visitor, find(visitor)] as const)
    const unknown = known.filter(([, client]) => client === null).map(([visitor]) => visitor)
    if (unknown.length > 0) strangers.push({...guest, visitors: unknown})
    if (!guest.isIn) continue
    for (const [visitor, client] of known) if (client) taken.set(client.key, [...(taken.get(client.key) ?? []), visitor])
  }
  return {of: taken, strangers}
}

const addressIn = ({from}: Visitor): string | null => (from === 'local' ? '127.0.0.1' : from)

const attemptOf = (visitor: Visitor, at: number): Attempt => ({
  ...newAttempt(visitor.attemptId ?? '', at),
  outcome: 'connected',
  client: {
    id: visitor.name,
    mode: visitor.mode,
    version: visitor.version,
    platform: visitor.platform,
    displayName: visitor.displayName,
  },
  remote: addressIn(visitor),
  endpoint: visitor.endpoint,
  deviceId: visitor.deviceId,
})

/** Whoever comes and goes without a line in the log, as a client like any other. */
export const asClient = ({visitors, isIn, visits, firstAt, lastAt}: Guest): Client | null => {
  const [visitor] = visitors
  if (visitor === undefined) return null
  const attempt = attemptOf(visitor, visitor.since ?? firstAt)
  const client = clientOf(noClients(), attempt, Number.POSITIVE_INFINITY)
  client.connected = visits
  client.attempts = visits
  client.firstAt = firstAt
  client.lastAt = isIn ? attempt.at : lastAt
  client.admittedAt = visitor.since
  if (isIn) client.open.add(attempt)
  return client
}

/** When the latest of them came in, where that is known. */
export const lastIn = (visitors: readonly Visitor[]): number | null =>
  visitors.reduce<number | null>((last, {since}) => (since === null ? last : Math.max(last ?? 0, since)), null)
