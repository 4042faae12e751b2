const numbersOf = (release: string | null): number[] | null => {
  const [found] = /\d{4}\.\d+\.\d+(?:-\d+)?/.exec(release ?? '') ?? []
  return found === undefined ? null : found.split(/[.-]/).map(Number)
}

/** How far one is after the other; `2026.2.6-3` is after `2026.2.6`. */
const compare = (left: readonly number[], right: readonly number[]): number => {
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** An unknown release is treated as the newest. */
export const isSince = (release: string | null, first: string): boolean => {
  const numbers = numbersOf(release)
  return numbers === null || compare(numbers, numbersOf(first) ?? []) >= 0
}

export const isUpTo = (release: string | null, last: string): boolean => {
  const numbers = numbersOf(release)
  return numbers !== null && compare(numbers, numbersOf(last) ?? []) <= 0
}

export const isBetween = (release: string | null, first: string, last: string): boolean =>
  isSince(release, first) && isUpTo(release, last)
