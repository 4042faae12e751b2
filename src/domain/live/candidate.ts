import {type Attempt, addressOf} from '../attempts/attempt.ts'
import {type ConnectedClient, ownInstance, type Presence} from './connected-client.ts'
import type {Connection} from './socket.ts'

/** A line of the gateway's list, followed over time. */
export type TrackedPresence = {
  key: string
  presence: Presence
  firstSeen: number
  /** It was on the first list we got. */
  wasThere: boolean
}

export type PresenceList = ReadonlyMap<string, TrackedPresence>

const isIn = ({reason, mode, instanceId}: Presence): boolean =>
  reason !== 'disconnect' && reason !== 'self' && mode !== 'gateway' && instanceId !== ownInstance

const presenceName = ({deviceId, instanceId, clientId, host, mode, version, platform, ip}: Presence): string =>
  [deviceId ?? instanceId ?? '', clientId ?? host, mode, version, platform, ip].map(part => part ?? '').join('\u0000')

/** The entries have no ids; equal ones are distinguished by their position. */
const keyed = (list: readonly Presence[]): [string, Presence][] => {
  const counts = new Map<string, number>()
  return list.map(presence => {
    const name = presenceName(presence)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return [`${name}\u0000${count}`, presence]
  })
}

/** While no list is had, what was known stays known: a connection outlives our own. */
export const trackPresence = (
  tracked: PresenceList,
  list: readonly Presence[] | null,
  isFirst: boolean,
  at: number,
): PresenceList => {
  if (list === null) return tracked
  return new Map(
    keyed(list.filter(isIn)).map(([key, presence]) => {
      const before = tracked.get(key)
      return [key, {key, presence, firstSeen: before?.firstSeen ?? at, wasThere: before?.wasThere ?? isFirst}]
    }),
  )
}

/** A possible connected client, from one source: a log line, a presence entry, or a socket. */
export type Candidate = {
  attempt: Attempt | null
  tracked: TrackedPresence | null
  socket: Connection | null
  /** How far it is sure that this is their connection: it may be one of several, which one process may hold. */
  sure: 'connection' | 'process' | 'nothing'
}

export const candidateFromAttempt = (attempt: Attempt, socket: Connection | null): Candidate => ({
  attempt,
  tracked: null,
  socket,
  sure: 'connection',
})
export const candidateFromPresence = (tracked: TrackedPresence): Candidate => ({
  attempt: null,
  tracked,
  socket: null,
  sure: 'connection',
})
export const candidateFromSocket = (socket: Connection): Candidate => ({attempt: null, tracked: null, socket, sure: 'connection'})

const sinceOf = ({attempt, tracked, socket}: Candidate): number | null => {
  if (attempt) return attempt.at
  if (tracked) return tracked.wasThere ? tracked.presence.onlineSince : tracked.presence.at || tracked.firstSeen
  return socket?.notYetAt != null ? socket.firstSeen : null
}

const fromOf = ({attempt, tracked, socket}: Candidate): string | null => {
  if (attempt) return addressOf(attempt)
  const ip = tracked?.presence.ip ?? null
  if (ip !== null) return ip
  return socket?.client.host ?? (tracked ? 'local' : null)
}

const nameOf = ({attempt, tracked, socket}: Candidate): string =>
  attempt?.client.id ?? tracked?.presence.clientId ?? tracked?.presence.host ?? socket?.owner?.process ?? 'unknown'

const displayNameOf = (candidate: Candidate): string | null => {
  const host = candidate.tracked?.presence.host ?? null
  return host === nameOf(candidate) ? null : host
}

const keyOf = ({attempt, tracked, socket}: Candidate): string =>
  attempt ? `log ${attempt.id}` : tracked ? `presence ${tracked.key}` : `socket ${socket?.endpoint}`

const evidenceOf = ({attempt, tracked}: Candidate): ConnectedClient['by'] => (attempt ? 'log' : tracked ? 'presence' : 'socket')

export const toConnectedClient = (candidate: Candidate): ConnectedClient => {
  const {attempt, tracked, socket, sure} = candidate
  const presence = tracked?.presence
  const owner = sure === 'nothing' ? null : (socket?.owner ?? null)
  return {
    key: keyOf(candidate),
    name: nameOf(candidate),
    displayName: displayNameOf(candidate),
    mode: attempt?.client.mode ?? presence?.mode ?? null,
    version: attempt?.client.version ?? presence?.version ?? null,
    platform: attempt?.client.platform ?? presence?.platform ?? null,
    from: fromOf(candidate),
    since: sinceOf(candidate),
    by: evidenceOf(candidate),
    process: owner?.process ?? null,
    pid: owner?.pid ?? null,
    user: attempt?.user ?? owner?.user ?? null,
    endpoint: (sure === 'connection' ? socket?.endpoint : null) ?? attempt?.endpoint ?? null,
    deviceId: attempt?.deviceId ?? presence?.deviceId ?? null,
    attemptId: attempt?.id ?? null,
  }
}
