import {type Client, type ClientState, clientStateOf, type Tally} from '../../domain/attempts/client.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import type {ConnectedClient} from '../../domain/live/connected-client.ts'
import type {LiveNow} from '../../domain/live/live-state.ts'
import {lastConnectedAt, matchClients, toClient} from '../../domain/live/match-clients.ts'
import type {VisitRecord} from '../../domain/live/visit-history.ts'

/** A client and one reason for which it is refused, or its being in. */
export type ClientEntry = {
  key: string
  client: Client
  tally: Tally | null
  state: ClientState
  lastAt: number
  /** Since when it is in, or in again. */
  since: number | null
  /** Its current connections, where a source other than the log reports them. */
  connectedClients: readonly ConnectedClient[]
}

/** What decides whether a client is in: its connections, where they are known, else what the log says. */
type Presence = {isIn: boolean; since: number | null; connectedClients: readonly ConnectedClient[]}

const presenceOf = (client: Client, connectedClients: readonly ConnectedClient[] | null): Presence => {
  if (connectedClients === null) return {isIn: client.open.size > 0, since: client.admittedAt, connectedClients: []}
  const since = lastConnectedAt(connectedClients)
  return {
    isIn: connectedClients.length > 0,
    since: since === null ? client.admittedAt : Math.max(since, client.admittedAt ?? 0),
    connectedClients,
  }
}

const ranks: Record<ClientState, number> = {storm: 0, stuck: 1, unknown: 2, back: 3, in: 3, out: 4}

const isHealed = (tally: Tally, {since}: Presence): boolean => (since ?? 0) > tally.lastAt

const recently = 600_000

const isFresh = (at: number, now: number): boolean => now - at < recently

const isRecent = (tally: Tally, client: Client, periodMs: number): boolean =>
  client.lastAt - tally.lastAt <= Math.max(periodMs * 6, 8000)

/** A storm is one row, the one it is made of: a refusal of another kind in its midst does not take it over. */
const isTheStorm = (client: Client, tally: Tally, now: number): boolean => {
  const periodMs = stormOf(client, now)?.periodMs ?? 0
  const recent = Array.from(client.tallies.values()).filter(other => isRecent(other, client, periodMs))
  const dominant = recent.find(one => one.count > recent.reduce((sum, {count}) => sum + count, 0) / 2)
  return dominant ? dominant === tally : client.last === tally.last
}

const stateFor = (client: Client, tally: Tally | null, here: Presence, now: number): ClientState => {
  if (tally === null) return here.isIn ? 'in' : 'out'
  if (isHealed(tally, here)) return here.isIn ? 'back' : 'out'
  if (tally.last.expected !== null) return 'out'
  const state = clientStateOf(client, now)
  if (state === 'storm') return isTheStorm(client, tally, now) ? 'storm' : isFresh(tally.lastAt, now) ? 'stuck' : 'unknown'
  return state === 'in' || state === 'back' ? 'stuck' : state
}

const entriesOf = (client: Client, here: Presence, now: number): ClientEntry[] => {
  const {since, connectedClients} = here
  const refusals = Array.from(client.tallies.entries(), ([key, tally]) => ({
    key: `${client.key}\u0000${key}`,
    client,
    tally,
    state: stateFor(client, tally, here, now),
    lastAt: tally.lastAt,
    since,
    connectedClients,
  }))
  if (client.connected === 0 && !here.isIn) return refusals
  const state = stateFor(client, null, here, now)
  const lastAt = state === 'in' ? (since ?? client.lastAt) : client.lastAt
  return [...refusals, {key: client.key, client, tally: null, state, lastAt, since, connectedClients}]
}

export const rank = ({state, tally, lastAt}: ClientEntry, now: number): number => {
  if (tally?.last.expected) return 5
  return state === 'stuck' && !isFresh(lastAt, now) ? ranks.unknown : ranks[state]
}

/** The fastest storm first, in steps: a rhythm that wavers must not make rows change places. */
const pace = ({client, state}: ClientEntry, now: number): number =>
  state === 'storm' ? Math.round(Math.log2(stormOf(client, now)?.periodMs ?? 1)) : 0

/** Rows within half a minute keep their order: reordering every second would be unreadable. */
const calmly =
  (now: number) =>
  (a: ClientEntry, b: ClientEntry): number =>
    rank(a, now) - rank(b, now) ||
    pace(a, now) - pace(b, now) ||
    Math.floor(b.lastAt / 30_000) - Math.floor(a.lastAt / 30_000) ||
    (a.key < b.key ? -1 : 1)

/** Those who come and go without a line in the log. */
const unmatchedEntries = (record: VisitRecord, now: number): ClientEntry[] => {
  const client = toClient(record)
  const connectedClients = record.isIn ? record.connectedClients : []
  if (client === null) return []
  return entriesOf(client, {isIn: record.isIn, since: lastConnectedAt(connectedClients), connectedClients}, now).map(entry => ({
    ...entry,
    key: `in ${record.key}`,
  }))
}

/** How many clients have a row that says storm or stuck: what says that all is well must not stand above one. */
export const countFailing = (clients: readonly Client[], now: number, live: LiveNow | null): number => {
  const matches = live && matchClients(clients, live)
  return clients.filter(client =>
    entriesOf(client, presenceOf(client, matches && (matches.of.get(client.key) ?? [])), now).some(
      ({state}) => state === 'storm' || state === 'stuck',
    ),
  ).length
}

export const clientEntries = (clients: Iterable<Client>, now: number, live: LiveNow | null = null): ClientEntry[] => {
  const all = Array.from(clients)
  const matches = live && matchClients(all, live)
  const ofLog = all.flatMap(client => entriesOf(client, presenceOf(client, matches && (matches.of.get(client.key) ?? [])), now))
  const unmatchedClients = matches?.unmatched.flatMap(record => unmatchedEntries(record, now)) ?? []
  return [...ofLog, ...unmatchedClients].sort(calmly(now))
}
