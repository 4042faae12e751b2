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
