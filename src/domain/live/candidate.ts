import {type Attempt, addressOf} from '../attempts/attempt.ts'
import type {ConnectedClient} from './connected-client.ts'
import type {TrackedPresence} from './presence.ts'
import type {Connection} from './socket.ts'

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
