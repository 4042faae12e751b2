import type {Attempt} from './attempt.ts'
import {isMasked, isShort} from './connection-key.ts'
import type {ConnectionEvent, ConnectionFacts, Told} from './event.ts'
import {forgetOldest} from './forget.ts'

/**
 * Attempts of which one line told all, by what it told. Lines that are alike share their facts, so what was judged of one
 * holds for the next.
 */
export type Outright = Map<ConnectionFacts, Attempt>

const most = 512

/** Whether nothing is left to tell, and nothing hangs on what was told of others. */
export const tellsAll = ({kind, conn, facts, isShared}: ConnectionEvent): boolean =>
  isShared && kind === 'closed-early' && conn !== null && !isShort(conn) && !isMasked(conn) && facts.suppressed === undefined

/** As it is now: more may be learned of it, but not of those like it. */
export const noteOutright = (outright: Outright, facts: ConnectionFacts, attempt: Attempt): void => {
  outright.set(facts, {...attempt})
  forgetOldest(outright, most)
}

export const twinOf = (attempt: Attempt, {at, from}: Told, event: ConnectionEvent): Attempt => ({
  ...attempt,
  id: event.conn ?? attempt.id,
  at: at - (event.durationMs ?? 0),
  endedAt: at,
  endpoint: event.endpoint,
  deviceId: event.deviceId,
  requestId: event.requestId,
  evidence: [from],
})
