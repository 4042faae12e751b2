import {evictOldest} from '../evict-oldest.ts'
import type {Attempt} from './attempt.ts'
import type {ConnectionEvent, ConnectionFacts, LogEvent} from './event.ts'

/** Eight and four of a connection's digits, which is how most lines write its id. */
const shortId = (conn: string): string => (conn.length > 13 ? `${conn.slice(0, 8)}…${conn.slice(-4)}` : conn)

export const isShort = (conn: string): boolean => conn.length === 13 && conn.charCodeAt(8) === 0x2026

/** The gateway takes some ids for secrets, and puts stars over their ends. */
export const isMasked = (conn: string): boolean => conn.endsWith('*')

const digitOf = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : -1
}

/** Up to eight hex digits as a number; -1 where there is anything else. */
const hexBetween = (text: string, start: number, end: number): number => {
  let value = 0
  for (let i = start; i < end; i += 1) {
    const digit = digitOf(text.charCodeAt(i))
    if (digit < 0) return -1
    value = (value << 4) | digit
  }
  return value >>> 0
}

/** Keys of digits begin at 1: 0 is a free slot in the table of closed ids. */
const hexKeys = 2 ** 48 + 1

const hashed = (text: string): number => {
  let value = 0
  for (let i = 0; i < text.length; i += 1) value = (value * 31 + text.charCodeAt(i)) % hexKeys
  return hexKeys + value
}

/** The digits of the short id as a number: a text as a key takes five times the time and the memory. */
export const connectionKey = (conn: string): number => {
  const first = conn.length < 13 ? -1 : hexBetween(conn, 0, 8)
  const last = first < 0 ? -1 : hexBetween(conn, conn.length - 4, conn.length)
  return last < 0 ? hashed(shortId(conn)) : first * 0x10000 + last + 1
}

/**
 * Attempts of which one line told all, by what it told. Lines that are alike share their facts, so what was judged of one
 * holds for the next.
 */
export type SingleLineCache = Map<ConnectionFacts, Attempt>

const max = 512

/** Whether the line is complete and independent of other lines. */
export const isComplete = ({kind, conn, facts, isShared}: ConnectionEvent): boolean =>
  isShared && kind === 'closed-early' && conn !== null && !isShort(conn) && !isMasked(conn) && facts.suppressed === undefined

/** A copy of the current state: later changes do not affect the cached one. */
export const rememberComplete = (cache: SingleLineCache, facts: ConnectionFacts, attempt: Attempt): void => {
  cache.set(facts, {...attempt})
  evictOldest(cache, max)
}

export const cloneFor = (attempt: Attempt, {at, from}: LogEvent, event: ConnectionEvent): Attempt => ({
  ...attempt,
  id: event.conn ?? attempt.id,
  at: at - (event.durationMs ?? 0),
  endedAt: at,
  endpoint: event.endpoint,
  deviceId: event.deviceId,
  requestId: event.requestId,
  evidence: [from],
})
