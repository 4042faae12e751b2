import {dayMs} from '../durations.ts'
import {activeTokens, type DeviceStore, expiryOf, type PairedDevice, type PairingRequest, scopesBeyond} from './device.ts'

type RequestKind = 'new-device' | 'more-scopes' | 'other-role' | 'again'

/** A request beside what its device is approved for. */
export type RequestRow = PairingRequest & {
  kind: RequestKind
  state: 'waiting' | 'expired'
  expiresAt: number
  approved: {roles: readonly string[]; scopes: readonly string[]} | null
  /** What it asks for and does not have yet. */
  newRoles: readonly string[]
  newScopes: readonly string[]
  /** Earlier requests of the same device: replaced by this one, or answered before it. */
  supersedes: readonly string[]
}

type DeviceState = 'connected' | 'paired' | 'stale' | 'revoked'

export type DeviceRow = PairedDevice & {
  state: DeviceState
  /** The latest that any source says of it. */
  seenAt: number | null
  /** Pairings that look like those of the same machine. */
  duplicates: readonly string[]
  /** One of them was seen later than this one. */
  isOlderDuplicate: boolean
}

export type DeviceReport = {requests: readonly RequestRow[]; devices: readonly DeviceRow[]}

/** What other sources say of the devices. */
export type DeviceSightings = {
  now: number
  /** Devices that a source names as connected; of another one it is not known that it is not, since command lines are on no list. */
  connected: ReadonlySet<string>
  /** The requests that the log names, by device, in their order. */
  requestsInLog: ReadonlyMap<string, readonly string[]>
  /** The last connection that the log tells of, by device. */
  lastInLog: ReadonlyMap<string, number>
}

export const noSightings = (now: number): DeviceSightings => ({
  now,
  connected: new Set(),
  requestsInLog: new Map(),
  lastInLog: new Map(),
})

/** A device that nobody has seen for so long is worth a question. */
export const staleAfterMs = 30 * dayMs

const kindOf = (device: PairedDevice | undefined, newRoles: readonly string[], newScopes: readonly string[]): RequestKind => {
  if (device === undefined) return 'new-device'
  if (newRoles.length > 0) return 'other-role'
  return newScopes.length > 0 ? 'more-scopes' : 'again'
}

const requestRow = (request: PairingRequest, {paired}: DeviceStore, {now, requestsInLog}: DeviceSightings): RequestRow => {
  const device = paired.find(({deviceId}) => deviceId === request.deviceId)
  const active = device ? activeTokens(device).map(({role}) => role) : []
  const newRoles = request.roles.filter(role => !active.includes(role))
  const newScopes = scopesBeyond(request.scopes, device?.scopes ?? [])
  const expiresAt = expiryOf(request)
  return {
    ...request,
    kind: kindOf(device, newRoles, newScopes),
    state: expiresAt > now ? 'waiting' : 'expired',
    expiresAt,
    approved: device ? {roles: device.roles, scopes: device.scopes} : null,
    newRoles,
    newScopes,
    supersedes: (requestsInLog.get(request.deviceId) ?? []).filter(id => id !== request.requestId),
  }
}

/**
 * The same client, of the same name or from the same address: a client that lost its identity pairs again as another device. Two
 * machines of which neither gave a name are told apart by their addresses.
 */
const machineOf = ({name, address, clientId, mode, platform, family, origin}: PairedDevice): string =>
  [name ?? `at ${address ?? 'this host'}`, clientId, mode, platform, family, origin].join('\u0000')

const latest = (...times: readonly (number | null | undefined)[]): number | null => {
  const given = times.filter(time => time != null)
  return given.length === 0 ? null : Math.max(...given)
}

const seenAtOf = (device: PairedDevice, {lastInLog}: DeviceSightings): number | null =>
  latest(device.lastSeenAt, lastInLog.get(device.deviceId), ...device.tokens.map(({lastUsedAt}) => lastUsedAt))

const isConnected = (device: PairedDevice, {connected}: DeviceSightings): boolean | null =>
  connected.has(device.deviceId) ? true : device.connected

const stateOf = (device: PairedDevice, connected: boolean | null, seenAt: number | null, now: number): DeviceState => {
  if (connected) return 'connected'
  if (device.tokens.length > 0 && activeTokens(device).length === 0) return 'revoked'
  const since = latest(seenAt, device.approvedAt)
  return since !== null && now - since > staleAfterMs ? 'stale' : 'paired'
}

const order: readonly DeviceState[] = ['connected', 'paired', 'stale', 'revoked']

const byMachine = (devices: readonly DeviceRow[]): ReadonlyMap<string, readonly DeviceRow[]> => Map.groupBy(devices, machineOf)

const withDuplicates = (devices: readonly DeviceRow[]): DeviceRow[] => {
  const machines = byMachine(devices)
  const lastSign = ({seenAt, approvedAt}: DeviceRow): number => seenAt ?? approvedAt ?? 0
  return devices.map(device => {
    const others = (machines.get(machineOf(device)) ?? []).filter(({deviceId}) => deviceId !== device.deviceId)
    return {
      ...device,
      duplicates: others.map(({deviceId}) => deviceId),
      isOlderDuplicate: others.some(other => lastSign(other) > lastSign(device)),
    }
  })
}

/** Requests in the order in which they end, those that wait first; devices as they fare, the last seen first. */
export const describeDevices = (store: DeviceStore, sightings: DeviceSightings): DeviceReport => {
  const devices = store.paired.map((device): DeviceRow => {
    const connected = isConnected(device, sightings)
    const seenAt = seenAtOf(device, sightings)
    const state = stateOf(device, connected, seenAt, sightings.now)
    return {...device, connected, seenAt, state, duplicates: [], isOlderDuplicate: false}
  })
  return {
    requests: store.pending
      .map(request => requestRow(request, store, sightings))
      .toSorted((a, b) => Number(a.state === 'expired') - Number(b.state === 'expired') || a.requestedAt - b.requestedAt),
    devices: withDuplicates(devices).toSorted(
      (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (b.seenAt ?? 0) - (a.seenAt ?? 0),
    ),
  }
}
