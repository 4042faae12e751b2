import {minuteMs} from '../durations.ts'
import {evictOldest} from '../evict-oldest.ts'

/**
 * How many there were in each of the latest minutes. The minute in hand stands apart: nearly all that comes falls into it,
 * and a number costs less than a map.
 */
export type Minutes = {current: number; count: number; before: Map<number, number>}

export const createMinutes = (): Minutes => ({current: -1, count: 0, before: new Map()})

const switchTo = (minutes: Minutes, minute: number, max: number): void => {
  const {current, count, before} = minutes
  if (count > 0) before.set(current, count)
  evictOldest(before, max)
  minutes.current = minute
  minutes.count = before.get(minute) ?? 0
}

export const countAt = (minutes: Minutes, at: number, count: number, max: number): void => {
  const minute = Math.floor(at / minuteMs)
  if (minute !== minutes.current) switchTo(minutes, minute, max)
  minutes.count += count
}

/** One number for each of the last minutes, the one in hand the last of them. */
export const lastMinutes = ({current, count, before}: Minutes, now: number, length: number): number[] => {
  const first = Math.floor(now / minuteMs) - length + 1
  return Array.from({length}, (_, i) => (first + i === current ? count : (before.get(first + i) ?? 0)))
}
