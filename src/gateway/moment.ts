const digits = (text: string, start: number, count: number): number => {
  let value = 0
  for (let i = start; i < start + count; i += 1) {
    const digit = text.charCodeAt(i) - 48
    value = value * 10 + (digit >= 0 && digit <= 9 ? digit : Number.NaN)
  }
  return value
}

const minute = 60_000

const utc = (time: string): number =>
  Date.UTC(
    digits(time, 0, 4),
    digits(time, 5, 2) - 1,
    digits(time, 8, 2),
    digits(time, 11, 2),
    digits(time, 14, 2),
    digits(time, 17, 2),
    digits(time, 20, 3),
  )

const offset = (time: string): number => {
  const minutes = digits(time, 24, 2) * 60 + digits(time, 27, 2)
  return (time.charAt(23) === '-' ? -minutes : minutes) * minute
}

/** The time of a line. Date.parse takes three times as long, which a history of a million lines makes felt. */
export const momentOf = (time: string): number => {
  if (time.length === 24 && time.endsWith('Z')) return utc(time)
  return time.length === 29 && time.charAt(26) === ':' ? utc(time) - offset(time) : Date.parse(time)
}
