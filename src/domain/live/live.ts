import {type Attempt, isFailed, isIn} from '../attempts/attempt.ts'
import {isLikeOurs} from '../attempts/expected.ts'
import {
  type Candidate,
  candidateFromAttempt,
  candidateFromPresence,
  candidateFromSocket,
  type PresenceList,
  type TrackedPresence,
  toConnectedClient,
  trackPresence,
} from './candidate.ts'
import type {ConnectedClient} from './connected-client.ts'
import {matchSockets} from './match-sockets.ts'
import type {Observed} from './observed.ts'
import {type Connection, plainEndpoint, type SocketTable} from './socket.ts'

/** State kept from one refresh of the connected clients to the next. */
export type LiveMemory = {
  presence: PresenceList
  hasList: boolean
  /** Connections of which it was once clear whose they are, by endpoint. */
  names: ReadonlyMap<string, TrackedPresence>
}

export const createLiveMemory: LiveMemory = {presence: new Map(), hasList: false, names: new Map()}

/** All inputs: the gateway's own events, the system's sockets, the log. */
export type LiveInputs = {
  observed: Observed | null
  table: SocketTable | null
  /** Attempts that are open by the log. */
  open: Iterable<Attempt>
  /** The latest attempts, newest last, so that a refused one is not taken for a connected client. */
  recent: readonly Attempt[]
  /** It answers, though the system's list may show no listener. */
  isAnswering?: boolean
  /** Our own process. */
  ownPid: number
  at: number
}

const graceMs = 3000
const maxRecent = 300

const refusedByEndpoint = (recent: readonly Attempt[]): Map<string, Attempt> =>
  new Map(
    recent
      .slice(-maxRecent)
      .flatMap(attempt => (attempt.endpoint !== null && isFailed(attempt) ? [[plainEndpoint(attempt.endpoint), attempt]] : [])),
  )

const gatecrab = /\bgatecrab\b/

/** Other instances of gatecrab are not clients either. */
const isOurs = ({client, owner}: Connection, {ownPid, observed}: LiveInputs): boolean =>
  owner?.pid === ownPid || gatecrab.test(owner?.process ?? '') || (owner?.pid == null && client.port === observed?.ownPort)

/** The connections of others, without those the gateway holds to itself and those that have been refused. */
const foreignConnections = (inputs: LiveInputs): Connection[] => {
  const {table, recent} = inputs
  if (table === null) return []
  const gateways = new Set(table.listeners.map(({pid}) => pid))
  const refused = refusedByEndpoint(recent)
  return table.connections.filter(one => {
    const rejected = refused.get(one.endpoint)
    const isRefused = rejected !== undefined && (rejected.endedAt ?? rejected.at) >= one.firstSeen - graceMs
    return one.open && !isRefused && !isOurs(one, inputs) && (one.owner?.pid == null || !gateways.has(one.owner.pid))
  })
}

const isReadable = (table: SocketTable | null): table is SocketTable => table !== null && table.problem === null

const isDown = ({observed, table, isAnswering = false}: LiveInputs): boolean => {
  if (observed?.upSince != null || isAnswering) return false
  return isReadable(table)
    ? table.listeners.length === 0 && !table.connections.some(({open}) => open)
    : observed?.state === 'gone'
}

/** With `--verbose` the log tells of us as well. */
const isOurAttempt = (attempt: Attempt, {observed}: LiveInputs): boolean => {
  const {id, endpoint} = attempt
  const connId = observed?.hello?.connId ?? null
  const port = endpoint === null ? null : /:(\d+)->/.exec(endpoint)?.[1]
  return (
    isLikeOurs(attempt) ||
    (connId !== null && id.slice(0, 8) === connId.slice(0, 8)) ||
    (port != null && Number(port) === observed?.ownPort)
  )
}

/** Only a browser's leaving is logged; of others the system knows whether the connection is still there. */
const candidatesFromLog = (inputs: LiveInputs, sockets: readonly Connection[]): Candidate[] => {
  const at = new Map(sockets.map(socket => [socket.endpoint, socket]))
  const others = [...inputs.open].filter(attempt => isIn(attempt) && !isOurAttempt(attempt, inputs))
  return others.flatMap(attempt => {
    const socket = attempt.endpoint === null ? null : (at.get(plainEndpoint(attempt.endpoint)) ?? null)
    const hasLeft =
      attempt.endpoint !== null && socket === null && isReadable(inputs.table) && inputs.table.at > attempt.at + graceMs
    return hasLeft ? [] : [candidateFromAttempt(attempt, socket)]
  })
}

