import {type ClientInfo, type Credentials, isControlUi, isWebchat} from './connect.ts'
import {buildId, type Denied} from './lines.ts'
import type {LogMeta} from './log.ts'

export type ErrorShape = {code: string; message: string; retryable?: boolean; retryAfterMs?: number; details?: LogMeta}

/** Why a client is refused: what it is told, and what the log says of it. */
export type DemoRefusal = {
  cause?: string
  code: number
  text: string
  error?: ErrorShape
  meta?: LogMeta
  denied?: Denied
  /** The real gateway logs this one at debug level only. */
  unlogged?: boolean
}

const simple = (cause: string, code: string, text: string, details?: LogMeta, meta: LogMeta = {}): DemoRefusal => ({
  cause,
  code: 1008,
  text,
  error: {code, message: text, ...(details ? {details} : {})},
  meta,
})

export const starting: DemoRefusal = {
  cause: 'startup-sidecars-pending',
  code: 1013,
  text: 'gateway starting',
  error: {
    code: 'UNAVAILABLE',
    message: 'gateway starting; retry shortly',
    retryable: true,
    retryAfterMs: 500,
    details: {reason: 'startup-sidecars'},
  },
  unlogged: true,
}

export const badFrame = (frame: LogMeta): DemoRefusal => ({
  cause: 'invalid-handshake',
  code: 1008,
  text: 'invalid request frame',
  meta: {...frame, handshakeError: 'invalid request frame'},
})

export const badHandshake = (frame: LogMeta, problem: string): DemoRefusal =>
  simple('invalid-handshake', 'INVALID_REQUEST', problem, undefined, {...frame, handshakeError: problem})

export const wrongProtocol = (min: number, max: number): DemoRefusal => {
  const details = {
    code: 'PROTOCOL_MISMATCH',
    clientMinProtocol: min,
    clientMaxProtocol: max,
    expectedProtocol: 4,
    minimumProbeProtocol: 3,
  }
  const meta = {minProtocol: min, maxProtocol: max, expectedProtocol: 4, minimumProbeProtocol: 3}
  return {...simple('protocol-mismatch', 'INVALID_REQUEST', 'protocol mismatch', details, meta), code: 1002}
}

export const invalidRole = (role: string): DemoRefusal =>
  simple('invalid-role', 'INVALID_REQUEST', 'invalid role', undefined, {role})

const originHint =
  'origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)'

export const wrongOrigin = (reason: string): DemoRefusal =>
  simple('origin-mismatch', 'INVALID_REQUEST', originHint, {code: 'CONTROL_UI_ORIGIN_NOT_ALLOWED', reason}, {reason})

export const deviceRequired: DemoRefusal = simple('device-required', 'NOT_PAIRED', 'device identity required', {
  code: 'DEVICE_IDENTITY_REQUIRED',
})

export const insecureUi: DemoRefusal = simple(
  'control-ui-insecure-auth',
  'INVALID_REQUEST',
  'control ui requires device identity (use HTTPS or localhost secure context)',
  {code: 'CONTROL_UI_DEVICE_IDENTITY_REQUIRED'},
  {insecureAuthConfigured: false},
)

export const badProof = (
  client: ClientInfo,
  deviceId: string,
  {reason, message, code}: {reason: string; message: string; code: string},
): DemoRefusal => simple('device-auth-invalid', 'INVALID_REQUEST', message, {code, reason}, {reason, client: client.id, deviceId})

export const staleUi = (client: ClientInfo): DemoRefusal => ({
  cause: 'control-ui-build-mismatch',
  code: 1008,
  text: 'protocol mismatch: Control UI updated; reload this page to continue',
  error: {
    code: 'UNAVAILABLE',
    message: 'protocol mismatch: Control UI updated; reload this page to continue',
    retryable: false,
    details: {code: 'PROTOCOL_MISMATCH', gatewayBuildId: buildId, reloadRequired: true},
  },
  meta: {clientBuildId: client.buildId ?? 'legacy', gatewayBuildId: buildId},
})

