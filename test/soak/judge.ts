import type {Kind} from './kinds.ts'

export type Point = {at: number; rssMb: number; fds: number}

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const warmShare = 0.2
const growth = 1.1

export const rule =
  'flat: after the first fifth, the median memory of the last third is at most 10 % above that of the first third, and the fewest descriptors are no more than they were'

/** What does not hold; empty where all does. */
export const judge = (kind: Kind, points: readonly Point[], seconds: number, peakMb: number): string[] => {
  const found: string[] = []
  if (!(peakMb <= kind.maxRssMb)) found.push(`memory reached ${peakMb.toFixed(0)} MB, more than ${kind.maxRssMb}`)
  if (!kind.flat) return found
  const warm = points.filter(({at}) => at >= seconds * warmShare)
  const third = Math.floor(warm.length / 3)
  if (third < 3) return [...found, `too short to be judged flat: ${warm.length} points`]
  const [first, last] = [warm.slice(0, third), warm.slice(-third)]
  const [before, after] = [median(first.map(({rssMb}) => rssMb)), median(last.map(({rssMb}) => rssMb))]
  if (after > before * growth) found.push(`memory grew from ${before.toFixed(0)} to ${after.toFixed(0)} MB`)
  const [opened = 0, open = 0] = [first, last].map(third => Math.min(...third.map(({fds}) => fds)))
  if (open > opened) found.push(`descriptors went from ${opened} to ${open}`)
  return found
}
