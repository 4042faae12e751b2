import {isLoopback} from '../address.ts'
import type {Client} from '../attempts/client.ts'
import {everyClient, everyOpen} from '../attempts/clients.ts'
import {isExempt, isGuess} from '../attempts/lockout.ts'
import {minuteMs} from '../durations.ts'
import type {World} from '../world/world.ts'
import {type GuestBook, noGuests, written} from './guest-book.ts'
import type {ListenerVerdict} from './listener.ts'
import {type Live, noLive, whoIsIn} from './live.ts'
import type {Observed} from './live-gateway.ts'
import type {ClientProcess, SocketTable} from './live-socket.ts'
import type {Visitor} from './visitor.ts'

/** What is known beside the logs: from the gateway itself, and from the system. */
export type LiveNow = {
  /** Our own process, which is nobody's client. */
  ownPid: number
  observed: Observed | null
  table: SocketTable | null
  /** Whether it is the gateway that listens; null where nobody has looked yet. */
  listener: ListenerVerdict | null
  /** It answered over HTTP in this very look, whatever the system's list says. */
  isAnswering: boolean
  memory: Live
  visitors: readonly Visitor[]
  guests: GuestBook
  /** Which process a client of this host is, by the key of the client. */
  processes: ReadonlyMap<string, ClientProcess>
}

export const newLiveNow = (ownPid: number): LiveNow => ({
  ownPid,
  observed: null,
  table: null,
  listener: null,
  isAnswering: false,
  memory: noLive,
  visitors: [],
  guests: noGuests,
  processes: new Map(),
})

/** Whoever is turned away holds a connection for a moment, too. */
const settlesMs = 600

/** Who guesses wrong on the gateway's own host is made to wait for the answer, up to five seconds. */
const waitsMs = 6000
const latelyMs = minuteMs

const isGuessing = ({tallies}: Client, at: number): boolean =>
  Array.from(tallies.values()).some(({last, lastAt}) => at - lastAt < latelyMs && isExempt(last) && isGuess(last))

const settling = (clients: readonly Client[], at: number): ((visitor: Visitor) => boolean) => {
  const hereMs = clients.some(client => isGuessing(client, at)) ? waitsMs : settlesMs
  return ({by, since, from}) => by !== 'socket' || since === null || at - since >= (isLoopback(from) ? hereMs : settlesMs)
}

/** What answers as the gateway does is up: a list without a listener does not see it. */
export const isAnswering = (live: Pick<LiveNow, 'isAnswering' | 'listener'>): boolean =>
  live.isAnswering || live.listener?.is === 'gateway'

/** Another look at who is in, after something was heard. */
export const lookedAround = (live: LiveNow, world: World, at: number): LiveNow => {
  const {recent} = world
  const open = everyOpen(world.clients)
  const {ownPid, observed, table} = live
  const found = whoIsIn(live.memory, {observed, table, open, recent, ownPid, at, isAnswering: isAnswering(live)})
  const visitors = found.visitors.filter(settling(everyClient(world.clients), at))
  return {...live, memory: found.live, visitors, guests: written(live.guests, visitors, at)}
}

const mostProcesses = 200

export const withProcess = (live: LiveNow, client: string, owner: ClientProcess): LiveNow => ({
  ...live,
  processes: new Map([...[...live.processes].filter(([key]) => key !== client).slice(1 - mostProcesses), [client, owner]]),
})

/** From what is known who is in: the gateway's own list, the connections, or the log alone. */
export const knownFrom = ({observed, table}: LiveNow): ('list' | 'sockets')[] => [
  ...(observed?.upSince != null && observed.presence !== null ? (['list'] as const) : []),
  ...(table !== null && table.problem === null ? (['sockets'] as const) : []),
]