const isSame = ({client, deviceId}: Attempt, {presence}: TrackedPresence): boolean =>
  client.id === (presence.clientId ?? presence.host) &&
  client.mode === presence.mode &&
  client.version === presence.version &&
  (deviceId === null || presence.deviceId === null || deviceId === presence.deviceId)

/** A browser stands in the log and on the list: that is one person. */
const withPresence = (candidates: readonly Candidate[], presence: PresenceList): Candidate[] => {
  const rest = new Set(presence.values())
  const named = candidates.map(candidate => {
    const {attempt} = candidate
    const fits = attempt ? [...rest].filter(tracked => isSame(attempt, tracked)) : []
    const [tracked] = fits.toSorted(
      (a, b) => Math.abs(a.firstSeen - (attempt?.at ?? 0)) - Math.abs(b.firstSeen - (attempt?.at ?? 0)),
    )
    if (tracked === undefined) return candidate
    rest.delete(tracked)
    return {...candidate, tracked}
  })
  return [...named, ...Array.from(rest, candidateFromPresence)]
}

const withNames = (candidates: readonly Candidate[], sockets: readonly Connection[], names: LiveMemory['names']): Candidate[] => {
  const at = new Map(sockets.flatMap(socket => (names.has(socket.endpoint) ? [[names.get(socket.endpoint)?.key, socket]] : [])))
  return candidates.map(candidate =>
    candidate.socket ? candidate : {...candidate, socket: at.get(candidate.tracked?.key) ?? null},
  )
}

const confirmedNames = (
  candidates: readonly Candidate[],
  before: LiveMemory['names'],
  sockets: readonly Connection[],
): LiveMemory['names'] => {
  const remaining = sockets.flatMap(({endpoint}) => {
    const tracked = before.get(endpoint)
    return tracked ? [[endpoint, tracked] as const] : []
  })
  const fresh = candidates.flatMap(({tracked, socket, sure}) =>
    tracked && socket && sure === 'connection' ? [[socket.endpoint, tracked] as const] : [],
  )
  return new Map([...remaining, ...fresh])
}

const presenceDropMs = 290_000

/**
 * A connection keeps the name that it had on the list while there is no list, and where the list forgets: releases up to 2026.7.35
 * drop after five minutes who does nothing. Whoever else is off the list has said goodbye, and the connection follows.
 */
const unmatchedCandidates = (sockets: readonly Connection[], {names}: LiveMemory, hasList: boolean, at: number): Candidate[] =>
  sockets.flatMap(socket => {
    const tracked = names.get(socket.endpoint)
    if (tracked === undefined) return [candidateFromSocket(socket)]
    const isExpired = !hasList || at - tracked.presence.at > presenceDropMs
    return isExpired ? [{...candidateFromSocket(socket), tracked}] : []
  })

/** The clients connected now, each once, from the most reliable source. */
export const findConnectedClients = (
  live: LiveMemory,
  inputs: LiveInputs,
): {live: LiveMemory; connectedClients: ConnectedClient[]} => {
  const {observed, at} = inputs
  const list = observed?.upSince == null ? null : observed.presence
  const presence = trackPresence(live.presence, list, !live.hasList, at)
  const hasList = list !== null
  if (isDown(inputs)) return {live: createLiveMemory, connectedClients: []}
  const sockets = foreignConnections(inputs)
  const logged = candidatesFromLog(inputs, sockets)
  const tracked = withNames(withPresence(logged, hasList ? presence : new Map()), sockets, live.names)
  const taken = new Set(tracked.map(({socket}) => socket))
  const free = sockets.filter(socket => !taken.has(socket))
  const {candidates, unmatched: left} = matchSockets(
    tracked.filter(({socket}) => socket === null),
    free,
    inputs.table?.at ?? 0,
  )
  const all = [...tracked.filter(({socket}) => socket !== null), ...candidates]
  const names = confirmedNames(all, live.names, sockets)
  return {
    live: {presence, hasList: live.hasList || hasList, names},
    connectedClients: [...all, ...unmatchedCandidates(left, live, hasList, at)].map(toConnectedClient),
  }
}
