import type {ConnectionEvent, ConnectionFacts, LineRef, LogLine} from '../domain/event.ts'
import {isMoment, momentOf} from './moment.ts'

/** A line of a connection without the values that differ from line to line; those that matter are known by number. */
export type Pattern = {
  /** What stands before each value, and the letter behind it. */
  before: readonly string[]
  behind: readonly string[]
  conn: number
  endpoint: number
  durationMs: number
  deviceId: number
  requestId: number
  time: number
  /** How far before the id of the connection the text begins. */
  connAt: number
  line: LogLine
  event: ConnectionEvent
  /** The one that the next line was like, the last time. */
  next: Pattern | null
}

/** Where the values of the line in hand begin and end. */
export type Places = Int32Array

export const noPlaces = (): Places => new Int32Array(64)

/** Fills in the places; false where something else is between the values. */
export const fits = ({before, behind}: Pattern, raw: string, places: Places): boolean => {
  let end = 0
  for (let i = 0; i < before.length; i += 1) {
    const start = end + before[i]!.length
    if (raw.slice(end, start) !== before[i]) return false
    end = raw.indexOf(behind[i]!, start)
    if (end < 0) return false
    places[i * 2] = start
    places[i * 2 + 1] = end
  }
  return true
}

const valueAt = (raw: string, places: Places, number: number): string => raw.slice(places[number * 2], places[number * 2 + 1])

/** Some of these are a stranger's words. */
const unclean = /[^\w =.:>%[\]-]/
const longest = 128

const isClean = (value: string): boolean => value.length <= longest && !unclean.test(value)

const factsLike = (pattern: Pattern, raw: string, places: Places): ConnectionFacts | null => {
  const {durationMs, deviceId, requestId} = pattern
  if (durationMs < 0 && deviceId < 0 && requestId < 0) return pattern.event.facts
  const facts = {...pattern.event.facts}
  if (durationMs >= 0) facts.durationMs = Number(valueAt(raw, places, durationMs))
  if (deviceId >= 0) facts.deviceId = valueAt(raw, places, deviceId)
  if (requestId >= 0) facts.requestId = valueAt(raw, places, requestId)
  const isTold = !Number.isNaN(facts.durationMs) && isClean(facts.deviceId ?? '') && isClean(facts.requestId ?? '')
  return isTold ? facts : null
}

/** A line that fits, read; null where a value would need cleaning. */
export const lineLike = (pattern: Pattern, raw: string, places: Places, from: LineRef): LogLine | null => {
  const {line, event, conn, endpoint} = pattern
  const connAt = places[conn * 2]!
  const address = raw.slice(connAt, places[Math.max(conn, endpoint) * 2 + 1])
  const facts = factsLike(pattern, raw, places)
  const at = momentOf(valueAt(raw, places, pattern.time))
  if (facts === null || !isClean(address) || !isMoment(at)) return null
  const textAt = connAt - pattern.connAt
  return {
    at,
    level: line.level,
    subsystem: line.subsystem,
    text: raw.slice(textAt, raw.indexOf('"', textAt)),
    writer: line.writer,
    from,
    event: {
      kind: event.kind,
      conn: valueAt(raw, places, conn),
      endpoint: endpoint < 0 ? null : valueAt(raw, places, endpoint),
      facts,
    },
  }
}

const changing =
  /(?:"(durationMs|remotePort)":|"(lastFrameId|frameId|endpoint|deviceId|requestId|date|time)":"| (conn|peer)=)([^"\\ ,}]+)/g

type Value = {key: string; start: number; end: number}

/** Up to the time. Where a name comes twice, only the first value is left out. */
const valuesIn = (raw: string): Value[] => {
  const values = new Map<string, Value>()
  for (const {0: all, 1: number, 2: text, 3: word, 4: value = '', index} of raw.matchAll(changing)) {
    const key = number ?? text ?? ` ${word}`
    const end = index + all.length
    if (!values.has(key)) values.set(key, {key, start: end - value.length, end})
    if (key === 'time') break
  }
  return Array.from(values.values())
}

/** It must give back the very line it was made of: then no value was taken for another. */
const isTrue = (pattern: Pattern, raw: string): boolean => {
  const places = noPlaces()
  if (pattern.conn < 0 || pattern.time < 0 || pattern.before.length * 2 > places.length) return false
  if (!fits(pattern, raw, places)) return false
  return JSON.stringify(lineLike(pattern, raw, places, pattern.line.from)) === JSON.stringify(pattern.line)
}

export const patternOf = (raw: string, line: LogLine, event: ConnectionEvent): Pattern | null => {
  const values = valuesIn(raw)
  const numberOf = (key: string): number => values.findIndex(value => value.key === key)
  const pattern: Pattern = {
    before: values.map(({start}, i) => raw.slice(values[i - 1]?.end ?? 0, start)),
    behind: values.map(({end}) => raw.charAt(end)),
    conn: numberOf(' conn'),
    endpoint: numberOf(' peer'),
    durationMs: numberOf('durationMs'),
    deviceId: numberOf('deviceId'),
    requestId: numberOf('requestId'),
    time: numberOf('time'),
    connAt: line.text.indexOf(' conn=') + ' conn='.length,
    line,
    event,
    next: null,
  }
  return isTrue(pattern, raw) ? pattern : null
}
