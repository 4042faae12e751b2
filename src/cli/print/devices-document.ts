import type {DeviceToken} from '../../domain/devices/device.ts'
import type {DeviceRow, RequestRow} from '../../domain/devices/report.ts'
import type {DevicesLook} from '../../runtime/devices-report.ts'
import {iso, isoOrNull} from '../moment-flags.ts'

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
