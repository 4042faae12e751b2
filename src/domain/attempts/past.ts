/**
 * Keys of connections of which nothing more is kept, so that a line met twice does not count twice. It is a hash table
 * of plain numbers: a Set of them takes three times the memory and, being looked up for each line, four times the time.
 */
export type Past = {fresh: Float64Array; count: number; stale: Float64Array}

const fewest = 1 << 11
const most = 1 << 19
const free = 0

export const noPast = (): Past => ({fresh: new Float64Array(fewest), count: 0, stale: new Float64Array(fewest)})

/** All digits count: ids that are alike in most of them must not gather in one place, where each would be looked past. */
const homeOf = (slots: Float64Array, key: number): number => {
  const mixed = Math.imul(key, 0x9e3779b1) ^ (key / 0x10000)
  return Math.imul(mixed, 0x85ebca6b) >>> Math.clz32(slots.length - 1)
}

const slotOf = (slots: Float64Array, key: number): number => {
  const last = slots.length - 1
  let slot = homeOf(slots, key)
  while (slots[slot] !== free && slots[slot] !== key) slot = (slot + 1) & last
  return slot
}

const has = (slots: Float64Array, key: number): boolean => slots[slotOf(slots, key)] === key

export const isPast = ({fresh, stale}: Past, key: number): boolean => has(fresh, key) || has(stale, key)

const grown = (slots: Float64Array): Float64Array => {
  const next = new Float64Array(slots.length * 4)
  for (let i = 0; i < slots.length; i += 1) {
    const key = slots[i] ?? free
    if (key !== free) next[slotOf(next, key)] = key
  }
  return next
}

/** Half full, it grows fourfold; at its largest, the older half is forgotten at once. */
const makeRoom = (past: Past): void => {
  if (past.fresh.length < most) {
    past.fresh = grown(past.fresh)
    return
  }
  past.stale = past.fresh
  past.fresh = new Float64Array(most)
  past.count = 0
}

export const letGo = (past: Past, key: number): void => {
  past.fresh[slotOf(past.fresh, key)] = key
  past.count += 1
  if (past.count * 2 > past.fresh.length) makeRoom(past)
}
