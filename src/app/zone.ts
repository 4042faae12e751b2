/** Date and time of day as a clock on the wall shows them; the month from 1. */
export type ClockFields = {year: number; month: number; day: number; hour: number; minute: number; second: number; ms: number}

let isUtc = false

/** Set once at the start, by --utc: every clock on the screen and in texts, and every time that is typed, is then in UTC. */
export const showUtc = (): void => {
  isUtc = true
}

const offsetMinutes = (at: number): number => (isUtc ? 0 : -new Date(at).getTimezoneOffset())

export const clockFields = (at: number): ClockFields => {
  const date = new Date(at)
  return isUtc
    ? {
        ...{year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate()},
        ...{hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), ms: date.getUTCMilliseconds()},
      }
    : {
        ...{year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate()},
        ...{hour: date.getHours(), minute: date.getMinutes(), second: date.getSeconds(), ms: date.getMilliseconds()},
      }
}

export const momentOf = ({year, month, day, hour, minute, second, ms}: ClockFields): number =>
  isUtc
    ? Date.UTC(year, month - 1, day, hour, minute, second, ms)
    : new Date(year, month - 1, day, hour, minute, second, ms).getTime()

/** UTC, UTC+1, UTC+5:30: as it is then, since summer has another. */
export const zoneName = (at: number): string => {
  const minutes = offsetMinutes(at)
  if (minutes === 0) return 'UTC'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}
