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
export const parseTimestamp = (time: string): number => {
  if (time.length === 24 && isIso(time) && stands(time, 23, 'Z')) return utc(time)
  return time.length === 29 && isIso(time) && stands(time, 26, ':') ? utc(time) - offset(time) : Date.parse(time)
}

/** NaN where there are no two digits. */
const twoIn = (bytes: Uint8Array, at: number): number => {
  const tens = bytes[at]! - 48
  const ones = bytes[at + 1]! - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Days since 1970, by a calendar whose years begin in March. */
const daysOf = (year: number, month: number, day: number): number => {
  const years = month > 2 ? year : year - 1
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leapDays + Math.floor((((month + 9) % 12) * 153 + 2) / 5) + day - 719_469
}

const hasForm = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 4] === 0x2d &&
  bytes[at + 7] === 0x2d &&
  bytes[at + 10] === 0x54 &&
  bytes[at + 13] === 0x3a &&
  bytes[at + 16] === 0x3a &&
  bytes[at + 19] === 0x2e

const offsetIn = (bytes: Uint8Array, at: number, length: number): number => {
  if (length === 1) return bytes[at] === 0x5a ? 0 : Number.NaN
  const minutes = bytes[at + 3] === 0x3a ? twoIn(bytes, at + 1) * 60 + twoIn(bytes, at + 4) : Number.NaN
  if (bytes[at] === 0x2d) return -minutes * minute
  return bytes[at] === 0x2b ? minutes * minute : Number.NaN
}

/** The time in some bytes, if it is written in one of the two forms of a log; else NaN. */
export const parseTimestampBytes = (bytes: Uint8Array, start: number, end: number): number => {
  if ((end - start !== 24 && end - start !== 29) || !hasForm(bytes, start)) return Number.NaN
  const month = twoIn(bytes, start + 5)
  const day = twoIn(bytes, start + 8)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN
  const days = daysOf(twoIn(bytes, start) * 100 + twoIn(bytes, start + 2), month, day)
  const minutes = (days * 24 + twoIn(bytes, start + 11)) * 60 + twoIn(bytes, start + 14)
  const ms = twoIn(bytes, start + 20) * 10 + bytes[start + 22]! - 48
  return minutes * minute + twoIn(bytes, start + 17) * 1000 + ms - offsetIn(bytes, start + 23, end - start - 23)
}
