import {plural} from '../../app/words.ts'
import {clean} from '../../domain/clean.ts'
import {type DeviceIdentity, type DeviceToken, deviceName, shortId, shortIds} from '../../domain/devices/device.ts'
import type {DeviceRow, RequestRow} from '../../domain/devices/report.ts'
import {fromNow} from '../../domain/logins/login-state.ts'
import type {DevicesLook} from '../../runtime/devices-report.ts'
import {iso, isoOrNull} from '../moment-flags.ts'
import {wrapped} from './word-wrap.ts'

const requestJson = (request: RequestRow): object => ({
  requestId: request.requestId,
  deviceId: request.deviceId,
  state: request.state,
  kind: request.kind,
  name: request.name,
  client: {id: request.clientId, mode: request.mode, platform: request.platform, family: request.family},
  remote: request.address,
  origin: request.origin,
  roles: request.roles,
  scopes: request.scopes,
  approvedRoles: request.approved?.roles ?? null,
  approvedScopes: request.approved?.scopes ?? null,
  newRoles: request.newRoles,
  newScopes: request.newScopes,
  requestedAt: iso(request.requestedAt),
  refreshedAt: isoOrNull(request.refreshedAt),
  expiresAt: iso(request.expiresAt),
  supersedes: request.supersedes,
})

const tokenJson = ({role, scopes, createdAt, rotatedAt, revokedAt, lastUsedAt}: DeviceToken): object => ({
  role,
  scopes,
  createdAt: isoOrNull(createdAt),
  rotatedAt: isoOrNull(rotatedAt),
  revokedAt: isoOrNull(revokedAt),
  lastUsedAt: isoOrNull(lastUsedAt),
})

const deviceJson = (device: DeviceRow): object => ({
  deviceId: device.deviceId,
  state: device.state,
  name: device.name,
  client: {id: device.clientId, mode: device.mode, platform: device.platform, family: device.family},
  remote: device.address,
  origin: device.origin,
  roles: device.roles,
  scopes: device.scopes,
  approvedVia: device.via,
  pairedAt: isoOrNull(device.pairedAt),
  approvedAt: isoOrNull(device.approvedAt),
  lastSeenAt: isoOrNull(device.seenAt),
  connected: device.connected,
  duplicates: device.duplicates,
  isOlderDuplicate: device.isOlderDuplicate,
  tokens: device.tokens.map(tokenJson),
})

/** The printed form of the contract: fields may be added here, never renamed. Null lists: they could not be read. */
export const devicesDocument = ({now, release, from, report, problem}: DevicesLook): object => ({
  now: iso(now),
  release,
  source: from,
  pending: report?.requests.map(requestJson) ?? null,
  paired: report?.devices.map(deviceJson) ?? null,
  problems: problem === null ? [] : [problem],
})

const widths = [9, 10, 14, 15] as const
const indent = ' '.repeat(10)

const fitted = (text: string, width: number): string => {
  const chars = Array.from(text)
  return (chars.length > width ? `${chars.slice(0, width - 1).join('')}~` : text).padEnd(width)
}

const lineOf = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => fitted(cell, widths[i] ?? 28))
    .join(' ')
    .trimEnd()

const kindOf = ({clientId, mode, platform, family, origin}: DeviceIdentity): string => {
  const kind = [clientId, mode === clientId ? null : mode, family ?? platform].filter(Boolean).join(' ')
  return [kind === '' ? 'a client without a name' : kind, origin].filter(Boolean).join(', ')
}

const timeOf = (at: number, now: number): string => fromNow(at, now).replace('less than a minute', '< 1 min')

const listed = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '))

const asksFor = ({roles, scopes, kind, newRoles, newScopes, approved}: RequestRow): string => {
  const asked = `asks for ${listed(roles)} with ${listed(scopes)}`
  if (approved === null) return `${asked}; never approved before`
  const isMore = kind === 'more-scopes' || kind === 'other-role'
  const more = isMore ? ` New: ${listed([...newRoles.map(role => `role ${role}`), ...newScopes])}.` : ' Nothing of it is new.'
  return `${asked}; approved: ${listed(approved.roles)} with ${listed(approved.scopes)}.${more}`
}

const whatNow = ({requestId, state, expiresAt}: RequestRow, now: number): string =>
  state === 'expired'
    ? 'It has ended unanswered: the next attempt of the device makes a new one.'
    : `\`gatecrab devices approve ${shortId(requestId)}\` or \`reject ${shortId(requestId)}\`; it ends ${fromNow(expiresAt, now)}.`

const requestLines = (request: RequestRow, now: number): string[] => [
  lineOf([
    shortId(request.requestId),
    request.state,
    timeOf(request.requestedAt, now),
    request.address ?? 'this host',
    deviceName(request),
  ]),
  wrapped(`${kindOf(request)}; device ${shortId(request.deviceId)}`, indent),
  wrapped(asksFor(request), indent),
  ...(request.supersedes.length === 0
    ? []
    : [wrapped(`Earlier requests of it, no longer valid: ${shortIds(request.supersedes)}.`, indent)]),
  wrapped(whatNow(request, now), indent),
]

const remarks = (device: DeviceRow): string[] => {
  const {deviceId, state, duplicates, isOlderDuplicate, tokens} = device
  const revoked = tokens.filter(({revokedAt}) => revokedAt !== null).map(({role}) => role)
  const remove = `\`gatecrab devices remove ${shortId(deviceId)}\``
  return [
    ...(revoked.length > 0 ? [`Its token as ${revoked.join(', ')} is revoked: it has to be approved again.`] : []),
    ...(duplicates.length > 0
      ? [
          `Looks like the same machine as ${duplicates.map(shortId).join(', ')}${isOlderDuplicate ? `, which was seen later: ${remove} if nobody uses this one.` : '.'}`,
        ]
      : []),
    ...(state === 'stale' && !isOlderDuplicate ? [`Not seen for more than 30 days: ${remove} if nobody uses it.`] : []),
  ]
}

const deviceLines = (device: DeviceRow, now: number): string[] => [
  lineOf([
    shortId(device.deviceId),
    device.state,
    device.state === 'connected' ? 'now' : device.seenAt === null ? 'not known' : timeOf(device.seenAt, now),
    listed(device.roles),
    deviceName(device),
  ]),
  wrapped(`${kindOf(device)}: ${listed(device.scopes)}${device.via === null ? '' : `, approved by ${device.via}`}`, indent),
  ...remarks(device).map(text => wrapped(text, indent)),
]

/** For a terminal of 80 columns: what waits first. */
export const devicesText = ({now, report, from}: DevicesLook): string => {
  if (report === null) return ''
  const {requests, devices} = report
  const waiting = requests.filter(({state}) => state === 'waiting').length
  const lines = [
    waiting === 0
      ? 'No device waits for approval.'
      : `${plural(waiting, 'request')} for approval, each refused until you decide:`,
    ...(requests.length === 0 ? [] : ['', lineOf(['REQUEST', 'STATE', 'ASKED', 'FROM', 'CALLS ITSELF'])]),
    ...requests.flatMap(request => requestLines(request, now)),
    '',
    devices.length === 0 ? 'No device is paired.' : `${plural(devices.length, 'paired device')}:`,
    ...(devices.length === 0 ? [] : ['', lineOf(['DEVICE', 'STATE', 'LAST SEEN', 'ROLES', 'NAME'])]),
    ...devices.flatMap(device => deviceLines(device, now)),
    '',
    wrapped(`Read from ${from}.`),
  ]
  return `${lines
    .flatMap(text => text.split('\n'))
    .map(text => clean(text))
    .join('\n')}\n`
}
