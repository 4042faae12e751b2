import type {ConnectionEvent, ConnectionFacts, LineRef, LogLine} from '../domain/event.ts'
import {momentOf} from './moment.ts'

/** A line without the values that differ from line to line; those that matter are known by their number. */
type Pattern = {
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
}

/**
 * Lines that were read before. A log says the same few things over and over, with other ids and times: to see that a
 * line is like an earlier one takes a third of the time of reading it.
 */
export type Memory = {patterns: Map<number, Pattern[]>; count: number; places: Int32Array}

export const noMemory = (): Memory => ({patterns: new Map(), count: 0, places: new Int32Array(64)})

const mostPatterns = 4096
const mostAlike = 16
const none: readonly Pattern[] = []

const subsystemAt = '{"0":"{\\"subsystem\\":\\"'.length
const contentAt = '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":'.length
const samples = 64

/** First letters of a meta, or of a text that tells of a refusal or of a webchat. */
const promising = /["{][a-z"]/y

const mayBeFamiliar = (raw: string): boolean => {
  promising.lastIndex = contentAt
  return raw.startsWith('gateway/ws', subsystemAt) && promising.test(raw)
}

/** Some letters of what all refusals of one client for one reason have in common; -1 where there is no such part. */
const keyOf = (raw: string): number => {
  const said = mayBeFamiliar(raw) ? raw.indexOf(' remote=', contentAt) : -1
  if (said < 0) return -1
  const end = raw.indexOf('"', said)
  const step = Math.max(1, Math.floor((end - said) / samples))
  let key = raw.charCodeAt(contentAt) + end - said
  for (let i = said; i < end; i += step) key = (Math.imul(key, 31) + raw.charCodeAt(i)) | 0
  return key
}

/** Notes where each value begins and ends; false where something else is between them. */
const fits = ({before, behind}: Pattern, raw: string, places: Int32Array): boolean => {
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

const plain = /^[\w.:>%[\]-]*$/

const lineLike = (pattern: Pattern, raw: string, places: Int32Array, from: LineRef): LogLine | null => {
  const value = (i: number): string => raw.slice(places[i * 2], places[i * 2 + 1])
  const {line, event} = pattern
  const conn = value(pattern.conn)
  const endpoint = pattern.endpoint < 0 ? null : value(pattern.endpoint)
  if (!plain.test(conn) || !(endpoint === null || plain.test(endpoint))) return null
  const textStart = places[pattern.conn * 2]! - pattern.connAt
  return {
    at: momentOf(value(pattern.time)),
    level: line.level,
    subsystem: line.subsystem,
    text: raw.slice(textStart, raw.indexOf('"', textStart)),
    writer: line.writer,
    from,
    event: {kind: event.kind, conn, endpoint, facts: factsLike(pattern, value)},
  }
}

const factsLike = (pattern: Pattern, value: (i: number) => string): ConnectionFacts => {
  const facts = {...pattern.event.facts}
  if (pattern.durationMs >= 0) facts.durationMs = Number(value(pattern.durationMs))
  if (pattern.deviceId >= 0) facts.deviceId = value(pattern.deviceId)
  if (pattern.requestId >= 0) facts.requestId = value(pattern.requestId)
  return facts
}

export const recalled = (memory: Memory, raw: string, from: LineRef): LogLine | null => {
  for (const pattern of memory.patterns.get(keyOf(raw)) ?? none) {
    if (fits(pattern, raw, memory.places)) return lineLike(pattern, raw, memory.places, from)
  }
  return null
}

const changing =
  /(?:"(durationMs|remotePort)":|"(lastFrameId|frameId|endpoint|deviceId|requestId|date|time)":"| (conn|peer)=)([^"\\ ,}]+)/g

type Value = {key: string; value: string; start: number; end: number}

/** Of values that are named twice the later ones are left as they are. */
const valuesIn = (raw: string): Value[] => {
  const values = new Map<string, Value>()
  for (const {0: all, 1: number, 2: text, 3: word, 4: value = '', index} of raw.matchAll(changing)) {
    const key = number ?? text ?? ` ${word}`
    const end = index + all.length
    if (!values.has(key)) values.set(key, {key, value, start: end - value.length, end})
    if (key === 'time') break
  }
  return Array.from(values.values())
}

const patternOf = (raw: string, line: LogLine, event: ConnectionEvent): Pattern => {
  const values = valuesIn(raw)
  const numberOf = (key: string): number => values.findIndex(value => value.key === key)
  return {
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
  }
}

/** It must give back the very line it was made of: then no value was taken for another. */
const isTrue = (pattern: Pattern, raw: string, {places}: Memory): boolean => {
  if (pattern.conn < 0 || pattern.time < 0 || pattern.before.length * 2 > places.length || !fits(pattern, raw, places)) return false
  return JSON.stringify(lineLike(pattern, raw, places, pattern.line.from)) === JSON.stringify(pattern.line)
}

export const learn = (memory: Memory, raw: string, line: LogLine): void => {
  const {event} = line
  const key = keyOf(raw)
  if (key === -1 || event === null || !('facts' in event) || event.conn === null || event.kind === 'mentioned') return
  const pattern = patternOf(raw, line, event)
  if (!isTrue(pattern, raw, memory)) return
  if (memory.count >= mostPatterns) Object.assign(memory, noMemory())
  memory.count += 1
  memory.patterns.set(key, [pattern, ...(memory.patterns.get(key) ?? none).slice(0, mostAlike - 1)])
}
