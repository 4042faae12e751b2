import {type ClientInfo, type Credentials, isControlUi, isWebchat} from './connect.ts'
import type {DemoRefusal} from './refusal.ts'

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
