import {clean} from '../../clean.ts'
import {activeTokens, deviceName, shortId} from '../../devices/device.ts'
import type {DeviceReport, DeviceRow, RequestRow} from '../../devices/report.ts'
import {usageFailure} from '../../failure.ts'
import type {Refusal} from '../preconditions.ts'

const usage = (title: string, because: string, tryThis: string): Refusal => ({
  refused: usageFailure(title, {because, tryThis}),
  unknown: false,
  usage: true,
})

const list = '`gatecrab devices` lists them'

/** Shorter ones may mean another tomorrow. */
const shortestPrefix = 4

const matching = <Row>(rows: readonly Row[], idOf: (row: Row) => string, id: string): readonly Row[] => {
  const exact = rows.filter(row => idOf(row) === id)
  return exact.length > 0 || id.length < shortestPrefix ? exact : rows.filter(row => idOf(row).startsWith(id))
}

type Named<Row> = {rows: readonly Row[]; idOf: (row: Row) => string; what: string; none: string}

const onlyOne = <Row>({rows, idOf, what, none}: Named<Row>, typed: string): Row | Refusal => {
  const id = typed.trim().toLowerCase()
  const [first, ...others] = matching(rows, idOf, id)
  if (first === undefined)
    return usage(
      `No such ${what}: ${clean(typed, 80)}`,
      id.length < shortestPrefix && id !== '' ? `an id is named by ${shortestPrefix} letters or more` : none,
      list,
    )
  return others.length === 0
    ? first
    : usage(
        `More than one ${what} begins with ${clean(typed, 80)}`,
        [first, ...others].map(idOf).join(', '),
        'type more of its id',
      )
}

/** The request that an id or the beginning of one names. One that was replaced leads to the one that took its place. */
export const chooseRequest = ({requests}: DeviceReport, typed: string): RequestRow | Refusal => {
  const id = typed.trim().toLowerCase()
  const replaced = requests.find(
    ({state, supersedes}) =>
      state === 'waiting' &&
      matching(supersedes, one => one, id).length > 0 &&
      !requests.some(one => one.requestId.startsWith(id)),
  )
  if (replaced && id.length >= shortestPrefix)
    return usage(
      `Request ${clean(typed, 80)} is no longer valid`,
      `device ${shortId(replaced.deviceId)} has made another since, ${replaced.requestId}`,
      `\`gatecrab devices approve ${shortId(replaced.requestId)}\` shows that one`,
    )
  const found = onlyOne(
    {
      rows: requests,
      idOf: ({requestId}) => requestId,
      what: 'request',
      none: 'it was answered, or it has ended: a request lives for 5 minutes, and the next attempt of its device makes another',
    },
    typed,
  )
  if ('refused' in found || found.state === 'waiting') return found
  return {
    refused: {
      title: `Request ${found.requestId} has ended`,
      because: 'a request lives for 5 minutes',
      tryThis: 'let the device try again: that makes a new one',
      from: 'gateway',
    },
    unknown: false,
  }
}

export const chooseDevice = ({devices}: DeviceReport, typed: string): DeviceRow | Refusal =>
  onlyOne({rows: devices, idOf: ({deviceId}) => deviceId, what: 'device', none: 'no paired device has that id'}, typed)

/** The role whose token is meant: the one that is named, or the only one that there is. */
export const chooseRole = (device: DeviceRow, typed: string | null): string | Refusal => {
  const roles = activeTokens(device).map(({role}) => role)
  const [only, ...others] = roles
  const is = `${deviceName(device)} (${shortId(device.deviceId)})`
  if (only === undefined)
    return {
      refused: {
        title: `${is} has no token that works`,
        because: device.tokens.length === 0 ? 'it was given none' : 'each of them is revoked already',
        tryThis: '`gatecrab devices remove` takes the device itself out',
        from: 'gateway',
      },
      unknown: false,
    }
  if (typed === null)
    return others.length === 0 ? only : usage(`${is} has several roles`, roles.join(', '), 'name the one that is meant')
  return roles.includes(typed)
    ? typed
    : usage(`${is} has no token as ${clean(typed, 40)}`, `it has one as ${roles.join(', ')}`, 'name one of these')
}
