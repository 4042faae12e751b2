import type {GatewayEvent, LineRef, LogEvent, LogLine} from '../../../domain/attempts/event.ts'
import {isOdd} from '../log-line.ts'
import {isMoment, parseTimestampBytes} from '../timestamp.ts'
import type {ValueSpans} from './trie.ts'
import type {Name, Values} from './values.ts'

/** What a line told, and in which places it had those values that lines like it have of their own; -1 where it had none. */
export type LineTemplate = Readonly<Record<Name, number>> & {
  event: GatewayEvent | null
  idContext: readonly [string, string]
  isOdd: boolean
}

/** Not so long that another id could make it too long to be kept whole. */
const maxTextLength = 300

/** The text before and after an id in a close message. */
const idContextOf = (event: GatewayEvent | null, id: string): readonly [string, string] => {
  const text = event && 'facts' in event ? (event.facts.text ?? '') : ''
  const at = text.length > maxTextLength ? -1 : text.lastIndexOf(id)
  return [text.slice(0, at), text.slice(at + id.length)]
}

export const createTemplate = (line: LogLine, raw: string, values: Values): LineTemplate => {
  const {event} = line
  const id = values.find(({name}) => name === 'textId')
  const spanOf = (name: Name): number => Math.max(-1, values.findIndex(value => value.name === name) * 2)
  return {
    event,
    conn: spanOf('conn'),
    endpoint: spanOf('endpoint'),
    durationMs: spanOf('durationMs'),
    deviceId: spanOf('deviceId'),
    requestId: spanOf('requestId'),
    time: spanOf('time'),
    textId: spanOf('textId'),
    idContext: idContextOf(event, raw.slice(id?.start ?? 0, id?.end ?? 0)),
    isOdd: isOdd(line, event),
  }
}

const wordIn = (bytes: Buffer, spans: ValueSpans, span: number): string => bytes.toString('utf8', spans[span], spans[span + 1])

const numberIn = (bytes: Buffer, spans: ValueSpans, span: number): number => {
  let number = 0
  for (let at = spans[span]!; at < spans[span + 1]!; at += 1) number = number * 10 + bytes[at]! - 0x30
  return number
}

const near = 16

/**
 * Where the endpoint stands right behind the connection, the text of both, of which each is a part: to make a text of bytes
 * takes longer than all else about it.
 */
const textOfBoth = ({conn, endpoint}: LineTemplate, bytes: Buffer, spans: ValueSpans): string | null => {
  if (conn < 0 || endpoint < 0) return null
  const [from, to, gap] = [spans[conn]!, spans[endpoint + 1]!, spans[endpoint]! - spans[conn + 1]!]
  if (gap < 0 || gap > near) return null
  const text = bytes.toString('utf8', from, to)
  return text.length === to - from ? text : null
}

const instantiateEvent = (template: LineTemplate, bytes: Buffer, spans: ValueSpans): GatewayEvent | null => {
  const {event, conn, endpoint, deviceId, requestId, durationMs, textId, idContext} = template
  if (event === null || !('facts' in event)) return event
  const both = textOfBoth(template, bytes, spans)
  return {
    kind: event.kind,
    conn: both?.slice(0, spans[conn + 1]! - spans[conn]!) ?? (conn < 0 ? event.conn : wordIn(bytes, spans, conn)),
    endpoint: both?.slice(spans[endpoint]! - spans[conn]!) ?? (endpoint < 0 ? event.endpoint : wordIn(bytes, spans, endpoint)),
    deviceId: deviceId < 0 ? event.deviceId : wordIn(bytes, spans, deviceId),
    requestId: requestId < 0 ? event.requestId : wordIn(bytes, spans, requestId),
    durationMs: durationMs < 0 ? event.durationMs : numberIn(bytes, spans, durationMs),
    facts: textId < 0 ? event.facts : {...event.facts, text: idContext.join(wordIn(bytes, spans, textId))},
    isShared: textId < 0,
  }
}

/** The time of the line in hand, if it has one. */
export const timestampOf = ({time}: LineTemplate, bytes: Buffer, spans: ValueSpans): number =>
  parseTimestampBytes(bytes, spans[time]!, spans[time + 1]!)

/** What a line tells that is like an earlier one, and of that time; null where that is none. */
export const instantiate = (
  template: LineTemplate,
  bytes: Buffer,
  spans: ValueSpans,
  from: LineRef,
  at: number,
): LogEvent | null => (isMoment(at) ? {at, from, event: instantiateEvent(template, bytes, spans)} : null)
