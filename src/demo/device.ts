import {createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify} from 'node:crypto'
import type {ClientInfo, Connect, DeviceProof} from './server/connect.ts'

export type Device = {id: string; publicKey: string; key: KeyObject}

const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const skewMs = 120_000

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest()

/** The same name gives the same device, always. */
export const deviceOf = (name: string): Device => {
  const key = createPrivateKey({key: Buffer.concat([privatePrefix, sha256(name)]), format: 'der', type: 'pkcs8'})
  const raw = createPublicKey(key).export({format: 'der', type: 'spki'}).subarray(-32)
  return {id: sha256(raw).toString('hex'), publicKey: raw.toString('base64url'), key}
}

const signedText = (version: 'v2' | 'v3', deviceId: string, connect: Connect, signedAt: number, nonce: string): string => {
  const {client, role = 'operator', scopes = [], auth = {}} = connect
  const token = auth.token ?? auth.deviceToken ?? auth.bootstrapToken ?? ''
  const words = [version, deviceId, client.id, client.mode, role, scopes.join(','), signedAt, token, nonce]
  const metadata = [client.platform, client.deviceFamily ?? ''].map(value => value.trim().toLowerCase())
  return (version === 'v3' ? [...words, ...metadata] : words).join('|')
}

export const proofOf = (device: Device, connect: Connect, nonce: string, now: number): DeviceProof => ({
  id: device.id,
  publicKey: device.publicKey,
  signature: sign(null, Buffer.from(signedText('v2', device.id, connect, now, nonce)), device.key).toString('base64url'),
  signedAt: now,
  nonce,
})

