import type {GatewayEvent, LineRef, LogLine} from '../../domain/attempts/event.ts'
import {clean} from '../../domain/clean.ts'
import {countFormless, countOdd, type LogTally, looksLikeConnection} from '../../domain/log-source.ts'

import {auditLine, connectionLine} from './connection.ts'
import {readConsoleLine} from './console.ts'
import {readJsonLine} from './json.ts'
import {lifecycleLine, startFailure} from './lifecycle.ts'
import {providerLine} from './provider.ts'
import type {LogRecord} from './record.ts'
import {isMoment} from './timestamp.ts'
import {readPrintedLine, unwrapped} from './wrapped.ts'

const eventIn = ({subsystem, text, meta, writer}: LogRecord): GatewayEvent | null => {
  if (subsystem === 'gateway/ws') return connectionLine(text, meta) ?? lifecycleLine(text)
  if (writer === 'cli' || subsystem === '') return startFailure(text)
  if (subsystem === 'gateway' || subsystem.startsWith('gateway/')) return auditLine(text) ?? lifecycleLine(text)
  return providerLine(subsystem, text, meta)
}

const maxTextLength = 4096

/** What is cut off is told of, for a line of a megabyte is news by itself. */
const shown = (text: string): string =>
  text.length > maxTextLength ? `${clean(text, maxTextLength)} [clipped: ${text.length} characters]` : clean(text)

/** A stack trace's lines have no time of their own: they belong to the line before. */
const createLogEvent = (raw: string, from: LineRef, lastAt: number): LogLine => ({
  at: lastAt,
  level: 'info',
  subsystem: '',
  text: shown(raw),
  writer: 'cli',
  from,
  event: startFailure(raw),
})

/** A terminal in a container, and a pipe of Windows, end a line with both. */
const withoutReturn = (raw: string): string => (raw.endsWith('\r') ? raw.slice(0, -1) : raw)

export const recordOf = (given: string, now: number): LogRecord | null => {
  const raw = withoutReturn(unwrapped(given))
  if (raw.startsWith('{')) return readJsonLine(raw)
  return (
    readConsoleLine(raw, now) ?? readPrintedLine(raw) ?? (raw.includes('{"') ? readJsonLine(raw.slice(raw.indexOf('{"'))) : null)
  )
}

/** A log whose lines end with a carriage return alone is one line to us, of which only the beginning would be read. */
const isManyLines = (raw: string): boolean => {
  const first = raw.indexOf('\r')
  const second = first < 0 ? -1 : raw.indexOf('\r', first + 2)
  return second >= 0 && second < raw.length - 1
}

/** Two records on one line, of which the first alone is read: inside a text of JSON no quote stands without its backslash. */
/** A line of the gateway about a connection that tells nothing, since its words are not known. */
export const isOdd = ({text, writer}: Pick<LogLine, 'text' | 'writer'>, event: GatewayEvent | null): boolean =>
  event === null && writer === 'gateway' && looksLikeConnection(text)

const isTwoRecords = (raw: string): boolean => raw.startsWith('{') && raw.includes('}{"')

const countLine = (tally: LogTally, raw: string, found: LogRecord | null, event: GatewayEvent | null, line: number): void => {
  if (/^\s*$/.test(raw)) return
  tally.lines += 1
  if (isTwoRecords(raw)) countOdd(tally, line)
  else if (event && 'facts' in event) tally.connections += 1
  else if (found ? isOdd(found, event) : looksLikeConnection(raw, raw.length)) countOdd(tally, line)
  if (!found || isManyLines(raw)) countFormless(tally, line)
}

/** Parses a raw line. No line is lost: one that is not understood becomes a note, and is counted where a tally is kept. */
export const readLogLine = (given: string, from: LineRef, lastAt: number, now: number, tally?: LogTally): LogLine => {
  const raw = unwrapped(given)
  const found = recordOf(raw, now)
  const event = found && eventIn(found)
  if (tally) countLine(tally, raw, found, event, from.line)
  if (!found) return createLogEvent(raw, from, lastAt)
  const {at, level, subsystem, text, writer} = found
  return {
    at: isMoment(at) ? at : lastAt,
    level,
    subsystem: clean(subsystem, 80),
    text: shown(text),
    writer,
    from,
    event,
  }
}
