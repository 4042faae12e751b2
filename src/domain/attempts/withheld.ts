import type {Attempt} from './attempt.ts'
import type {Identity} from './event.ts'
import {forgetOldest} from './forget.ts'

/** The gateway tells of equal refusals once in half a minute, and says how many it withheld when it tells of the next. */
export type Withheld = {
  /** Refusals seen one by one that a later `suppressed=` counts again. */
  seenAnyway: Map<string, number>
  /**
   * Refused by an `unauthorized` line whose close line has not come; the gateway may have withheld it. Whether it was
   * waited for in vain: then it is settled, but a later `suppressed=` counts it all the same.
   */
  halfTold: Map<Attempt, 'waited-for' | 'settled'>
}

const mostSeen = 256
const mostHalfTold = 2048

export const nothingWithheld = (): Withheld => ({seenAnyway: new Map(), halfTold: new Map()})

const refusalKey = (attempt: Attempt): string => `${attempt.remote ?? ''} ${attempt.closeReason ?? ''}`

export const noteSeenAnyway = ({seenAnyway}: Withheld, attempt: Attempt): void => {
  const key = refusalKey(attempt)
  seenAnyway.set(key, (seenAnyway.get(key) ?? 0) + 1)
  forgetOldest(seenAnyway, mostSeen)
}

export const noteHalfTold = ({halfTold}: Withheld, attempt: Attempt): void => {
  halfTold.set(attempt, 'waited-for')
  forgetOldest(halfTold, mostHalfTold)
}

/** The `unauthorized` line calls a client by its display name where it has one, the close line by its id. */
const isSameName = (a: Identity, b: Identity): boolean =>
  a.id === b.id || (a.displayName !== null && a.displayName === b.displayName && (a.id === null || b.id === null))

const isAlike = (a: Attempt, b: Attempt): boolean =>
  a.remote === b.remote && a.authReason === b.authReason && isSameName(a.client, b.client)

/** All that the gateway has told of by half like this one, and those of them that are still to be settled. */
export const takeHalfToldLike = ({halfTold}: Withheld, attempt: Attempt): {count: number; waitedFor: Attempt[]} => {
  const waitedFor: Attempt[] = []
  let count = 0
  for (const [other, how] of halfTold) {
    if (!isAlike(other, attempt)) continue
    halfTold.delete(other)
    count += 1
    if (how === 'waited-for') waitedFor.push(other)
  }
  return {count, waitedFor}
}

export const takeHalfToldBefore = ({halfTold}: Withheld, before: number): Attempt[] => {
  const late = Array.from(halfTold).flatMap(([other, how]) => (how === 'waited-for' && other.at < before ? [other] : []))
  for (const attempt of late) halfTold.set(attempt, 'settled')
  return late
}

/** `suppressed=N` counts the attempts since the last of their kind, those too that another line told of after all. */
export const hiddenBy = ({seenAnyway}: Withheld, attempt: Attempt, suppressed: number, halfTold: number): number => {
  const key = refusalKey(attempt)
  const seen = seenAnyway.get(key) ?? 0
  seenAnyway.delete(key)
  return Math.max(0, suppressed - seen - halfTold)
}
