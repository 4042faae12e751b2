import {type Attempt, failed, isIn} from '../attempts/attempt.ts'
import {isLikeOurs} from '../attempts/expected.ts'
import type {Observed} from './live-gateway.ts'
import {paired} from './live-pairing.ts'
import {ofAttempt, ofPresence, ofSocket, type Person, visitorOf} from './live-person.ts'
import {followed, type Known, type KnownPresence} from './live-presence.ts'
import {type Connection, plainEndpoint, type SocketTable} from './live-socket.ts'
import type {Visitor} from './visitor.ts'

/** What is remembered from one look at who is in to the next. */
export type Live = {
  presence: KnownPresence
  hasList: boolean
  /** Connections of which it was once clear whose they are, by endpoint. */
  names: ReadonlyMap<string, Known>
}

export const noLive: Live = {presence: new Map(), hasList: false, names: new Map()}

/** All that was heard: the gateway itself, the system, the log. */
export type Heard = {
  observed: Observed | null
  table: SocketTable | null
  /** Attempts that are open by the log. */
  open: Iterable<Attempt>
  /** The latest attempts, newest last, so that one that was turned away is not taken for a visitor. */
  recent: readonly Attempt[]
  /** It answers, though the system's list may show no listener. */
  isAnswering?: boolean
  /** Our own process. */
  ownPid: number
  at: number
}

const graceMs = 3000
const mostRecent = 300

const turnedAway = (recent: readonly Attempt[]): Map<string, Attempt> =>
  new Map(
    recent
      .slice(-mostRecent)
      .flatMap(attempt => (attempt.endpoint !== null && failed(attempt) ? [[plainEndpoint(attempt.endpoint), attempt]] : [])),
  )

const gatecrab = /\bgatecrab\b/

/** Whoever else looks on with gatecrab is no client either. */
const isOurs = ({client, owner}: Connection, {ownPid, observed}: Heard): boolean =>
  owner?.pid === ownPid || gatecrab.test(owner?.process ?? '') || (owner?.pid == null && client.port === observed?.ownPort)

/** The connections of others, without those the gateway holds to itself and those that have been refused. */
const guests = (heard: Heard): Connection[] => {
  const {table, recent} = heard
  if (table === null) return []
  const gateways = new Set(table.listeners.map(({pid}) => pid))
  const refused = turnedAway(recent)
  return table.connections.filter(one => {
    const no = refused.get(one.endpoint)
    const isRefused = no !== undefined && (no.endedAt ?? no.at) >= one.firstSeen - graceMs
    return one.open && !isRefused && !isOurs(one, heard) && (one.owner?.pid == null || !gateways.has(one.owner.pid))
  })
}

const isTold = (table: SocketTable | null): table is SocketTable => table !== null && table.problem === null

const isDown = ({observed, table, isAnswering = false}: Heard): boolean => {
  if (observed?.upSince != null || isAnswering) return false
  return isTold(table) ? table.listeners.length === 0 && !table.connections.some(({open}) => open) : observed?.state === 'gone'
}

/** With `--verbose` the log tells of us as well. */
const isOurAttempt = (attempt: Attempt, {observed}: Heard): boolean => {
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
const byLog = (heard: Heard, sockets: readonly Connection[]): Person[] => {
  const at = new Map(sockets.map(socket => [socket.endpoint, socket]))
  const others = [...heard.open].filter(attempt => isIn(attempt) && !isOurAttempt(attempt, heard))
  return others.flatMap(attempt => {
    const socket = attempt.endpoint === null ? null : (at.get(plainEndpoint(attempt.endpoint)) ?? null)
    const hasLeft = attempt.endpoint !== null && socket === null && isTold(heard.table) && heard.table.at > attempt.at + graceMs
    return hasLeft ? [] : [ofAttempt(attempt, socket)]
  })
}

const isSame = ({client, deviceId}: Attempt, {presence}: Known): boolean =>
  client.id === (presence.clientId ?? presence.host) &&
  client.mode === presence.mode &&
  client.version === presence.version &&
  (deviceId === null || presence.deviceId === null || deviceId === presence.deviceId)

/** A browser stands in the log and on the list: that is one person. */
const withPresence = (persons: readonly Person[], presence: KnownPresence): Person[] => {
  const rest = new Set(presence.values())
  const named = persons.map(person => {
    const {attempt} = person
    const fits = attempt ? [...rest].filter(known => isSame(attempt, known)) : []
    const [known] = fits.toSorted(
      (a, b) => Math.abs(a.firstSeen - (attempt?.at ?? 0)) - Math.abs(b.firstSeen - (attempt?.at ?? 0)),
    )
    if (known === undefined) return person
    rest.delete(known)
    return {...person, known}
  })
  return [...named, ...Array.from(rest, ofPresence)]
}

const withNames = (persons: readonly Person[], sockets: readonly Connection[], names: Live['names']): Person[] => {
  const at = new Map(sockets.flatMap(socket => (names.has(socket.endpoint) ? [[names.get(socket.endpoint)?.key, socket]] : [])))
  return persons.map(person => (person.socket ? person : {...person, socket: at.get(person.known?.key) ?? null}))
}

const clearNames = (persons: readonly Person[], before: Live['names'], sockets: readonly Connection[]): Live['names'] => {
  const kept = sockets.flatMap(({endpoint}) => {
    const known = before.get(endpoint)
    return known ? [[endpoint, known] as const] : []
  })
  const fresh = persons.flatMap(({known, socket, sure}) =>
    known && socket && sure === 'connection' ? [[socket.endpoint, known] as const] : [],
  )
  return new Map([...kept, ...fresh])
}

const forgetfulMs = 290_000

/**
 * A connection keeps the name that it had on the list while there is no list, and where the list forgets: releases up to 2026.7.35
 * drop after five minutes who does nothing. Whoever else is off the list has said goodbye, and the connection follows.
 */
const unpaired = (sockets: readonly Connection[], {names}: Live, hasList: boolean, at: number): Person[] =>
  sockets.flatMap(socket => {
    const known = names.get(socket.endpoint)
    if (known === undefined) return [ofSocket(socket)]
    const isForgotten = !hasList || at - known.presence.at > forgetfulMs
    return isForgotten ? [{...ofSocket(socket), known}] : []
  })

/** Who is in now, each once, by whatever knows them best. */
export const whoIsIn = (live: Live, heard: Heard): {live: Live; visitors: Visitor[]} => {
  const {observed, at} = heard
  const list = observed?.upSince == null ? null : observed.presence
  const presence = followed(live.presence, list, !live.hasList, at)
  const hasList = list !== null
  if (isDown(heard)) return {live: noLive, visitors: []}
  const sockets = guests(heard)
  const logged = byLog(heard, sockets)
  const known = withNames(withPresence(logged, hasList ? presence : new Map()), sockets, live.names)
  const taken = new Set(known.map(({socket}) => socket))
  const free = sockets.filter(socket => !taken.has(socket))
  const {persons, left} = paired(
    known.filter(({socket}) => socket === null),
    free,
    heard.table?.at ?? 0,
  )
  const all = [...known.filter(({socket}) => socket !== null), ...persons]
  const names = clearNames(all, live.names, sockets)
  return {
    live: {presence, hasList: live.hasList || hasList, names},
    visitors: [...all, ...unpaired(left, live, hasList, at)].map(visitorOf),
  }
}
