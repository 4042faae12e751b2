import {dayMs, hourMs, minuteMs} from '../domain/durations.ts'
import {clockFields, momentOf} from './zone.ts'

const units = {ms: 1, s: 1000, m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs} as const

/** A length such as `90s`, `15m`, `2h`, `3d`. */
export const lengthOf = (text: string): number | null => {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(text.trim()) ?? []
  return count === undefined ? null : Number(count) * units[unit as keyof typeof units]
}

type TimeOfDay = {hour: number; minute: number; second: number; ms: number}

const timeOfDay = (text: string): TimeOfDay | null => {
  const [all, hour, minute, second = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
  const time = {hour: Number(hour), minute: Number(minute), second: Number(second), ms: 0}
  return all !== undefined && time.hour < 24 && time.minute < 60 && time.second < 60 ? time : null
}

/** That time of day, on the day of a moment or some days after it: by the calendar, since not every day has 24 hours. */
const onDay = (at: number, days: number, time: TimeOfDay): number => {
  const {year, month, day} = clockFields(at)
  return momentOf({year, month, day: day + days, ...time})
}

/** With a zone of its own, or in the one that is shown. */
const dated = (text: string): number | null => {
  const [all, year, month, day, time = '00:00', rest = '', zone] =
    /^((?:\d{4}|[+-]\d{6}))-(\d\d)(?:-(\d\d)(?:[T ](\d{1,2}:\d\d(?::\d\d)?)((?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?)?)?$/i.exec(text) ??
    []
  const clock = timeOfDay(time)
  if (all === undefined || clock === null) return null
  if (zone !== undefined) {
    const at = Date.parse(text.replace(' ', 'T').replace(/\s+/g, ''))
    return Number.isNaN(at) ? null : at
  }
  const fields = {
    year: Number(year),
    month: Number(month),
    day: Number(day ?? 1),
    ...clock,
    ms: Number(rest.slice(1, 4).padEnd(3, '0')),
  }
  const at = momentOf(fields)
  const found = clockFields(at)
  return found.month === fields.month && found.day === fields.day ? at : null
}

/** As the screen writes it, without the year: the last such day that is not in the future. */
const withoutYear = (text: string, now: number): number | null => {
  const {year} = clockFields(now)
  return [year, year - 1].map(one => dated(`${one}-${text}`)).find(at => at !== null && at <= now) ?? null
}

const maxTime = 8.64e15

/** A moment as people write it: 03:10 (the last one), 2026-11-30 03:10, 11-30 03:10, ISO 8601, or a length ago. */
export const parseTypedTime = (typed: string, now: number): number | null => {
  const text = typed.trim()
  const ago = lengthOf(text.replace(/^-/, ''))
  if (ago !== null) return Math.max(now - ago, -maxTime)
  const time = timeOfDay(text)
  if (time !== null) {
    const today = onDay(now, 0, time)
    return today <= now ? today : onDay(now, -1, time)
  }
  return /^\d\d-\d\d(?: |$)/.test(text) ? withoutYear(text, now) : parseDate(text)
}

/** A moment that needs no other one to be understood. */
export const parseDate = (typed: string): number | null => dated(typed.trim())

/** In a time that is over, a time of day is the next one from here on; else the last one that it has. */
export const parseTimeWithin = (typed: string, {from, to, at}: {from: number; to: number; at: number}): number | null => {
  const time = timeOfDay(typed.trim())
  if (time === null) return parseTypedTime(typed, /^\s*-/.test(typed) ? at : to)
  const next = [0, 1].map(days => onDay(at, days, time)).find(one => one > at && one <= to)
  return next ?? parseTypedTime(typed, to) ?? from
}

export const timeForms = '03:10, 2026-11-30 03:10, ISO 8601 or a length ago such as 2h'
