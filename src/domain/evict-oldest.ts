/** A map or a set keeps the order in which it was filled. */
export const evictOldest = <T>(
  entries: {size: number; keys(): IterableIterator<T>; delete(key: T): boolean},
  max: number,
): T | undefined => {
  if (entries.size <= max) return undefined
  const [oldest] = entries.keys()
  if (oldest !== undefined) entries.delete(oldest)
  return oldest
}
