import {minuteMs} from '../durations.ts'
import {tabledReason} from '../reasons/reason.ts'
import {type Client, isStuck} from './client.ts'

/** Of the clients that were dropped for want of room, what their refusals were about, by words of our own table. */
export type DroppedReason = {
  /** All that were dropped. */
  clients: number
  /** Those of them that were being refused when they were dropped, lately. */
  stuck: number
  attempts: number
  firstAt: number
  lastAt: number
}

export type Dropped = {clients: number; byReason: Map<string, DroppedReason>}

export const emptyDropped = (): Dropped => ({clients: 0, byReason: new Map()})

const recentMs = 10 * minuteMs

const recordDropped = (dropped: Dropped, client: Client, now: number): void => {
  dropped.clients += 1
  const stuck = isStuck(client, now) ? 1 : 0
  for (const tally of client.tallies.values()) {
    if (tally.last.expected !== null) continue
    const reason = tabledReason(tally.detail ?? tally.reason)
    const before = dropped.byReason.get(reason)
    const isFresh = before !== undefined && tally.lastAt - before.lastAt < recentMs
    dropped.byReason.set(reason, {
      clients: (before?.clients ?? 0) + 1,
      stuck: (isFresh ? before.stuck : 0) + stuck,
      attempts: (isFresh ? before.attempts : 0) + stuck * tally.run.count,
      firstAt: isFresh ? Math.min(before.firstAt, tally.run.since) : tally.run.since,
      lastAt: Math.max(before?.lastAt ?? 0, tally.lastAt),
    })
  }
}

/** Those who were being refused when they were dropped, a moment ago: the rows that are left do not tell of them. */
export const recentlyDropped = ({byReason}: Dropped, now: number): [reason: string, DroppedReason][] =>
  Array.from(byReason).filter(([, {stuck, lastAt}]) => stuck > 0 && now - lastAt < recentMs)

export const countRecentlyDropped = (dropped: Dropped, now: number): number =>
  recentlyDropped(dropped, now).reduce((sum, [, {stuck}]) => sum + stuck, 0)

export const countDroppedFor = ({byReason}: Dropped, isKeptEntry: (reason: string) => boolean): number =>
  Array.from(byReason).reduce((sum, [reason, {clients}]) => sum + (isKeptEntry(reason) ? clients : 0), 0)

/** For the end of a list; empty where nothing was dropped. Who comes again after that is counted again, hence "up to". */
export const droppedText = (count: number): string => (count === 0 ? '' : `and up to ${count} more that are no longer kept`)

/** The client never identified itself: only its address is known. */
export const isUnnamed = ({identity, deviceId}: Pick<Client, 'identity' | 'deviceId'>): boolean =>
  identity.id === null && identity.mode === null && deviceId === null

/** How costly it is to drop a client. Untrusted clients can choose any name, but are never admitted and are recent. */
const worthOf = (client: Client, now: number): number => {
  const stuck = isStuck(client, now)
  if (isUnnamed(client)) return stuck ? 1 : 0
  return stuck || client.connected > 0 ? 3 : 2
}

type Candidate = {client: Client; worth: number; spanMs: number; lastAt: number; depth: number}

const byWorth = (a: Candidate, b: Candidate): number => a.worth - b.worth || a.spanMs - b.spanMs || a.lastAt - b.lastAt

/** Each is as deep as there are better ones of its network, so that the deepest are those of a crowd. */
const findDepths = (candidates: readonly Candidate[]): void => {
  for (const crowd of Map.groupBy(candidates, ({client}) => client.network).values()) {
    crowd.sort((a, b) => byWorth(b, a))
    for (const [depth, candidate] of crowd.entries()) candidate.depth = depth
  }
}

/**
 * The clients to drop, so many of those that are not in. First those that never said who they are and left. Then those of
 * whatever network has the most of them, so that a flood displaces its own.
 */
const toDrop = (clients: Iterable<Client>, count: number, now: number): Candidate[] => {
  const all: Candidate[] = []
  for (const client of clients) {
    const {open, firstAt, lastAt} = client
    if (open.size === 0) all.push({client, worth: worthOf(client, now), spanMs: lastAt - firstAt, lastAt, depth: 0})
  }
  const first = all.filter(({worth}) => worth === 0).sort(byWorth)
  if (first.length >= count) return first.slice(0, count)
  const others = all.filter(({worth}) => worth > 0)
  findDepths(others)
  others.sort((a, b) => b.depth - a.depth || byWorth(a, b))
  return [...first, ...others].slice(0, count)
}

/** Some at once, since all are looked at to find them. */
export const evict = (byKey: Map<string, Client>, dropped: Dropped, max: number, now: number): void => {
  for (const {client} of toDrop(byKey.values(), Math.ceil(max / 16), now)) {
    byKey.delete(client.key)
    recordDropped(dropped, client, now)
  }
}
