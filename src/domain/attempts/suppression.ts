import {evictOldest} from '../evict-oldest.ts'
import type {Attempt} from './attempt.ts'
import type {Identity} from './event.ts'

/** The gateway logs equal refusals once per half minute, and reports the number it suppressed with the next one. */
export type Suppression = {
  /** Refusals seen one by one that a later `suppressed=` counts again. */
  loggedAnyway: Map<string, number>
  /**
   * Refused by an `unauthorized` line whose close line has not come; the gateway may have withheld it. Whether it was
   * waited for in vain: then it is settled, but a later `suppressed=` counts it all the same.
   */
  unconfirmed: Map<Attempt, 'waited-for' | 'settled'>
}

const maxLoggedAnyway = 256
const maxUnconfirmed = 2048

export const createSuppression = (): Suppression => ({loggedAnyway: new Map(), unconfirmed: new Map()})

const refusalKey = (attempt: Attempt): string => `${attempt.remote ?? ''} ${attempt.closeReason ?? ''}`

export const countLoggedAnyway = ({loggedAnyway}: Suppression, attempt: Attempt): void => {
  const key = refusalKey(attempt)
  loggedAnyway.set(key, (loggedAnyway.get(key) ?? 0) + 1)
  evictOldest(loggedAnyway, maxLoggedAnyway)
}

export const addUnconfirmed = ({unconfirmed}: Suppression, attempt: Attempt): void => {
  unconfirmed.set(attempt, 'waited-for')
  evictOldest(unconfirmed, maxUnconfirmed)
}

/** The `unauthorized` line calls a client by its display name where it has one, the close line by its id. */
const isSameName = (a: Identity, b: Identity): boolean =>
  a.id === b.id || (a.displayName !== null && a.displayName === b.displayName && (a.id === null || b.id === null))

const isAlike = (a: Attempt, b: Attempt): boolean =>
  a.remote === b.remote && a.authReason === b.authReason && isSameName(a.client, b.client)

/** All unconfirmed attempts of this kind, and those of them that are unresolved. */
export const takeUnconfirmedLike = ({unconfirmed}: Suppression, attempt: Attempt): {count: number; pending: Attempt[]} => {
  const pending: Attempt[] = []
  let count = 0
  for (const [other, how] of unconfirmed) {
    if (!isAlike(other, attempt)) continue
    unconfirmed.delete(other)
    count += 1
    if (how === 'waited-for') pending.push(other)
  }
  return {count, pending}
}

export const takeUnconfirmedBefore = ({unconfirmed}: Suppression, before: number): Attempt[] => {
  const late = Array.from(unconfirmed).flatMap(([other, how]) => (how === 'waited-for' && other.at < before ? [other] : []))
  for (const attempt of late) unconfirmed.set(attempt, 'settled')
  return late
}

/** `suppressed=N` counts all attempts since the last of their kind, including those that another line logged. */
export const countHidden = ({loggedAnyway}: Suppression, attempt: Attempt, suppressed: number, unconfirmed: number): number => {
  const key = refusalKey(attempt)
  const seen = loggedAnyway.get(key) ?? 0
  loggedAnyway.delete(key)
  return Math.max(0, suppressed - seen - unconfirmed)
}
