const numbersOf = (release: string): number[] => (/^\d+(?:[.-]\d+)*/.exec(release)?.[0] ?? '').split(/[.-]/).map(Number)

const compared = (a: string, b: string): number => {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** An unknown release is treated as the newest. */
export const isSince = (release: string | null, first: string): boolean => release === null || compared(release, first) >= 0

export const isUpTo = (release: string | null, last: string): boolean => release !== null && compared(release, last) <= 0

export const isBetween = (release: string | null, first: string, last: string): boolean =>
  isSince(release, first) && isUpTo(release, last)
