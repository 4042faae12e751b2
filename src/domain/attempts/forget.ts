/** A map or a set keeps the order in which it was filled. */
export const forgetOldest = <T>(
  kept: {size: number; keys(): IterableIterator<T>; delete(key: T): boolean},
  most: number,
): T | undefined => {
  if (kept.size <= most) return undefined
  const [oldest] = kept.keys()
  if (oldest !== undefined) kept.delete(oldest)
  return oldest
}
