import {isLoopback} from '../address.ts'
import type {Client} from '../attempts/client.ts'
import {everyClient, everyOpen} from '../attempts/clients.ts'
import {isExempt, isGuess} from '../attempts/lockout.ts'
import {minuteMs} from '../durations.ts'
import type {World} from '../world/world.ts'
import type {ConnectedClient} from './connected-client.ts'
import type {ListenerVerdict} from './listener.ts'
import {createLiveMemory, findConnectedClients, type LiveMemory} from './live.ts'
import type {Observed} from './observed.ts'
import type {ClientProcess, SocketTable} from './socket.ts'
import {emptyVisitHistory, updateVisitHistory, type VisitHistory} from './visit-history.ts'

/** Facts from sources other than the logs: the gateway itself, and the system. */
export type LiveNow = {
  /** Our own process, which is not a client. */
  ownPid: number
  observed: Observed | null
  table: SocketTable | null
  /** Whether it is the gateway that listens; null where nobody has looked yet. */
  listener: ListenerVerdict | null
  /** It answered over HTTP in this very look, whatever the system's list says. */
  isAnswering: boolean
  liveMemory: LiveMemory
  connectedClients: readonly ConnectedClient[]
  visitHistory: VisitHistory
  /** Which process a client of this host is, by the key of the client. */
  processes: ReadonlyMap<string, ClientProcess>
}

export const createLiveNow = (ownPid: number): LiveNow => ({
  ownPid,
  observed: null,
  table: null,
  listener: null,
  isAnswering: false,
  liveMemory: createLiveMemory,
  connectedClients: [],
  visitHistory: emptyVisitHistory,
  processes: new Map(),
})

/** A refused client holds a connection for a moment, too. */
const settlesMs = 600

/** Who guesses wrong on the gateway's own host is made to wait for the answer, up to five seconds. */
const waitsMs = 6000
const recentMs = minuteMs

const isGuessing = ({tallies}: Client, at: number): boolean =>
  Array.from(tallies.values()).some(({last, lastAt}) => at - lastAt < recentMs && isExempt(last) && isGuess(last))

const settling = (clients: readonly Client[], at: number): ((connectedClient: ConnectedClient) => boolean) => {
  const hereMs = clients.some(client => isGuessing(client, at)) ? waitsMs : settlesMs
  return ({by, since, from}) => by !== 'socket' || since === null || at - since >= (isLoopback(from) ? hereMs : settlesMs)
}

/** What answers as the gateway does is up: a list without a listener does not see it. */
export const isAnswering = (live: Pick<LiveNow, 'isAnswering' | 'listener'>): boolean =>
  live.isAnswering || live.listener?.is === 'gateway'

/** Refreshes the connected clients after an update. */
export const refreshLive = (live: LiveNow, world: World, at: number): LiveNow => {
  const {recent} = world
  const open = everyOpen(world.clients)
  const {ownPid, observed, table} = live
  const found = findConnectedClients(live.liveMemory, {observed, table, open, recent, ownPid, at, isAnswering: isAnswering(live)})
  const connectedClients = found.connectedClients.filter(settling(everyClient(world.clients), at))
  return {
    ...live,
    liveMemory: found.live,
    connectedClients,
    visitHistory: updateVisitHistory(live.visitHistory, connectedClients, at),
  }
}

const maxProcesses = 200

export const withProcess = (live: LiveNow, client: string, owner: ClientProcess): LiveNow => ({
  ...live,
  processes: new Map([...[...live.processes].filter(([key]) => key !== client).slice(1 - maxProcesses), [client, owner]]),
})

/** The sources of the connected clients: the presence list, the sockets, or the log alone. */
export const evidenceSources = ({observed, table}: LiveNow): ('list' | 'sockets')[] => [
  ...(observed?.upSince != null && observed.presence !== null ? (['list'] as const) : []),
  ...(table !== null && table.problem === null ? (['sockets'] as const) : []),
]
