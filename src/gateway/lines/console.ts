import type {Level} from '../../domain/attempts/event.ts'
import {dayMs, minuteMs} from '../../domain/durations.ts'
import {type LogRecord, type Meta, withoutColour} from './record.ts'

const dated = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) \[([\w./:@-]+)\] (.*)$/s
const clockOnly = /(?:^|[\s|])(\d\d:\d\d:\d\d) \[([\w./:@-]+)\] (.*)$/s
const maxPrefixLength = 200

const levelsByColour: Readonly<Record<string, Level>> = {'\u001b[31m': 'error', '\u001b[33m': 'warn'}
const defaultColour = '\u001b[39m'

/** The console writes no level word; where it writes colours, the one in which the line ends says it. */
const levelByColour = (line: string): Level => {
  const trimmed = line.trimEnd()
  const coloured = trimmed.endsWith(defaultColour) ? trimmed.slice(0, -defaultColour.length) : trimmed
  const at = coloured.lastIndexOf('\u001b')
  return levelsByColour[coloured.slice(at, at + defaultColour.length)] ?? 'info'
}

/** A console drops the leading `gateway/`, and the first word of a text that repeats the subsystem. */
const nested = ['ws', 'reload', 'shutdown', 'admission', 'health-monitor', 'heartbeat', 'canvas']
const fullSubsystem = (short: string): string => (nested.includes(short) ? `gateway/${short}` : short)

const pair = /(?<![\w.])([A-Za-z][\w.]*)=("(?:[^"\\]|\\.)*"|\S+)/g

const valueIn = (written: string): unknown => {
  if (!written.startsWith('"')) return written
  try {
    return JSON.parse(written)
  } catch {
    return written.slice(1, -1)
  }
}

/** WARN and ERROR lines of 8.2 and later carry their meta as ` key=value` behind the text. */
const metaBehind = (text: string): Meta | null => {
  const start = text.search(/ (?:cause|durationMs|event|error|errorName)=\S+ \w+=/)
  if (start < 0) return null
  return Object.fromEntries(Array.from(text.slice(start).matchAll(pair), ([, key = '', value = '']) => [key, valueIn(value)]))
}

/** A time of day belongs to the last day on which it was not in the future. */
const clockTime = (clock: string, now: number): number => {
  const day = new Date(now)
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  day.setHours(hours, minutes, seconds, 0)
  return day.getTime() > now + minuteMs ? day.getTime() - dayMs : day.getTime()
}

/** A line of the service's console, also behind the prefixes of docker, kubectl and the journal. */
export const readConsoleLine = (line: string, now: number): LogRecord | null => {
  const plain = withoutColour(line)
  const full = dated.exec(plain)
  const found = full ?? clockOnly.exec(plain)
  if (!found || found.index > maxPrefixLength) return null
  const [, time = '', subsystem = '', text = ''] = found
  return {
    at: full ? Date.parse(time.replace(',', '.')) : clockTime(time, now),
    level: levelByColour(line),
    subsystem: fullSubsystem(subsystem),
    text,
    meta: metaBehind(text),
    writer: 'gateway',
  }
}
