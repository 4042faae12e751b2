import {dayMs, hourMs, minuteMs} from '../durations.ts'

const whole = (ms: number): string => {
  if (ms < minuteMs) return 'less than a minute'
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`
  return `${Math.floor(ms / dayMs)} d`
}

/** How far off a moment is: `in 11 h`, `2 d ago`. */
export const fromNow = (at: number, now: number): string => (at > now ? `in ${whole(at - now)}` : `${whole(now - at)} ago`)

export const howLong = (at: number, now: number): string => whole(Math.abs(at - now))
