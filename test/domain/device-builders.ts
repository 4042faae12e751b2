import type {PairedDevice, PairingRequest} from '../../src/domain/devices/device.ts'

export const now = 1_796_000_000_000
export const minute = 60_000

const identity = {
  name: 'Kate',
  clientId: 'openclaw-ios',
  mode: 'ui',
  platform: 'ios',
  family: null,
  origin: null,
  address: '203.0.113.9',
}

export const request = (more: Partial<PairingRequest> = {}): PairingRequest => ({
  ...identity,
  deviceId: 'phone-1111',
  requestId: 'aaaa1111-request',
  roles: ['operator'],
  scopes: ['operator.read'],
  isRepair: false,
  requestedAt: now - minute,
  refreshedAt: null,
  ...more,
})

export const token = {
  role: 'operator',
  scopes: ['operator.read'],
  createdAt: now,
  rotatedAt: null,
  revokedAt: null,
  lastUsedAt: null,
}

export const device = (more: Partial<PairedDevice> = {}): PairedDevice => ({
  ...identity,
  deviceId: 'phone-1111',
  roles: ['operator'],
  scopes: ['operator.read'],
  via: 'owner',
  pairedAt: now - minute,
  approvedAt: now - minute,
  lastSeenAt: now - minute,
  connected: null,
  tokens: [token],
  ...more,
})
