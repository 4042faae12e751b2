import {createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify} from 'node:crypto'
import type {Connect, DeviceProof} from './server/connect.ts'

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

export type StoredDevice = {id: string; role: string; scopes: readonly string[]; token: string; pairedAt: number}

export type Devices = {
  find: (id: string) => StoredDevice | undefined
  pair: (id: string, role: string, scopes: readonly string[], at: number) => StoredDevice
  requestFor: (id: string) => string
}

export const createDevices = (): Devices => {
  const paired = new Map<string, StoredDevice>()
  const requests = new Map<string, string>()
  return {
    find: id => paired.get(id),
    pair: (id, role, scopes, at) => {
      const device = {id, role, scopes, token: paired.get(id)?.token ?? randomBytes(32).toString('base64url'), pairedAt: at}
      paired.set(id, device)
      return device
    },
    requestFor: id => {
      const request = requests.get(id) ?? crypto.randomUUID()
      requests.set(id, request)
      return request
    },
  }
}
