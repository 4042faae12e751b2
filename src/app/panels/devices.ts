import {type DeviceIdentity, deviceName, shortId, shortIds} from '../../domain/devices/device.ts'
import type {DeviceRow, RequestRow} from '../../domain/devices/report.ts'
import {formatFailure} from '../../domain/failure.ts'
import {type DeviceItem, deviceItems, deviceKey, requestKey} from '../devices-read.ts'
import type {Named} from '../rows/filter.ts'
import {type Column, filteredRows, type Role, type Row} from '../rows/rows.ts'
import {ago, length, moment} from '../words.ts'
import {type Explanation, iso, joined, type Panel, type PanelInput, panelOf} from './panel.ts'

const columns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'STATE', width: 9},
  {title: 'NAME', width: 18, grow: true},
  {title: 'CLIENT', width: 20, from: 110},
  {title: 'ROLES', width: 13, from: 50},
  {title: 'SCOPES', width: 26, wide: 44, from: 130},
  {title: 'FROM', width: 15, from: 74},
  {title: 'SEEN', width: 10},
  {title: 'ID', width: 8, from: 60},
]

const looks: Readonly<Record<RequestRow['state'] | DeviceRow['state'], {role: Role; sign: readonly [string, string]}>> = {
  waiting: {role: 'warn', sign: ['▲', '!']},
  expired: {role: 'dim', sign: ['·', '-']},
  connected: {role: 'good', sign: ['✓', '+']},
  paired: {role: 'plain', sign: ['✓', '+']},
  stale: {role: 'note', sign: ['?', '?']},
  revoked: {role: 'bad', sign: ['●', '*']},
}

const listed = (words: readonly string[], none = 'none'): string => (words.length === 0 ? none : words.join(', '))

const kindOf = ({clientId, mode, family, platform}: DeviceIdentity): string =>
  [clientId, mode === clientId ? null : mode, family ?? platform].filter(Boolean).join(' ')

const fromOf = ({address}: DeviceIdentity): string => address ?? 'this host'

const cellsOf = (item: DeviceItem) => {
  if (item.is === 'request') {
    const {request} = item
    return {...request, id: request.requestId, key: requestKey(request.requestId), seenAt: request.requestedAt, isOld: false}
  }
  const {device} = item
  return {...device, id: device.deviceId, key: deviceKey(device.deviceId), isOld: device.isOlderDuplicate, seenAt: device.seenAt}
}

const fields = ['name', 'client', 'role', 'scope', 'from', 'state', 'id', 'device'] as const

const rowOf = (item: DeviceItem, now: number, isAscii: boolean): Row => {
  const {id, key, state, roles, scopes, seenAt, isOld, ...identity} = cellsOf(item)
  const {role, sign} = looks[state]
  const name = deviceName(identity)
  const named: Named<typeof fields> = {
    name,
    client: kindOf(identity),
    role: listed(roles),
    scope: listed(scopes),
    from: fromOf(identity),
    state: isOld ? `${state} duplicate` : state,
    id,
    device: identity.deviceId,
  }
  return {
    key,
    dim: state === 'expired',
    search: {all: Object.values(named).join(' '), named},
    cells: [
      {text: isOld ? '?' : sign[isAscii ? 1 : 0], role: isOld ? 'note' : role},
      {text: isOld && state === 'paired' ? 'duplicate' : state, role: isOld ? 'note' : role},
      {text: name, role: state === 'expired' ? 'dim' : 'strong'},
      {text: kindOf(identity), role: 'dim'},
      {text: listed(roles)},
      {text: listed(scopes), role: 'dim'},
      {text: fromOf(identity)},
      {text: state === 'connected' ? 'now' : seenAt === null ? 'unknown' : ago(seenAt, now), role: 'dim'},
      {text: shortId(id), role: 'dim'},
    ],
  }
}

const kinds: Readonly<Record<RequestRow['kind'], string>> = {
  'new-device': 'This gateway has never approved it.',
  'more-scopes': 'It is paired, and now asks for more.',
  'other-role': 'It is paired, and now asks for a role that it has no token for.',
  again: 'It is paired, and asks for nothing new.',
}

const rights = ({roles, scopes}: {roles: readonly string[]; scopes: readonly string[]}): string =>
  `${listed(roles, 'no role')} with ${listed(scopes, 'no scope')}`

const identityFacts = (device: DeviceIdentity): [string, string][] =>
  (
    [
      ['device', device.deviceId],
      ['client', kindOf(device)],
      ['from', fromOf(device)],
      ['origin', device.origin],
    ] as const
  ).flatMap(([name, value]): [string, string][] => (value === null || value === '' ? [] : [[name, value]]))

const requestAdvice = ({requestId, state}: RequestRow, {kind}: PanelInput): string => {
  if (state === 'expired') return 'Let the device try again: that makes a new request. This one can no longer be approved.'
  const byHand = `\`openclaw devices approve ${requestId}\``
  return kind === 'replay'
    ? `If you know the device: ${byHand}.`
    : `If you know the device: a approves it. If not: X rejects it. By hand: ${byHand}.`
}