const isSigned = (connect: Connect, proof: DeviceProof, nonce: string): boolean => {
  const raw = Buffer.from(proof.publicKey, 'base64url')
  const key = createPublicKey({key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki'})
  const signature = Buffer.from(proof.signature, 'base64url')
  return (['v3', 'v2'] as const).some(version =>
    verify(null, Buffer.from(signedText(version, proof.id, connect, proof.signedAt, nonce)), key, signature),
  )
}

export type ProofProblem = {reason: string; message: string; code: string}

const problems = {
  id: {reason: 'device-id-mismatch', message: 'device identity mismatch', code: 'DEVICE_AUTH_DEVICE_ID_MISMATCH'},
  stale: {reason: 'device-signature-stale', message: 'device signature expired', code: 'DEVICE_AUTH_SIGNATURE_EXPIRED'},
  noNonce: {reason: 'device-nonce-missing', message: 'device nonce required', code: 'DEVICE_AUTH_NONCE_REQUIRED'},
  nonce: {reason: 'device-nonce-mismatch', message: 'device nonce mismatch', code: 'DEVICE_AUTH_NONCE_MISMATCH'},
  signature: {reason: 'device-signature', message: 'device signature invalid', code: 'DEVICE_AUTH_SIGNATURE_INVALID'},
} satisfies Record<string, ProofProblem>

export const checkProof = (connect: Connect, proof: DeviceProof, nonce: string, now: number): ProofProblem | null => {
  const raw = Buffer.from(proof.publicKey ?? '', 'base64url')
  if (raw.length !== 32 || sha256(raw).toString('hex') !== proof.id) return problems.id
  if (typeof proof.signedAt !== 'number' || Math.abs(now - proof.signedAt) > skewMs) return problems.stale
  if (!proof.nonce?.trim()) return problems.noNonce
  if (proof.nonce.trim() !== nonce) return problems.nonce
  return isSigned(connect, proof, nonce) ? null : problems.signature
}

/** Who a device is, in its own words, and where it came from. */
type Caller = {client: ClientInfo | null; address: string | null}

export type StoredDevice = Caller & {
  id: string
  role: string
  scopes: readonly string[]
  token: string
  pairedAt: number
  via: string
  rotatedAt: number | null
  revokedAt: number | null
  lastSeenAt: number | null
}

type Request = {
  id: string
  deviceId: string
  client: ClientInfo
  address: string | null
  role: string
  scopes: readonly string[]
  isRepair: boolean
  at: number
  refreshedAt: number | null
}

export type RequestToStore = Request
export type DeviceToStore = StoredDevice

type Asked = Pick<Request, 'deviceId' | 'client' | 'address' | 'role' | 'scopes'>

export type Devices = {
  /** Paired, with a token that works. */
  find: (id: string) => StoredDevice | undefined
  pair: (id: string, role: string, scopes: readonly string[], at: number, more?: Partial<StoredDevice>) => StoredDevice
  /** The id of what waits for a person; the same as long as it asks the same. */
  requestFor: (asked: Asked, at: number) => string
  seen: (id: string, at: number) => void
  approve: (requestId: string) => object | null
  reject: (requestId: string) => object | null
  revoke: (id: string, role: string) => object | null
  rotate: (id: string, role: string) => object | null
  remove: (id: string) => object | null
  all: () => {requests: readonly Request[]; paired: readonly StoredDevice[]}
  onChange: (listener: () => void) => void
}

const requestLifeMs = 300_000

const newToken = (): string => randomBytes(32).toString('base64url')

const isSame = (request: Request, {deviceId, role, scopes}: Asked): boolean =>
  request.deviceId === deviceId && request.role === role && request.scopes.join() === scopes.join()

export const createDevices = (clock: () => number = Date.now): Devices => {
  const paired = new Map<string, StoredDevice>()
  const requests = new Map<string, Request>()
  let notify = (): void => {}
  const put = (device: StoredDevice): StoredDevice => {
    paired.set(device.id, device)
    notify()
    return device
  }
  const changed = (id: string, change: Partial<StoredDevice>): StoredDevice | null => {
    const device = paired.get(id)
    return device ? put({...device, ...change}) : null
  }
  const pair: Devices['pair'] = (id, role, scopes, at, more = {}) => {
    const before = paired.get(id)
    const usual = {client: null, address: null, via: 'silent', rotatedAt: null, revokedAt: null, lastSeenAt: null}
    return put({...usual, ...before, id, role, scopes, token: before?.token ?? newToken(), pairedAt: at, ...more})
  }
  const ofRole = (id: string, role: string): boolean => paired.get(id)?.role === role
  return {
    find: id => {
      const device = paired.get(id)
      return device?.revokedAt === null ? device : undefined
    },
    pair,
    requestFor: (asked, at) => {
      for (const [id, request] of requests) if ((request.refreshedAt ?? request.at) + requestLifeMs < at) requests.delete(id)
      const before = [...requests.values()].find(request => request.deviceId === asked.deviceId)
      if (before && !isSame(before, asked)) requests.delete(before.id)
      const request: Request =
        before && isSame(before, asked)
          ? {...before, refreshedAt: at}
          : {...asked, id: crypto.randomUUID(), isRepair: paired.has(asked.deviceId), at, refreshedAt: null}
      requests.set(request.id, request)
      notify()
      return request.id
    },
    seen: (id, at) => void changed(id, {lastSeenAt: at}),
    approve: requestId => {
      const request = requests.get(requestId)
      if (!request) return null
      requests.delete(requestId)
      const {deviceId, role, scopes, client, address} = request
      const more = {client, address, via: 'owner', revokedAt: null, token: newToken()}
      pair(deviceId, role, scopes, clock(), more)
      return {requestId, device: {deviceId, role, scopes}}
    },
    reject: requestId => {
      const request = requests.get(requestId)
      if (!requests.delete(requestId) || !request) return null
      notify()
      return {requestId, deviceId: request.deviceId}
    },
    revoke: (id, role) =>
      ofRole(id, role) ? changed(id, {revokedAt: clock()}) && {deviceId: id, role, revokedAtMs: clock()} : null,
    rotate: (id, role) =>
      ofRole(id, role)
        ? changed(id, {rotatedAt: clock(), token: newToken()}) && {deviceId: id, role, tokenDelivery: 'withheld-cross-device'}
        : null,
    remove: id => {
      if (!paired.delete(id)) return null
      notify()
      return {deviceId: id}
    },
    all: () => ({requests: [...requests.values()], paired: [...paired.values()]}),
    onChange: listener => {
      notify = listener
    },
  }
}
