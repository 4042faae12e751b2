import type {GatewayEvent, LineRef, Told} from '../domain/event.ts'
import type {Places} from './line-tree.ts'
import type {Name, Values} from './line-values.ts'
import {isMoment, momentIn} from './moment.ts'

/** What a line told, and in which places it had those values that lines like it have of their own; -1 where it had none. */
export type Telling = Readonly<Record<Name, number>> & {event: GatewayEvent | null}

export const tellingOf = (event: GatewayEvent | null, values: Values): Telling => {
  const placeOf = (name: Name): number => Math.max(-1, values.findIndex(value => value.name === name) * 2)
  return {
    event,
    conn: placeOf('conn'),
    endpoint: placeOf('endpoint'),
    durationMs: placeOf('durationMs'),
    deviceId: placeOf('deviceId'),
    requestId: placeOf('requestId'),
    time: placeOf('time'),
  }
}

const wordIn = (bytes: Buffer, places: Places, place: number): string => bytes.toString('utf8', places[place], places[place + 1])

const numberIn = (bytes: Buffer, places: Places, place: number): number => {
  let number = 0
  for (let at = places[place]!; at < places[place + 1]!; at += 1) number = number * 10 + bytes[at]! - 0x30
  return number
}

const eventLike = ({event, conn, endpoint, deviceId, requestId, durationMs}: Telling, bytes: Buffer, places: Places) => {
  if (event === null || !('facts' in event)) return event
  return {
    kind: event.kind,
    conn: conn < 0 ? event.conn : wordIn(bytes, places, conn),
    endpoint: endpoint < 0 ? event.endpoint : wordIn(bytes, places, endpoint),
    deviceId: deviceId < 0 ? event.deviceId : wordIn(bytes, places, deviceId),
    requestId: requestId < 0 ? event.requestId : wordIn(bytes, places, requestId),
    durationMs: durationMs < 0 ? event.durationMs : numberIn(bytes, places, durationMs),
    facts: event.facts,
    isShared: true,
  }
}

/** What a line tells that is like an earlier one; null where its time is none. */
export const toldLike = (telling: Telling, bytes: Buffer, places: Places, from: LineRef): Told | null => {
  const at = momentIn(bytes, places[telling.time]!, places[telling.time + 1]!)
  return isMoment(at) ? {at, from, event: eventLike(telling, bytes, places)} : null
}
