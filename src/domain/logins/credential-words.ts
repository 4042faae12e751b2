const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const whole = (ms: number): string => {
  if (ms < minute) return 'less than a minute'
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`
  return `${Math.floor(ms / day)} d`
}

/** How far off a moment is: `in 11 h`, `2 d ago`. */
export const fromNow = (at: number, now: number): string => (at > now ? `in ${whole(at - now)}` : `${whole(now - at)} ago`)

export const howLong = (at: number, now: number): string => whole(Math.abs(at - now))
