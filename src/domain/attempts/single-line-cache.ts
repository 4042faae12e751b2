import {evictOldest} from '../evict-oldest.ts'
import type {Attempt} from './attempt.ts'
import {isMasked, isShort} from './connection-key.ts'
import type {ConnectionEvent, ConnectionFacts, LogEvent} from './event.ts'

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
