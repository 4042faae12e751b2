import {type Attempt, addressOf} from '../attempts/attempt.ts'
import type {Known} from './live-presence.ts'
import type {Connection} from './live-socket.ts'
import type {Visitor} from './visitor.ts'

/** One who is in, by all that is known of them: a line of the log, a line of the gateway's list, a connection. */
export type Person = {
  attempt: Attempt | null
  known: Known | null
  socket: Connection | null
  /** How far it is sure that this is their connection: it may be one of several, which one process may hold. */
  sure: 'connection' | 'process' | 'nothing'
}

export const ofAttempt = (attempt: Attempt, socket: Connection | null): Person => ({
  attempt,
  known: null,
  socket,
  sure: 'connection',
})
export const ofPresence = (known: Known): Person => ({attempt: null, known, socket: null, sure: 'connection'})
export const ofSocket = (socket: Connection): Person => ({attempt: null, known: null, socket, sure: 'connection'})

const sinceOf = ({attempt, known, socket}: Person): number | null => {
  if (attempt) return attempt.at
  if (known) return known.wasThere ? known.presence.onlineSince : known.presence.at || known.firstSeen
  return socket?.notYetAt != null ? socket.firstSeen : null
}

const fromOf = ({attempt, known, socket}: Person): string | null => {
  if (attempt) return addressOf(attempt)
  const ip = known?.presence.ip ?? null
  if (ip !== null) return ip
  return socket?.client.host ?? (known ? 'local' : null)
}

const nameOf = ({attempt, known, socket}: Person): string =>
  attempt?.client.id ?? known?.presence.clientId ?? known?.presence.host ?? socket?.owner?.process ?? 'unknown'

const displayNameOf = (person: Person): string | null => {
  const host = person.known?.presence.host ?? null
  return host === nameOf(person) ? null : host
}

const keyOf = ({attempt, known, socket}: Person): string =>
  attempt ? `log ${attempt.id}` : known ? `presence ${known.key}` : `socket ${socket?.endpoint}`

const howKnown = ({attempt, known}: Person): Visitor['by'] => (attempt ? 'log' : known ? 'presence' : 'socket')

export const visitorOf = (person: Person): Visitor => {
  const {attempt, known, socket, sure} = person
  const presence = known?.presence
  const owner = sure === 'nothing' ? null : (socket?.owner ?? null)
  return {
    key: keyOf(person),
    name: nameOf(person),
    displayName: displayNameOf(person),
    mode: attempt?.client.mode ?? presence?.mode ?? null,
    version: attempt?.client.version ?? presence?.version ?? null,
    platform: attempt?.client.platform ?? presence?.platform ?? null,
    from: fromOf(person),
    since: sinceOf(person),
    by: howKnown(person),
    process: owner?.process ?? null,
    pid: owner?.pid ?? null,
    user: attempt?.user ?? owner?.user ?? null,
    endpoint: (sure === 'connection' ? socket?.endpoint : null) ?? attempt?.endpoint ?? null,
    deviceId: attempt?.deviceId ?? presence?.deviceId ?? null,
    attemptId: attempt?.id ?? null,
  }
}
