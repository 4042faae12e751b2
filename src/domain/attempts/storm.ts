import {minuteMs} from '../durations.ts'
export type RecentAttempt = {at: number; failed: boolean}

const maxRecentAttempts = 40

/** Twice as many are kept for a while: to forget one with each that comes would take longer than all else about it. */
export const pushRecentAttempt = (attempts: RecentAttempt[], attempt: RecentAttempt): void => {
  attempts.push(attempt)
  if (attempts.length >= maxRecentAttempts * 2) attempts.splice(0, maxRecentAttempts)
}

export type Storm = {periodMs: number; perSecond: number}

const median = (sorted: Float64Array): number => sorted[sorted.length >> 1] ?? 0

const gapsOf = (attempts: readonly RecentAttempt[]): Float64Array => {
  const gaps = new Float64Array(attempts.length - 1)
  for (let i = 1; i < attempts.length; i += 1) gaps[i - 1] = (attempts[i]?.at ?? 0) - (attempts[i - 1]?.at ?? 0)
  return gaps.sort()
}

const isMostlyFailing = (attempts: readonly RecentAttempt[]): boolean => {
  let failed = 0
  for (const attempt of attempts) if (attempt.failed) failed += 1
  return failed >= attempts.length * 0.9
}

const minPauseMs = 10_000

const afterPause = (attempts: readonly RecentAttempt[], pause: number): number =>
  attempts.findLastIndex(({at}, i) => at - (attempts[i - 1]?.at ?? at) > pause)

/** Recent attempts since the last pause: earlier ones are not part of this storm. */
const lastRun = (attempts: readonly RecentAttempt[], now: number): readonly RecentAttempt[] => {
  const recent = attempts.slice(-maxRecentAttempts).filter(({at}) => now - at < 10 * minuteMs)
  if (recent.length < 6) return []
  if (afterPause(recent, minPauseMs) <= 0) return recent
  const begin = afterPause(recent, Math.max(minPauseMs, median(gapsOf(recent)) * 4))
  return begin <= 0 ? recent : recent.slice(begin)
}

/** A steady short interval, with nearly all attempts failing. */
export const stormOf = (
  {recentAttempts: attempts}: {readonly recentAttempts: readonly RecentAttempt[]},
  now: number,
): Storm | null => {
  const recent = lastRun(attempts, now)
  if (recent.length < 6 || !isMostlyFailing(recent)) return null
  const gaps = gapsOf(recent)
  const periodMs = Math.max(1, median(gaps))
  const last = recent.at(-1)?.at ?? 0
  if (periodMs > minuteMs || now - last > Math.max(periodMs * 4, 15_000)) return null
  const steady = gaps.findLastIndex(gap => gap <= periodMs * 3 + 1000) + 1
  return steady >= gaps.length * 0.8 ? {periodMs, perSecond: 1000 / periodMs} : null
}
