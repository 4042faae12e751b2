import {minuteMs} from '../durations.ts'
export type Knock = {at: number; failed: boolean}

const mostKnocks = 40

/** Twice as many are kept for a while: to forget one with each that comes would take longer than all else about it. */
export const noteKnock = (knocks: Knock[], knock: Knock): void => {
  knocks.push(knock)
  if (knocks.length >= mostKnocks * 2) knocks.splice(0, mostKnocks)
}

export type Storm = {periodMs: number; perSecond: number}

const middle = (sorted: Float64Array): number => sorted[sorted.length >> 1] ?? 0

const gapsOf = (knocks: readonly Knock[]): Float64Array => {
  const gaps = new Float64Array(knocks.length - 1)
  for (let i = 1; i < knocks.length; i += 1) gaps[i - 1] = (knocks[i]?.at ?? 0) - (knocks[i - 1]?.at ?? 0)
  return gaps.sort()
}

const nearlyAllFail = (knocks: readonly Knock[]): boolean => {
  let failed = 0
  for (const knock of knocks) if (knock.failed) failed += 1
  return failed >= knocks.length * 0.9
}

const shortestPause = 10_000

const afterPause = (knocks: readonly Knock[], pause: number): number =>
  knocks.findLastIndex(({at}, i) => at - (knocks[i - 1]?.at ?? at) > pause)

/** The knocks since the last pause: what was before it is another story. */
const lastRun = (knocks: readonly Knock[], now: number): readonly Knock[] => {
  const recent = knocks.slice(-mostKnocks).filter(({at}) => now - at < 10 * minuteMs)
  if (recent.length < 6) return []
  if (afterPause(recent, shortestPause) <= 0) return recent
  const begin = afterPause(recent, Math.max(shortestPause, middle(gapsOf(recent)) * 4))
  return begin <= 0 ? recent : recent.slice(begin)
}

/** A steady short period, and nearly all of it failing. */
export const stormOf = ({knocks}: {readonly knocks: readonly Knock[]}, now: number): Storm | null => {
  const recent = lastRun(knocks, now)
  if (recent.length < 6 || !nearlyAllFail(recent)) return null
  const gaps = gapsOf(recent)
  const periodMs = Math.max(1, middle(gaps))
  const last = recent.at(-1)?.at ?? 0
  if (periodMs > minuteMs || now - last > Math.max(periodMs * 4, 15_000)) return null
  const steady = gaps.findLastIndex(gap => gap <= periodMs * 3 + 1000) + 1
  return steady >= gaps.length * 0.8 ? {periodMs, perSecond: 1000 / periodMs} : null
}
