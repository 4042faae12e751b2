import {evictOldest} from '../evict-oldest.ts'
import type {Attempt} from './attempt.ts'

/**
 * Connections of which more may be told. The latest stands apart: most are over with the next line, and to put each into a
 * map and take it out again would cost more than all the rest.
 */
export type OpenConnections = {
  latest: {key: number; attempt: Attempt} | null
  byKey: Map<number, Attempt>
  keyAt: Map<string, number>
}

export const createOpenConnections = (): OpenConnections => ({latest: null, byKey: new Map(), keyAt: new Map()})

const maxOpen = 4096
const maxEndpoints = 2048

export const findOpen = ({latest, byKey}: OpenConnections, key: number): Attempt | undefined =>
  latest?.key === key ? latest.attempt : byKey.get(key)

export const findOpenKeyAt = ({latest, keyAt}: OpenConnections, endpoint: string): number | undefined =>
  latest?.attempt.endpoint === endpoint ? latest.key : keyAt.get(endpoint)

const recordEndpoint = ({keyAt}: OpenConnections, key: number, endpoint: string | null): void => {
  if (endpoint === null) return
  keyAt.set(endpoint, key)
  evictOldest(keyAt, maxEndpoints)
}

/** Returns the key of the evicted connection, if any. */
export const addOpen = (open: OpenConnections, key: number, attempt: Attempt, endpoint: string | null): number | undefined => {
  const {latest, byKey} = open
  if (latest?.key === key) return undefined
  if (byKey.has(key)) {
    recordEndpoint(open, key, endpoint)
    return undefined
  }
  open.latest = {key, attempt}
  if (latest === null) return undefined
  byKey.set(latest.key, latest.attempt)
  recordEndpoint(open, latest.key, latest.attempt.endpoint)
  return evictOldest(byKey, maxOpen)
}

export const removeOpen = (open: OpenConnections, key: number, {endpoint}: Attempt): void => {
  const isLatest = open.latest?.key === key
  if (isLatest) open.latest = null
  if ((isLatest || open.byKey.delete(key)) && endpoint !== null) open.keyAt.delete(endpoint)
}

/**
 * Keys of connections of which nothing more is kept, so that a line met twice does not count twice. It is a hash table
 * of plain numbers: a Set of them takes three times the memory and, being looked up for each line, four times the time.
 */
export type ClosedIds = {fresh: Float64Array; count: number; stale: Float64Array}

const minSlots = 1 << 11
const maxSlots = 1 << 19
const free = 0

export const createClosedIds = (): ClosedIds => ({fresh: new Float64Array(minSlots), count: 0, stale: new Float64Array(minSlots)})

/** All digits count: ids that are alike in most of them must not gather in one place, where each would be looked past. */
const hashSlot = (slots: Float64Array, key: number): number => {
  const mixed = Math.imul(key, 0x9e3779b1) ^ (key / 0x10000)
  return Math.imul(mixed, 0x85ebca6b) >>> Math.clz32(slots.length - 1)
}

const slotOf = (slots: Float64Array, key: number): number => {
  const last = slots.length - 1
  let slot = hashSlot(slots, key)
  while (slots[slot] !== free && slots[slot] !== key) slot = (slot + 1) & last
  return slot
}

const has = (slots: Float64Array, key: number): boolean => slots[slotOf(slots, key)] === key

export const isClosed = ({fresh, stale}: ClosedIds, key: number): boolean => has(fresh, key) || has(stale, key)

const enlarged = (slots: Float64Array): Float64Array => {
  const next = new Float64Array(slots.length * 4)
  for (let i = 0; i < slots.length; i += 1) {
    const key = slots[i] ?? free
    if (key !== free) next[slotOf(next, key)] = key
  }
  return next
}

/** Grows fourfold when half full; at its maximum size, drops the older half. */
const makeRoom = (closedIds: ClosedIds): void => {
  if (closedIds.fresh.length < maxSlots) {
    closedIds.fresh = enlarged(closedIds.fresh)
    return
  }
  closedIds.stale = closedIds.fresh
  closedIds.fresh = new Float64Array(maxSlots)
  closedIds.count = 0
}

export const addClosedId = (closedIds: ClosedIds, key: number): void => {
  closedIds.fresh[slotOf(closedIds.fresh, key)] = key
  closedIds.count += 1
  if (closedIds.count * 2 > closedIds.fresh.length) makeRoom(closedIds)
}
