import type {GatewayEvent, LineRef, LogLine, Told} from '../../domain/attempts/event.ts'
import {looksLikeConnection} from '../../domain/log-tally.ts'
import type {Places} from './line-tree.ts'
import type {Name, Values} from './line-values.ts'
import {isMoment, momentIn} from './moment.ts'

/** What a line told, and in which places it had those values that lines like it have of their own; -1 where it had none. */
export type Telling = Readonly<Record<Name, number>> & {
  event: GatewayEvent | null
  aroundId: readonly [string, string]
  isOdd: boolean
}

/** A line of the gateway about a connection that tells nothing, since its words are not known. */
export const isOdd = ({text, writer}: Pick<LogLine, 'text' | 'writer'>, event: GatewayEvent | null): boolean =>
  event === null && writer === 'gateway' && looksLikeConnection(text)

/** Not so long that another id could make it too long to be kept whole. */
const longestText = 300

/** What stands before and behind an id in the text of a close. */
const aroundIdIn = (event: GatewayEvent | null, id: string): readonly [string, string] => {
  const text = event && 'facts' in event ? (event.facts.text ?? '') : ''
  const at = text.length > longestText ? -1 : text.lastIndexOf(id)
  return [text.slice(0, at), text.slice(at + id.length)]
}

export const tellingOf = (line: LogLine, raw: string, values: Values): Telling => {
  const {event} = line
  const id = values.find(({name}) => name === 'textId')
  const placeOf = (name: Name): number => Math.max(-1, values.findIndex(value => value.name === name) * 2)
  return {
    event,
    conn: placeOf('conn'),
    endpoint: placeOf('endpoint'),
    durationMs: placeOf('durationMs'),
    deviceId: placeOf('deviceId'),
    requestId: placeOf('requestId'),
    time: placeOf('time'),
    textId: placeOf('textId'),
    aroundId: aroundIdIn(event, raw.slice(id?.start ?? 0, id?.end ?? 0)),
    isOdd: isOdd(line, event),
  }
}

const wordIn = (bytes: Buffer, places: Places, place: number): string => bytes.toString('utf8', places[place], places[place + 1])

const numberIn = (bytes: Buffer, places: Places, place: number): number => {
  let number = 0
  for (let at = places[place]!; at < places[place + 1]!; at += 1) number = number * 10 + bytes[at]! - 0x30
  return number
}

const near = 16

/**
 * Where the endpoint stands right behind the connection, the text of both, of which each is a part: to make a text of bytes
 * takes longer than all else about it.
 */
const textOfBoth = ({conn, endpoint}: Telling, bytes: Buffer, places: Places): string | null => {
  if (conn < 0 || endpoint < 0) return null
  const [from, to, gap] = [places[conn]!, places[endpoint + 1]!, places[endpoint]! - places[conn + 1]!]
  if (gap < 0 || gap > near) return null
  const text = bytes.toString('utf8', from, to)
  return text.length === to - from ? text : null
}

const eventLike = (telling: Telling, bytes: Buffer, places: Places): GatewayEvent | null => {
  const {event, conn, endpoint, deviceId, requestId, durationMs, textId, aroundId} = telling
  if (event === null || !('facts' in event)) return event
  const both = textOfBoth(telling, bytes, places)
  return {
    kind: event.kind,
    conn: both?.slice(0, places[conn + 1]! - places[conn]!) ?? (conn < 0 ? event.conn : wordIn(bytes, places, conn)),
    endpoint: both?.slice(places[endpoint]! - places[conn]!) ?? (endpoint < 0 ? event.endpoint : wordIn(bytes, places, endpoint)),
    deviceId: deviceId < 0 ? event.deviceId : wordIn(bytes, places, deviceId),
    requestId: requestId < 0 ? event.requestId : wordIn(bytes, places, requestId),
    durationMs: durationMs < 0 ? event.durationMs : numberIn(bytes, places, durationMs),
    facts: textId < 0 ? event.facts : {...event.facts, text: aroundId.join(wordIn(bytes, places, textId))},
    isShared: textId < 0,
  }
}

/** The time of the line in hand, if it has one. */
export const timeLike = ({time}: Telling, bytes: Buffer, places: Places): number =>
  momentIn(bytes, places[time]!, places[time + 1]!)

/** What a line tells that is like an earlier one, and of that time; null where that is none. */
export const toldLike = (telling: Telling, bytes: Buffer, places: Places, from: LineRef, at: number): Told | null =>
  isMoment(at) ? {at, from, event: eventLike(telling, bytes, places)} : null
