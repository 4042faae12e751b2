/** What was told last, what is seen since, and what changed how often lately. */
export type DebounceState = {
  reported: readonly string[] | null
  seen: readonly string[]
  seenSince: number
  /** When the state first differed from the reported one, without returning to it since. */
  unsettledSince: number | null
  /** Which problems were last reported as begun or ended. */
  recentChanges: readonly {id: string; at: number}[]
  /** Changes that were seen since the last line. */
  changes: number
}

export const initialDebounceState: DebounceState = {
  reported: null,
  seen: [],
  seenSince: 0,
  unsettledSince: null,
  recentChanges: [],
  changes: 0,
}

const holdMs = 1000
const maxHoldMs = 300_000
const lookBackMs = 600_000
const freeChanges = 2
const debounceFactor = 5

/** What is in one of both only. */
const symmetricDifference = (a: readonly string[], b: readonly string[]): string[] => [
  ...a.filter(id => !b.includes(id)),
  ...b.filter(id => !a.includes(id)),
]

/** What came often lately is waited for longer: twice as long each time, after the first ones. */
export const holdAfter = (times: number, baseMs: number, maxMs: number): number =>
  Math.min(baseMs * 2 ** Math.max(0, times - freeChanges), maxMs)

/** How long a change must last to be told: the longer, the oftener the same thing came and went lately. What is new never waits. */
const holdFor = (changed: readonly string[], recentChanges: DebounceState['recentChanges']): number => {
  const times = changed.map(id => recentChanges.filter(one => one.id === id).length)
  return holdAfter(Math.min(...times), holdMs, maxHoldMs)
}

const withSeen = (before: DebounceState, seen: readonly string[], now: number): DebounceState =>
  symmetricDifference(before.seen, seen).length === 0
    ? before
    : {...before, seen, seenSince: now, unsettledSince: before.unsettledSince ?? now, changes: before.changes + 1}

/**
 * Whether what is seen now is worth a line. The first always is. Later a change must last for a while, so that a thing that
 * flaps does not flood; one that never comes to rest is told all the same after some patience.
 */
export const debounce = (
  before: DebounceState,
  seen: readonly string[],
  now: number,
): {next: DebounceState; shouldReport: boolean} => {
  if (before.reported === null) return {next: {...initialDebounceState, reported: seen, seen, seenSince: now}, shouldReport: true}
  const observed = withSeen(before, seen, now)
  const next = {...observed, recentChanges: observed.recentChanges.filter(({at}) => now - at < lookBackMs)}
  const changed = symmetricDifference(before.reported, seen)
  const lasted = now - next.seenSince
  if (changed.length === 0)
    return {next: lasted >= holdMs ? {...next, unsettledSince: null, changes: 0} : next, shouldReport: false}
  const hold = holdFor(changed, next.recentChanges)
  const isOverdue = next.unsettledSince !== null && now - next.unsettledSince >= hold * debounceFactor
  if (lasted < hold && !isOverdue) return {next, shouldReport: false}
  const recentChanges = [...next.recentChanges, ...changed.map(id => ({id, at: now}))]
  return {next: {...next, reported: seen, recentChanges, unsettledSince: null}, shouldReport: true}
}

/** The line is written: changes are counted again. */
export const resetChanges = (state: DebounceState): DebounceState => ({...state, changes: 0})
