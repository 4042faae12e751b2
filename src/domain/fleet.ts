import type {Failure} from './failure.ts'

/** The status that the gatecrab on a remote host reports. Untrusted input: parsed and cleaned when read. */
export type RemoteStatus = {
  verdict: 'ok' | 'soon' | 'unknown' | 'broken'
  gatecrab: string | null
  release: string | null
  reach: string | null
  refused: number
  in: number
  /** From when it was said until the next login ends. */
  nextEndMs: number | null
  problems: readonly {id: string; layer: string; harm: string; title: string; because: string; tryThis: string; count: number}[]
}

/** Where a gateway of the fleet is: on another machine, or here as a profile of this account or a cell of `openclaw fleet`. */
export type FleetMember = {
  /** What it is called on the screen and in JSON; no two are called the same. */
  name: string
  kind: 'host' | 'profile' | 'cell'
  /** As ssh names the machine; the profile; the state folder of the cell. */
  place: string
}

/** A gateway of the fleet and its last known status. */
export type RemoteGateway = {
  /** Its name, which is that of the machine where it is on another one. */
  host: string
  status: RemoteStatus | null
  lastSeenAt: number | null
  /** Why there are no updates; null while the connection is open or opening. */
  problem: Failure | null
  retryAt: number | null
}

export type FleetEvent =
  | {kind: 'said'; host: string; status: RemoteStatus; event: 'began' | 'changed' | 'unchanged'; at: number}
  | {kind: 'lost'; host: string; problem: Failure; retryAt: number | null; at: number}

export const createRemoteGateway = (host: string): RemoteGateway => ({
  host,
  status: null,
  lastSeenAt: null,
  problem: null,
  retryAt: null,
})

export const applyFleetEvent = (before: RemoteGateway, event: FleetEvent): RemoteGateway =>
  event.kind === 'lost'
    ? {...before, problem: event.problem, retryAt: event.retryAt}
    : {...before, status: event.status, lastSeenAt: event.at, problem: null, retryAt: null}

/** Three times the length in which a word is due. */
const silentAfterMs = 45_000

export type FleetStatus = RemoteStatus['verdict'] | 'unreachable' | 'silent' | 'connecting'

/** A stale status is not trusted: an unreachable gateway is not healthy because it once was. */
export const fleetStatusOf = ({status, lastSeenAt, problem}: RemoteGateway, now: number): FleetStatus => {
  if (problem) return 'unreachable'
  if (status === null || lastSeenAt === null) return 'connecting'
  return now - lastSeenAt > silentAfterMs ? 'silent' : status.verdict
}

const order: readonly FleetStatus[] = ['ok', 'connecting', 'soon', 'silent', 'unreachable', 'unknown', 'broken']

/** The worst first, so that one looks where it burns. */
export const worstFirst = (all: readonly RemoteGateway[], now: number): RemoteGateway[] =>
  all.toSorted((a, b) => order.indexOf(fleetStatusOf(b, now)) - order.indexOf(fleetStatusOf(a, now)))

export const loginEndsIn = ({status, lastSeenAt}: RemoteGateway, now: number): number | null =>
  status === null || status.nextEndMs === null || lastSeenAt === null ? null : status.nextEndMs - (now - lastSeenAt)
