import {parseDate, parseTypedTime} from '../app/typed-time.ts'

/** A moment: ISO 8601; where there is a `now`, a time of day or a length before it as well. */
export const parseMoment = (text: string, now: number | null): number | null =>
  now === null ? parseDate(text) : parseTypedTime(text, now)

export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))
