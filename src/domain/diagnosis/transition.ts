/** What was told last, what is seen since, and what changed how often lately. */
export type Transitions = {
  told: readonly string[] | null
  seen: readonly string[]
  seenSince: number
  /** When it was first another than was told, without having come back for good. */
  unsettledSince: number | null
  /** What was told to have come or gone. */
  lately: readonly {id: string; at: number}[]
  /** Changes that were seen since the last line. */
  changes: number
}

export const noTransitions: Transitions = {
  told: null,
  seen: [],
  seenSince: 0,
  unsettledSince: null,
  lately: [],
  changes: 0,
}

const holdMs = 1000
const mostHoldMs = 300_000
const lookBackMs = 600_000
const freely = 2
const patience = 5

/** What is in one of both only. */
const between = (a: readonly string[], b: readonly string[]): string[] => [
  ...a.filter(id => !b.includes(id)),
  ...b.filter(id => !a.includes(id)),
]

/** How long a change must last to be told: the longer, the oftener the same thing came and went lately. What is new never waits. */
const holdFor = (changed: readonly string[], lately: Transitions['lately']): number => {
  const times = changed.map(id => lately.filter(one => one.id === id).length)
  return Math.min(holdMs * 2 ** Math.max(0, Math.min(...times) - freely), mostHoldMs)
}

const withSeen = (before: Transitions, seen: readonly string[], now: number): Transitions =>
  between(before.seen, seen).length === 0
    ? before
    : {...before, seen, seenSince: now, unsettledSince: before.unsettledSince ?? now, changes: before.changes + 1}

/**
 * Whether what is seen now is worth a line. The first always is. Later a change must last for a while, so that a thing that
 * flaps does not flood; one that never comes to rest is told all the same after some patience.
 */
export const transition = (before: Transitions, seen: readonly string[], now: number): {next: Transitions; tells: boolean} => {
  if (before.told === null) return {next: {...noTransitions, told: seen, seen, seenSince: now}, tells: true}
  const heard = withSeen(before, seen, now)
  const next = {...heard, lately: heard.lately.filter(({at}) => now - at < lookBackMs)}
  const changed = between(before.told, seen)
  const lasted = now - next.seenSince
  if (changed.length === 0) return {next: lasted >= holdMs ? {...next, unsettledSince: null, changes: 0} : next, tells: false}
  const hold = holdFor(changed, next.lately)
  const isOverdue = next.unsettledSince !== null && now - next.unsettledSince >= hold * patience
  if (lasted < hold && !isOverdue) return {next, tells: false}
  const lately = [...next.lately, ...changed.map(id => ({id, at: now}))]
  return {next: {...next, told: seen, lately, unsettledSince: null}, tells: true}
}

/** The line is written: changes are counted anew. */
export const toldOf = (known: Transitions): Transitions => ({...known, changes: 0})
