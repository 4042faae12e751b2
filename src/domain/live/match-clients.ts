import {isLoopback} from '../address.ts'
import {type Attempt, addressOf, createAttempt} from '../attempts/attempt.ts'
import type {Client} from '../attempts/client.ts'
import {createClients, findOrAddClient} from '../attempts/clients.ts'
import type {ConnectedClient} from './connected-client.ts'
import type {LiveNow} from './live-state.ts'
import type {VisitRecord} from './visit-history.ts'

/** The log's clients matched with the connected ones; the unmatched are not in the log. */
export type ClientMatches = {of: ReadonlyMap<string, readonly ConnectedClient[]>; unmatched: readonly VisitRecord[]}

const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b

const isFrom = (client: Client, from: string | null): boolean => {
  const address = addressOf(client)
  return from === address || ((from === 'local' || isLoopback(from)) && isLoopback(address))
}

const isOne = (client: Client, {name, mode, from, deviceId, by}: ConnectedClient): boolean =>
  by !== 'socket' &&
  client.identity.id === name &&
  client.identity.mode === mode &&
  agree(client.deviceId, deviceId) &&
  isFrom(client, from)

const latest = (clients: readonly Client[]): Client | null => clients.toSorted((a, b) => b.lastAt - a.lastAt)[0] ?? null

const createFinder = (clients: readonly Client[], {processes}: LiveNow) => {
  const byAttempt = new Map(clients.flatMap(client => Array.from(client.open, ({id}) => [id, client] as const)))
  const byPid = new Map(clients.flatMap(client => [[processes.get(client.key)?.pid ?? null, client] as const]))
  return (connectedClient: ConnectedClient): Client | null => {
    const {attemptId, pid} = connectedClient
    const byLog = attemptId === null ? undefined : byAttempt.get(attemptId)
    const same = connectedClient.by === 'socket' && pid !== null ? byPid.get(pid) : undefined
    return byLog ?? same ?? latest(clients.filter(client => isOne(client, connectedClient)))
  }
}

/** Gives each of those who are in their place among the clients that the log knows. */
export const matchClients = (clients: readonly Client[], live: LiveNow): ClientMatches => {
  const find = createFinder(clients, live)
  const taken = new Map<string, ConnectedClient[]>()
  const unmatched: VisitRecord[] = []
  for (const record of live.visitHistory.values()) {
    const matched = record.connectedClients.map(connectedClient => [connectedClient, find(connectedClient)] as const)
    const unknown = matched.filter(([, client]) => client === null).map(([connectedClient]) => connectedClient)
    if (unknown.length > 0) unmatched.push({...record, connectedClients: unknown})
    if (!record.isIn) continue
    for (const [connectedClient, client] of matched)
      if (client) taken.set(client.key, [...(taken.get(client.key) ?? []), connectedClient])
  }
  return {of: taken, unmatched}
}

const addressIn = ({from}: ConnectedClient): string | null => (from === 'local' ? '127.0.0.1' : from)

const attemptOf = (connectedClient: ConnectedClient, at: number): Attempt => ({
  ...createAttempt(connectedClient.attemptId ?? '', at),
  outcome: 'connected',
  client: {
    id: connectedClient.name,
    mode: connectedClient.mode,
    version: connectedClient.version,
    platform: connectedClient.platform,
    displayName: connectedClient.displayName,
  },
  remote: addressIn(connectedClient),
  endpoint: connectedClient.endpoint,
  deviceId: connectedClient.deviceId,
})

/** A client that connects and leaves without a log line, as a `Client`. */
export const toClient = ({connectedClients, isIn, visits, firstAt, lastAt}: VisitRecord): Client | null => {
  const [connectedClient] = connectedClients
  if (connectedClient === undefined) return null
  const attempt = attemptOf(connectedClient, connectedClient.since ?? firstAt)
  const client = findOrAddClient(createClients(), attempt, Number.POSITIVE_INFINITY)
  client.connected = visits
  client.attempts = visits
  client.firstAt = firstAt
  client.lastAt = isIn ? attempt.at : lastAt
  client.admittedAt = connectedClient.since
  if (isIn) client.open.add(attempt)
  return client
}

/** When the latest of them connected, if known. */
export const lastConnectedAt = (connectedClients: readonly ConnectedClient[]): number | null =>
  connectedClients.reduce<number | null>((last, {since}) => (since === null ? last : Math.max(last ?? 0, since)), null)
