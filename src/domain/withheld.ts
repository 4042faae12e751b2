import type {Attempt} from './attempt.ts'
import {forgetOldest} from './forget.ts'

/** The gateway tells of equal refusals once in half a minute, and says how many it withheld when it tells of the next. */
export type Withheld = {
  /** Refusals seen one by one that a later `suppressed=` counts again. */
  seenAnyway: Map<string, number>
  /** Refused by an `unauthorized` line whose close line has not come; the gateway may have withheld it. */
  halfTold: Set<Attempt>
}

const mostSeen = 256
const mostHalfTold = 2048

export const nothingWithheld = (): Withheld => ({seenAnyway: new Map(), halfTold: new Set()})

const refusalKey = (attempt: Attempt): string => `${attempt.remote ?? ''} ${attempt.closeReason ?? ''}`

export const noteSeenAnyway = ({seenAnyway}: Withheld, attempt: Attempt): void => {
  const key = refusalKey(attempt)
  seenAnyway.set(key, (seenAnyway.get(key) ?? 0) + 1)
  forgetOldest(seenAnyway, mostSeen)
}

export const noteHalfTold = ({halfTold}: Withheld, attempt: Attempt): void => {
  halfTold.add(attempt)
  forgetOldest(halfTold, mostHalfTold)
}

const isAlike = (a: Attempt, b: Attempt): boolean =>
  a.remote === b.remote && a.authReason === b.authReason && a.client.id === b.client.id

const take = (halfTold: Set<Attempt>, wanted: (attempt: Attempt) => boolean): Attempt[] => {
  const taken = Array.from(halfTold).filter(wanted)
  for (const attempt of taken) halfTold.delete(attempt)
  return taken
}

export const takeHalfToldLike = ({halfTold}: Withheld, attempt: Attempt): Attempt[] =>
  take(halfTold, other => isAlike(other, attempt))

export const takeHalfToldBefore = ({halfTold}: Withheld, before: number): Attempt[] => take(halfTold, ({at}) => at < before)

/** `suppressed=N` counts the attempts since the last of their kind, those too that another line told of after all. */
export const hiddenBy = ({seenAnyway}: Withheld, attempt: Attempt, suppressed: number, halfTold: number): number => {
  const key = refusalKey(attempt)
  const seen = seenAnyway.get(key) ?? 0
  seenAnyway.delete(key)
  return Math.max(0, suppressed - seen - halfTold)
}
