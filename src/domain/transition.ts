/** What was told last, what is seen since, and how often there was something to tell lately. */
export type Transitions = {
  told: string | null
  seen: string
  seenSince: number
  /** When it was first another than was told, without having come back for good. */
  unsettledSince: number | null
  toldAt: readonly number[]
  /** Changes that were seen since the last line. */
  changes: number
}

export const noTransitions: Transitions = {told: null, seen: '', seenSince: 0, unsettledSince: null, toldAt: [], changes: 0}

const holdMs = 2000
const mostHoldMs = 300_000
const lookBackMs = 600_000
const freely = 4
const patience = 5

/** How long a thing must last to be told: the longer, the more was told lately. */
const holdFor = (toldAt: readonly number[]): number => Math.min(holdMs * 2 ** Math.max(0, toldAt.length - freely), mostHoldMs)

const withSeen = (before: Transitions, seen: string, now: number): Transitions =>
  seen === before.seen
    ? before
    : {...before, seen, seenSince: now, unsettledSince: before.unsettledSince ?? now, changes: before.changes + 1}

/**
 * Whether what is seen now is worth a line. The first always is. Later a change must last for a while, so that a thing that
 * flaps does not flood; one that never comes to rest is told all the same after some patience.
 */
export const transition = (before: Transitions, seen: string, now: number): {next: Transitions; tells: boolean} => {
  if (before.told === null) return {next: {...noTransitions, told: seen, seen, seenSince: now, toldAt: [now]}, tells: true}
  const heard = withSeen(before, seen, now)
  const toldAt = heard.toldAt.filter(at => now - at < lookBackMs)
  const next = {...heard, toldAt}
  const hold = holdFor(toldAt)
  const isSettled = now - next.seenSince >= hold
  if (seen === next.told) return {next: isSettled ? {...next, unsettledSince: null, changes: 0} : next, tells: false}
  const isOverdue = next.unsettledSince !== null && now - next.unsettledSince >= hold * patience
  if (!isSettled && !isOverdue) return {next, tells: false}
  return {next: {...next, told: seen, toldAt: [...toldAt, now], unsettledSince: null}, tells: true}
}

/** The line is written: changes are counted anew. */
export const toldOf = (known: Transitions): Transitions => ({...known, changes: 0})