const whyRequest = (input: PanelInput, request: RequestRow): Explanation => {
  const {now} = input
  const isMore = request.approved !== null && (request.newScopes.length > 0 || request.newRoles.length > 0)
  const more = isMore ? ` New: ${listed([...request.newRoles.map(role => `role ${role}`), ...request.newScopes])}.` : ''
  return {
    why: `${deviceName(request)} asks for ${rights(request)}. ${kinds[request.kind]}${more}`,
    seen: joined([
      `asked ${ago(request.requestedAt, now)}`,
      request.refreshedAt === null ? null : `again ${ago(request.refreshedAt, now)}`,
      request.state === 'waiting' ? `ends in ${length(request.expiresAt - now)}` : `ended ${ago(request.expiresAt, now)}`,
      request.supersedes.length === 0 ? null : `earlier requests of it: ${shortIds(request.supersedes)}`,
    ]),
    tryThis: requestAdvice(request, input),
    facts: [
      ['request', request.requestId],
      ...identityFacts(request),
      ['asks for', rights(request)],
      ['approved', request.approved === null ? 'nothing yet' : rights(request.approved)],
    ],
  }
}

const duplicatesText = ({duplicates, isOlderDuplicate}: DeviceRow): string =>
  duplicates.length === 0
    ? ''
    : ` It looks like the same machine as ${duplicates.map(shortId).join(', ')}${isOlderDuplicate ? ', which was seen later' : ''}.`

const deviceAdvice = ({state, isOlderDuplicate, tokens}: DeviceRow, {kind}: PanelInput): string => {
  if (kind === 'replay') return 'Nothing to do.'
  if (isOlderDuplicate || state === 'stale') return 'If nobody uses it: D removes it.'
  if (state === 'revoked') return 'It has to ask again, and a approves it then; D removes it for good.'
  const role = tokens.length > 1 ? ' (:revoke ROLE where it has several)' : ''
  return `Nothing to do. V revokes its token${role}, T replaces it, D removes the device.`
}

const tokenText = ({role, createdAt, rotatedAt, revokedAt, lastUsedAt}: DeviceRow['tokens'][number], now: number): string =>
  joined([
    revokedAt === null ? `as ${role}` : `as ${role}, revoked ${ago(revokedAt, now)}`,
    rotatedAt === null ? (createdAt === null ? null : `made ${ago(createdAt, now)}`) : `replaced ${ago(rotatedAt, now)}`,
    lastUsedAt === null ? null : `used ${ago(lastUsedAt, now)}`,
  ])

const whyDevice = (input: PanelInput, device: DeviceRow): Explanation => {
  const {now} = input
  return {
    why: `${deviceName(device)} is paired for ${rights(device)}.${duplicatesText(device)}`,
    seen: joined([
      device.state === 'connected'
        ? 'connected now'
        : device.seenAt === null
          ? 'nothing tells when it was seen'
          : `seen ${ago(device.seenAt, now)}`,
      device.approvedAt === null
        ? null
        : `approved ${moment(device.approvedAt, now)}${device.via === null ? '' : ` by ${device.via}`}`,
    ]),
    tryThis: deviceAdvice(device, input),
    facts: [...identityFacts(device), ...device.tokens.map((token): [string, string] => ['token', tokenText(token, now)])],
  }
}

/** A log that is named may be of any gateway: then nothing of this host is read. */
const noDevice = ({devices, live, copies}: PanelInput): string => {
  if (devices === null)
    return live === null && copies === null
      ? 'The devices are not read with --log or in a replay: start gatecrab without it to see them.'
      : 'The devices have not been read. Those of a gateway elsewhere are kept on its own machine: run gatecrab there.'
  if (devices.problem !== null) return formatFailure(devices.problem)
  return 'No device has paired with this gateway, and none waits for approval. Phones, browsers, nodes and command lines with a key of their own are listed here.'
}

export const devices: Panel<DeviceItem> = panelOf<DeviceItem>({
  title: 'Devices',
  about: 'who waits for approval, and who is paired',
  fields,
  rows: (input, isAscii) => filteredRows(columns, deviceItems(input), item => rowOf(item, input.now, isAscii), input.filter),
  empty: noDevice,
  why: (input, item) => (item.is === 'request' ? whyRequest(input, item.request) : whyDevice(input, item.device)),
  evidence: () => ({is: 'none', because: 'This row was read from the store of the gateway: Clients and Attempts have its lines'}),
  times: item =>
    item.is === 'request'
      ? `asked ${iso(item.request.requestedAt)}, ends ${iso(item.request.expiresAt)}`
      : item.device.seenAt === null
        ? 'never seen'
        : `seen ${iso(item.device.seenAt)}`,
})
