import {type Client, type ClientState, clientStateOf, type Tally} from '../../domain/attempts/client.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import {hourMs} from '../../domain/durations.ts'
import type {ConnectedClient} from '../../domain/live/connected-client.ts'
import type {LiveNow} from '../../domain/live/live-state.ts'
import {lastConnectedAt, matchClients, toClient} from '../../domain/live/match-clients.ts'
import type {VisitRecord} from '../../domain/live/visit-history.ts'

/** A client: the reason that matters most of those for which it is refused, or its being in. */
export type ClientEntry = {
  key: string
  client: Client
  tally: Tally | null
  /** How many other reasons it is refused for now. */
  otherReasons: number
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

const facesOf = (client: Client, here: Presence, now: number): ClientEntry[] => {
  const {since, connectedClients} = here
  const shared = {key: client.key, client, otherReasons: 0, since, connectedClients}
  const refusals = Array.from(client.tallies.values(), tally => ({
    ...{...shared, tally},
    state: stateFor(client, tally, here, now),
    lastAt: isHealed(tally, here) ? Math.max(tally.lastAt, since ?? 0) : tally.lastAt,
  }))
  if (client.connected === 0 && !here.isIn) return refusals
  const state = stateFor(client, null, here, now)
  const lastAt = state === 'in' ? (since ?? client.lastAt) : client.lastAt
  return [...refusals, {...shared, tally: null, state, lastAt}]
}

export const rank = ({state, tally, lastAt}: ClientEntry, now: number): number => {
  if (tally?.last.expected) return 5
  return state === 'stuck' && !isFresh(lastAt, now) ? ranks.unknown : ranks[state]
}

const isRefusedNow = ({state, tally}: ClientEntry): boolean =>
  tally !== null && !tally.last.expected && (state === 'storm' || state === 'stuck')

/** That it was refused hours before it got in tells less than that it is in. */
const isOldNews = ({state, tally}: ClientEntry, now: number): boolean =>
  (state === 'back' || state === 'out') && tally !== null && now - tally.lastAt > hourMs

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

const worstFirst =
  (now: number) =>
  (a: ClientEntry, b: ClientEntry): number =>
    rank(a, now) - rank(b, now) ||
    Number(isOldNews(a, now)) - Number(isOldNews(b, now)) ||
    Number(a.tally === null) - Number(b.tally === null) ||
    b.lastAt - a.lastAt

/** Which of what there is to say of a client is asked for. */
type Wanted = (face: ClientEntry) => boolean

/** The worst of what there is to say of one client, as far as it is asked for. */
const entryOf = (client: Client, here: Presence, now: number, isWanted: Wanted): ClientEntry[] => {
  const faces = facesOf(client, here, now).sort(worstFirst(now))
  const shown = faces.find(isWanted)
  return shown ? [{...shown, otherReasons: faces.filter(face => face !== shown && isRefusedNow(face)).length}] : []
}

/** Those who come and go without a line in the log. */
const unmatchedEntries = (record: VisitRecord, now: number, isWanted: Wanted): ClientEntry[] => {
  const client = toClient(record)
  const connectedClients = record.isIn ? record.connectedClients : []
  if (client === null) return []
  const here = {isIn: record.isIn, since: lastConnectedAt(connectedClients), connectedClients}
  return entryOf(client, here, now, isWanted).map(entry => ({...entry, key: `in ${record.key}`}))
}

/** How many clients have a row that says storm or stuck: what says that all is well must not stand above one. */
export const countFailing = (clients: readonly Client[], now: number, live: LiveNow | null): number => {
  const matches = live && matchClients(clients, live)
  return clients.filter(client =>
    facesOf(client, presenceOf(client, matches && (matches.of.get(client.key) ?? [])), now).some(
      ({state}) => state === 'storm' || state === 'stuck',
    ),
  ).length
}

/** A row a client, the worst first. */
export const clientEntries = (
  clients: Iterable<Client>,
  now: number,
  live: LiveNow | null = null,
  isWanted: Wanted = () => true,
): ClientEntry[] => {
  const all = Array.from(clients)
  const matches = live && matchClients(all, live)
  const ofLog = all.flatMap(client =>
    entryOf(client, presenceOf(client, matches && (matches.of.get(client.key) ?? [])), now, isWanted),
  )
  const unmatchedClients = matches?.unmatched.flatMap(record => unmatchedEntries(record, now, isWanted)) ?? []
  return [...ofLog, ...unmatchedClients].sort(calmly(now))
}