export const notPaired = (
  client: ClientInfo,
  deviceId: string,
  requestId: string,
  role: string,
  scopes: readonly string[],
): DemoRefusal => {
  const message = 'pairing required: device is not approved yet'
  const wait = isControlUi(client) ? {recommendedNextStep: 'wait_then_retry', retryable: true, pauseReconnect: false} : {}
  const hint = {remediationHint: 'Approve this device from the pending pairing requests.', ...wait}
  const asked = {deviceId, requestedRole: role, ...(scopes.length > 0 ? {requestedScopes: scopes} : {})}
  const details = {code: 'PAIRING_REQUIRED', reason: 'not-paired', requestId, ...hint, ...asked}
  const refusal = simple('pairing-required', 'NOT_PAIRED', message, details, {deviceId, requestId, reason: 'not-paired'})
  return {...refusal, text: `${message} (requestId: ${requestId})`}
}

export type AuthReason =
  | 'token_missing'
  | 'token_mismatch'
  | 'device_token_mismatch'
  | 'scope_mismatch'
  | 'bootstrap_token_invalid'
  | 'rate_limited'

const codes: Record<AuthReason, [code: string, next: string]> = {
  token_missing: ['AUTH_TOKEN_MISSING', 'update_auth_configuration'],
  token_mismatch: ['AUTH_TOKEN_MISMATCH', 'update_auth_credentials'],
  device_token_mismatch: ['AUTH_DEVICE_TOKEN_MISMATCH', 'update_auth_credentials'],
  scope_mismatch: ['AUTH_SCOPE_MISMATCH', 'review_auth_configuration'],
  bootstrap_token_invalid: ['AUTH_BOOTSTRAP_TOKEN_INVALID', 'review_auth_configuration'],
  rate_limited: ['AUTH_RATE_LIMITED', 'wait_then_retry'],
}

const tokenHint = (client: ClientInfo, local: boolean, missing: boolean): string => {
  if (client.mode === 'cli')
    return local
      ? "use this gateway's gateway.auth.token or pair the device"
      : 'set gateway.remote.token to match gateway.auth.token'
  if (!isControlUi(client) && !isWebchat(client)) return 'provide gateway auth token'
  if (missing) return 'paste in Control UI settings or openclaw doctor --generate-gateway-token; restart'
  return 'open the dashboard URL and paste the token in Control UI settings'
}

const guidance = (reason: AuthReason, client: ClientInfo, local: boolean): string => {
  if (reason === 'token_missing') return `unauthorized: gateway token missing (${tokenHint(client, local, true)})`
  if (reason === 'token_mismatch') return `unauthorized: gateway token mismatch (${tokenHint(client, local, false)})`
  if (reason === 'device_token_mismatch') return 'unauthorized: device token mismatch (rotate/reissue device token)'
  if (reason === 'scope_mismatch') return 'unauthorized: device token scope mismatch (re-pair or approve scope upgrade)'
  if (reason === 'rate_limited') return 'unauthorized: too many failed authentication attempts (retry later)'
  return 'unauthorized: setup code invalid, expired, revoked, or already used (create a new code; review `openclaw devices list`)'
}

const providedBy = (auth: Credentials): string => {
  if (auth.password) return 'password'
  if (auth.token) return 'token'
  if (auth.bootstrapToken) return 'bootstrap-token'
  return auth.deviceToken ? 'device-token' : 'none'
}

export type Failed = {reason: AuthReason; retryAfterMs?: number}
export type Asking = {
  client: ClientInfo
  auth: Credentials
  role: string
  scopes: readonly string[]
  device: boolean
  local: boolean
  peer: string
}

export const unauthorizedRefusal = ({reason, retryAfterMs}: Failed, asking: Asking): DemoRefusal => {
  const {client, auth, role, scopes, device, local, peer} = asking
  const [code, next] = codes[reason]
  const provided = providedBy(auth)
  const text = guidance(reason, client, local)
  const retry = reason === 'token_mismatch' && device && provided === 'token' && !auth.deviceToken
  const details = {
    code,
    authReason: reason,
    canRetryWithDeviceToken: retry,
    recommendedNextStep: retry ? 'retry_with_device_token' : next,
  }
  const wait = retryAfterMs === undefined ? {} : {retryable: true, retryAfterMs}
  const facts = {authMode: 'token', authProvided: provided, authReason: reason, allowTailscale: false, peer}
  return {
    cause: 'unauthorized',
    code: 1008,
    text,
    error: {code: 'INVALID_REQUEST', message: text, ...wait, details},
    meta: {...facts, role, scopeCount: scopes.length, hasDeviceIdentity: device},
    denied: {client, role, scopes: scopes.length, provided, device, reason, guidance: text},
  }
}
