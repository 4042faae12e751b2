/** Two digits as a number. */
const two = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * 48

const utc = (time: string): number =>
  Date.UTC(
    two(time, 0) * 100 + two(time, 2),
    two(time, 5) - 1,
    two(time, 8),
    two(time, 11),
    two(time, 14),
    two(time, 17),
    two(time, 20) * 10 + time.charCodeAt(22) - 48,
  )

const minute = 60_000

const offset = (time: string): number => {
  const minutes = two(time, 24) * 60 + two(time, 27)
  return (time.charAt(23) === '-' ? -minutes : minutes) * minute
}

const stands = (time: string, at: number, sign: string): boolean => time.charCodeAt(at) === sign.charCodeAt(0)

const isIso = (time: string): boolean =>
  stands(time, 4, '-') && stands(time, 10, 'T') && stands(time, 13, ':') && stands(time, 19, '.')

/** From 1970 until long after anybody reads this: what lies outside is no time, and cannot be reckoned with. */
export const isMoment = (at: number): boolean => at >= 0 && at < 1e14

/** The time of a line. Date.parse takes twice as long, which a history of a million lines makes felt. */
export const momentOf = (time: string): number => {
  if (time.length === 24 && isIso(time) && stands(time, 23, 'Z')) return utc(time)
  return time.length === 29 && isIso(time) && stands(time, 26, ':') ? utc(time) - offset(time) : Date.parse(time)
}
