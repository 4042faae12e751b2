import {minuteMs} from '../durations.ts'

/** Who asks or is paired, in its own words: untrusted input. */
export type DeviceIdentity = {
  deviceId: string
  /** The operator's label for it, else the name that it gave itself. */
  name: string | null
  clientId: string | null
  mode: string | null
  platform: string | null
  family: string | null
  origin: string | null
  /** Where it asked from; null on the gateway's own host. */
  address: string | null
}

/** A device that waits for a person. */
export type PairingRequest = DeviceIdentity & {
  requestId: string
  roles: readonly string[]
  scopes: readonly string[]
  /** The device is paired already, and asks for more or again. */
  isRepair: boolean
  requestedAt: number
  /** It asked the same again. */
  refreshedAt: number | null
}

/** What is known of a token that a device holds for a role; never the token. */
export type DeviceToken = {
  role: string
  scopes: readonly string[]
  createdAt: number | null
  rotatedAt: number | null
  revokedAt: number | null
  lastUsedAt: number | null
}

export type PairedDevice = DeviceIdentity & {
  roles: readonly string[]
  scopes: readonly string[]
  /** Who approved it, in the gateway's word, such as `silent` or `owner`. */
  via: string | null
  pairedAt: number | null
  approvedAt: number | null
  lastSeenAt: number | null
  /** Only the gateway's own list says it. */
  connected: boolean | null
  tokens: readonly DeviceToken[]
}

export type DeviceStore = {pending: readonly PairingRequest[]; paired: readonly PairedDevice[]}

export const emptyDeviceStore: DeviceStore = {pending: [], paired: []}

/** A request that nobody answers is dropped after this time, in every release from 2026.1.29 to 2026.9.6. */
export const requestLifeMs = 5 * minuteMs

export const expiryOf = ({requestedAt, refreshedAt}: PairingRequest): number => (refreshedAt ?? requestedAt) + requestLifeMs

/** How a person tells one from another: enough of an id, and never a name that the device chose. */
export const shortId = (id: string): string => id.slice(0, 8)

const maxIds = 3

/** The last of them, and how many there are before. */
export const shortIds = (ids: readonly string[]): string => {
  const before = ids.length - maxIds
  return `${ids.slice(-maxIds).map(shortId).join(', ')}${before > 0 ? ` and ${before} before` : ''}`
}

export const deviceName = ({name, clientId, deviceId}: DeviceIdentity): string =>
  name ?? clientId ?? `device ${shortId(deviceId)}`

/** Roles with a token that still works; a device without any must be approved again. */
export const activeTokens = ({tokens}: PairedDevice): readonly DeviceToken[] => tokens.filter(({revokedAt}) => revokedAt === null)

const operatorScope = /^operator\./

/** `operator.admin` includes every right of an operator, and `operator.write` includes `operator.read`. */
const isImplied = (scope: string, by: readonly string[]): boolean =>
  by.includes(scope) ||
  (operatorScope.test(scope) && by.includes('operator.admin')) ||
  (scope === 'operator.read' && by.includes('operator.write'))

export const scopesBeyond = (asked: readonly string[], approved: readonly string[]): readonly string[] =>
  asked.filter(scope => !isImplied(scope, approved))
