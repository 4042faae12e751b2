import {clockFields, zoneName} from './zone.ts'

const pad = (n: number): string => String(n).padStart(2, '0')

/** The operator's own time of day, or with --utc that of UTC. */
export const clock = (at: number): string => {
  const {hour, minute, second} = clockFields(at)
  return `${pad(hour)}:${pad(minute)}:${pad(second)}`
}

export const clockMs = (at: number): string => `${clock(at)}.${String(clockFields(at).ms).padStart(3, '0')}`

export const day = (at: number): string => {
  const fields = clockFields(at)
  return `${fields.year}-${pad(fields.month)}-${pad(fields.day)}`
}

/** With its date and its zone: whoever jumped there must see where that is. */
export const wholeMoment = (at: number): string => `${day(at)} ${clock(at)} ${zoneName(at)}`

/** For a narrow column: the time of day, or the day where that is not today. */
export const clockOrDay = (at: number, now: number): string => (day(at) === day(now) ? clock(at) : day(at).slice(5))

/** The time of day, with its date where that is not today's. */
export const moment = (at: number, now: number): string =>
  day(at) === day(now) ? clock(at) : `${day(at).slice(5)} ${clock(at).slice(0, 5)}`

/** How often something comes again. */
export const period = (ms: number): string => (ms < 9950 ? `${(ms / 1000).toFixed(1)}s` : length(ms))

/** The two largest units of a length: 3d4h, 2m05s. */
export const length = (ms: number): string => {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 60) return `${s}s`
  const m = Math.floor(s / 60)
  if (m < 60) return s % 60 === 0 ? `${m}m` : `${m}m${pad(s % 60)}s`
  const h = Math.floor(m / 60)
  if (h < 24) return m % 60 === 0 ? `${h}h` : `${h}h${pad(m % 60)}m`
  return h % 24 === 0 ? `${Math.floor(h / 24)}d` : `${Math.floor(h / 24)}d${h % 24}h`
}

export const ago = (at: number | null, now: number): string =>
  at === null ? 'never' : now - at < 1500 ? 'now' : `${length(now - at)} ago`

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const plainBars = ['_', '.', ':', '-', '=', '+', '*', '#']

export const sparkline = (counts: readonly number[], isAscii: boolean): string => {
  const max = Math.max(1, ...counts)
  const steps = isAscii ? plainBars : bars
  return counts.map(count => (count === 0 ? ' ' : steps[Math.min(7, Math.floor((count / max) * 7.99))])).join('')
}
