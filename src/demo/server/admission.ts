import {isLoopback} from '../../domain/address.ts'
import {checkProof, type Devices, type StoredDevice} from '../device.ts'
import {type Ingress, originProblem} from '../network.ts'
import {type Connect, isBrowser, isControlUi, isWebchat} from './connect.ts'
import type {Limiter} from './limits.ts'
import {buildId, buildRejectedLine, endpoint, type Peer, pairedLine, protocolMismatch} from './lines.ts'
import type {Line, LogMeta} from './log.ts'
import * as refuse from './refusal.ts'
import {type DemoRefusal, type Failed, unauthorizedRefusal} from './refusal.ts'
import type {Settings} from './settings.ts'

export type Phase = 'ws_upgrade_started' | 'auth_credentials_received' | 'auth_validated' | 'ready'

/** All that one connect request is judged by. */
export type Case = {
  connect: Connect
  peer: Peer
  ingress: Ingress
  nonce: string
  settings: Settings
  devices: Devices
  limiter: Limiter
  starting: boolean
  now: () => number
  reach: (phase: Phase) => void
  tell: (line: Line) => void
  trace: LogMeta
}

export type Admission = {role: string; scopes: readonly string[]; method: 'token' | 'device-token'; device: StoredDevice | null}

type Shared = {ok: true} | ({ok: false} & Failed)

const secretScope = 'shared-secret'
const deviceScope = 'device-token'

const limitKey = ({peer, ingress}: Case): string =>
  peer.origin && isLoopback(ingress.clientIp) ? `browser-origin:${peer.origin}` : ingress.clientIp

const isLocal = ({ingress}: Case): boolean => ingress.kind === 'local'
const roleOf = ({connect}: Case): string => connect.role ?? 'operator'

const checkShape = (it: Case): DemoRefusal | null => {
  const {minProtocol: min, maxProtocol: max, client} = it.connect
  const older = client.mode === 'probe' || client.mode === 'node'
  if (it.starting && roleOf(it) !== 'node') return refuse.starting
  if (max < (older ? 3 : 4) || min > 4) {
    it.tell(protocolMismatch(it.peer, client, min, max, it.trace))
    return refuse.wrongProtocol(min, max)
  }
  if (!['operator', 'node'].includes(roleOf(it))) return refuse.invalidRole(roleOf(it))
  if (!it.peer.origin && !isBrowser(client) && !isWebchat(client)) return null
  const problem = originProblem(it.peer, isLocal(it), it.settings.allowedOrigins)
  return problem ? refuse.wrongOrigin(problem) : null
}

const limited = (it: Case, scope: string): Failed | null => {
  const retryAfterMs = it.limiter.lockedFor(limitKey(it), scope)
  return retryAfterMs > 0 ? {reason: 'rate_limited', retryAfterMs} : null
}

const checkShared = (it: Case): Shared => {
  const {token, password} = it.connect.auth ?? {}
  if (!token && !password) return {ok: false, reason: 'token_missing'}
  const locked = limited(it, secretScope)
  if (locked) return {ok: false, ...locked}
  if (token !== it.settings.token) return {ok: false, reason: 'token_mismatch'}
  it.limiter.reset(limitKey(it), secretScope)
  return {ok: true}
}

const deny = (it: Case, failed: Failed): DemoRefusal => {
  const {client, auth = {}, scopes = [], device} = it.connect
  const asking = {client, auth, role: roleOf(it), scopes: device ? scopes : [], device: Boolean(device)}
  return unauthorizedRefusal(failed, {...asking, local: isLocal(it), peer: endpoint(it.peer)})
}

/** A client without a device identity: let in by the shared token, unless it is a page or a node. */
const withoutDevice = (it: Case, shared: Shared): DemoRefusal | null => {
  if (isControlUi(it.connect.client)) return refuse.insecureUi
  if (shared.ok) return roleOf(it) === 'operator' ? null : refuse.deviceRequired
  return it.connect.auth?.token || it.connect.auth?.password ? deny(it, shared) : refuse.deviceRequired
}

const checkDeviceToken = (it: Case, shared: Failed): Failed | null => {
  const {auth = {}, device, scopes = []} = it.connect
  const token = auth.deviceToken ?? auth.token
  if (!device || !token) return shared
  const locked = limited(it, deviceScope)
  if (locked) return locked
  const paired = it.devices.find(device.id)
  if (paired?.token !== token || paired.role !== roleOf(it))
    return {reason: auth.deviceToken ? 'device_token_mismatch' : shared.reason}
  return scopes.every(scope => paired.scopes.includes(scope)) ? null : {reason: 'scope_mismatch'}
}

const settle = async (it: Case, shared: Shared, failed: Failed): Promise<DemoRefusal> => {
  const {auth = {}} = it.connect
  if ((auth.deviceToken || auth.token) && failed.reason !== 'rate_limited') it.limiter.fail(limitKey(it), deviceScope)
  if (!shared.ok && shared.reason === 'token_mismatch') await it.limiter.failSlowly(limitKey(it), secretScope)
  return deny(it, failed)
}

const withDevice = async (it: Case, shared: Shared): Promise<DemoRefusal | 'token' | 'device-token'> => {
  const {client, device, auth = {}} = it.connect
  const problem = device && checkProof(it.connect, device, it.nonce, it.now())
  if (device && problem) return refuse.badProof(client, device.id, problem)
  if (shared.ok) return 'token'
  const failed = auth.bootstrapToken ? ({reason: 'bootstrap_token_invalid'} as const) : checkDeviceToken(it, shared)
  return failed ? settle(it, shared, failed) : 'device-token'
}

/** A new device on this machine that has the token is paired at once; any other waits for a person. */
const pair = (it: Case): StoredDevice | null | DemoRefusal => {
  const {client, device, scopes = []} = it.connect
  if (!device) return null
  const paired = it.devices.find(device.id)
  if (paired) return paired
  if (!isLocal(it)) {
    const asked = {deviceId: device.id, client, address: it.ingress.clientIp, role: roleOf(it), scopes}
    return refuse.notPaired(client, device.id, it.devices.requestFor(asked, it.now()), roleOf(it), scopes)
  }
  it.tell(pairedLine(device.id, roleOf(it), it.trace))
  return it.devices.pair(device.id, roleOf(it), scopes, it.now(), {client})
}

const keepsScopes = (it: Case): boolean =>
  Boolean(it.connect.device) || (isLocal(it) && !it.peer.origin && ['cli', 'backend', 'probe'].includes(it.connect.client.mode))

/** The gateway's own order of questions; the first one that fails decides. */
export const admit = async (it: Case): Promise<Admission | DemoRefusal> => {
  const {client, auth = {}, device, scopes = []} = it.connect
  const shape = checkShape(it)
  if (shape) return shape
  if (device || Object.values(auth).some(Boolean)) it.reach('auth_credentials_received')
  const shared = checkShared(it)
  if (!device && !shared.ok && shared.reason === 'token_mismatch') await it.limiter.failSlowly(limitKey(it), secretScope)
  const method = device ? await withDevice(it, shared) : (withoutDevice(it, shared) ?? 'token')
  if (typeof method === 'object') return method
  it.reach('auth_validated')
  const paired = pair(it)
  if (paired && 'code' in paired) return paired
  if (client.id === 'openclaw-control-ui' && client.buildId !== buildId) {
    it.tell(buildRejectedLine(it.peer, client, it.trace))
    return refuse.staleUi(client)
  }
  if (paired) it.devices.seen(paired.id, it.now())
  return {role: roleOf(it), scopes: keepsScopes(it) ? scopes : [], method, device: paired}
}
