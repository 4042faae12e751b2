import {describe, expect, test} from 'vitest'
import {detailOf, endingOf, layerOf, lookUp, providerReasonOf, reasonById, reasonOf} from '../../src/domain/reasons/reason.ts'

type Captured = readonly [
  cause: string | null,
  authReason: string | null,
  detail: string | null,
  handshake: 'pending' | 'failed',
  code: number,
  text: string,
]

/** Every different `closed before connect` line of the captured logs, releases 2026.1.29 to 2026.9.6. */
const captured: readonly Captured[] = [
  [null, null, null, 'pending', 1000, 'n/a'],
  [null, null, null, 'pending', 1001, 'going away'],
  [null, null, null, 'pending', 1005, 'n/a'],
  [null, null, null, 'pending', 1006, 'n/a'],
  [null, null, null, 'pending', 1012, 'service restart'],
  [null, null, null, 'pending', 4999, 'my own reason'],
  [
    'control-ui-build-mismatch',
    null,
    null,
    'failed',
    1008,
    'protocol mismatch: Control UI updated; reload this page to continue',
  ],
  ['control-ui-insecure-auth', null, null, 'failed', 1008, 'control ui requires HTTPS or localhost (secure context)'],
  [
    'control-ui-insecure-auth',
    null,
    null,
    'failed',
    1008,
    'control ui requires device identity (use HTTPS or localhost secure context)',
  ],
  ['device-auth-invalid', null, 'device-id-mismatch', 'failed', 1008, 'device identity mismatch'],
  ['device-auth-invalid', null, 'device-nonce-mismatch', 'failed', 1008, 'device nonce mismatch'],
  ['device-auth-invalid', null, 'device-nonce-missing', 'failed', 1008, 'device nonce required'],
  ['device-auth-invalid', null, 'device-signature', 'failed', 1008, 'device signature invalid'],
  ['device-auth-invalid', null, 'device-signature-stale', 'failed', 1008, 'device signature expired'],
  ['device-required', null, null, 'failed', 1008, 'device identity required'],
  ['handshake-timeout', null, null, 'failed', 1000, 'n/a'],
  ['invalid-handshake', null, null, 'failed', 1008, "invalid connect params: at /auth: unexpected property 'bootstrapToken'"],
  ['invalid-handshake', null, null, 'failed', 1008, "invalid connect params: at /auth: unexpected property 'deviceToken'"],
  [
    'invalid-handshake',
    null,
    null,
    'failed',
    1008,
    'invalid connect params: at /client/id: must be equal to constant; at /client/id: must match a schema in anyOf',
  ],
  [
    'invalid-handshake',
    null,
    null,
    'failed',
    1008,
    'invalid connect params: at /client/id: must be equal to one of the allowed values',
  ],
  ['invalid-handshake', null, null, 'failed', 1008, "invalid connect params: must have required property 'client'"],
  [
    'invalid-handshake',
    null,
    null,
    'failed',
    1008,
    "invalid connect params: must have required property 'minProtocol'; must have required property 'maxProtocol'; must have",
  ],
  [
    'invalid-handshake',
    null,
    null,
    'failed',
    1008,
    "invalid connect params: must have required property 'minProtocol'; must have required property 'maxProtocol'; must have ",
  ],
  ['invalid-handshake', null, null, 'failed', 1008, 'invalid handshake: first request must be connect'],
  ['invalid-handshake', null, null, 'failed', 1008, 'invalid request frame'],
  ['invalid-role', null, null, 'failed', 1008, 'invalid role'],
  [
    'origin-mismatch',
    null,
    'origin not allowed',
    'failed',
    1008,
    'origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)',
  ],
  [
    'pairing-required',
    null,
    'metadata-upgrade',
    'failed',
    1008,
    'pairing required: device identity changed and must be re-approved (requestId: b3d4beae-edbf-4656-9d44-32be915fa5be)',
  ],
  ['pairing-required', null, 'not-paired', 'failed', 1008, 'pairing required'],
  [
    'pairing-required',
    null,
    'not-paired',
    'failed',
    1008,
    'pairing required: device is not approved yet (requestId: f9aeb899-9261-4246-9f93-45432cbaefd3)',
  ],
  [
    'pairing-required',
    null,
    'role-upgrade',
    'failed',
    1008,
    'pairing required: device is asking for a higher role than currently approved (requestId: bcbfa33e-7516-43c3-afa2-86cda7b',
  ],
  ['pairing-required', null, 'scope-upgrade', 'failed', 1008, 'pairing required'],
  [
    'pairing-required',
    null,
    'scope-upgrade',
    'failed',
    1008,
    'pairing required: device is asking for more scopes than currently approved (requestId: b6bcca24-9682-4412-b1c5-701fb24ab',
  ],
  ['protocol-mismatch', null, null, 'failed', 1002, 'protocol mismatch'],
  [
    'unauthorized',
    'bootstrap_token_invalid',
    null,
    'failed',
    1008,
    'unauthorized: bootstrap token invalid or expired (scan a fresh setup code)',
  ],
  [
    'unauthorized',
    'bootstrap_token_invalid',
    null,
    'failed',
    1008,
    'unauthorized: setup code invalid, expired, revoked, or already used (create a new code; review `openclaw devices list`)',
  ],
  [
    'unauthorized',
    'device_token_mismatch',
    null,
    'failed',
    1008,
    'unauthorized: device token mismatch (rotate/reissue device token)',
  ],
  [
    'unauthorized',
    'password_mismatch',
    null,
    'failed',
    1008,
    'unauthorized: gateway password mismatch (enter the password in Control UI settings)',
  ],
  [
    'unauthorized',
    'password_mismatch',
    null,
    'failed',
    1008,
    "unauthorized: gateway password mismatch (use this gateway's gateway.auth.password)",
  ],
  [
    'unauthorized',
    'password_missing',
    null,
    'failed',
    1008,
    "unauthorized: gateway password missing (use this gateway's gateway.auth.password)",
  ],
  ['unauthorized', 'rate_limited', null, 'failed', 1008, 'unauthorized: too many failed authentication attempts (retry later)'],
  [
    'unauthorized',
    'scope_mismatch',
    null,
    'failed',
    1008,
    'unauthorized: device token scope mismatch (re-pair or approve scope upgrade)',
  ],
  [
    'unauthorized',
    'token_mismatch',
    null,
    'failed',
    1008,
    'unauthorized: gateway token mismatch (open a tokenized dashboard URL or paste token in Control UI settings)',
  ],
  [
    'unauthorized',
    'token_mismatch',
    null,
    'failed',
    1008,
    'unauthorized: gateway token mismatch (open the dashboard URL and paste the token in Control UI settings)',
  ],
  [
    'unauthorized',
    'token_mismatch',
    null,
    'failed',
    1008,
    'unauthorized: gateway token mismatch (set gateway.remote.token to match gateway.auth.token)',
  ],
  [
    'unauthorized',
    'token_mismatch',
    null,
    'failed',
    1008,
    "unauthorized: gateway token mismatch (use this gateway's gateway.auth.token or pair the device)",
  ],
  [
    'unauthorized',
    'token_missing',
    null,
    'failed',
    1008,
    'unauthorized: gateway token missing (open a tokenized dashboard URL or paste token in Control UI settings)',
  ],
  [
    'unauthorized',
    'token_missing',
    null,
    'failed',
    1008,
    'unauthorized: gateway token missing (open the dashboard URL and paste the token in Control UI settings)',
  ],
  [
    'unauthorized',
    'token_missing',
    null,
    'failed',
    1008,
    'unauthorized: gateway token missing (paste in Control UI settings or openclaw doctor --generate-gateway-token; restart)',
  ],
  [
    'unauthorized',
    'token_missing',
    null,
    'failed',
    1008,
    'unauthorized: gateway token missing (set gateway.remote.token to match gateway.auth.token)',
  ],
  [
    'unauthorized',
    'token_missing',
    null,
    'failed',
    1008,
    "unauthorized: gateway token missing (use this gateway's gateway.auth.token or pair the device)",
  ],
  ['unauthorized', 'trusted_proxy_missing_header_x-forwarded-proto', null, 'failed', 1008, 'unauthorized'],
  ['unauthorized', 'trusted_proxy_user_missing', null, 'failed', 1008, 'unauthorized'],
  ['unauthorized', 'trusted_proxy_user_not_allowed', null, 'failed', 1008, 'unauthorized'],
]

const inContract = ([cause, authReason, , handshake]: Captured): string =>
  authReason?.replaceAll('_', '-') ?? cause ?? (handshake === 'pending' ? 'left-before-connect' : 'unknown')

describe.each(captured)('%s %s %s %s %i %s', (...line) => {
  const [cause, authReason, detail, handshake, code, text] = line

  test('has the reason that the contract promises, and a row of its own', () => {
    const found = reasonOf({cause, authReason, handshake, code, text, detail})
    expect(found).toMatchObject({reason: inContract(line), cause, authReason})
    expect(reasonById(found.reason).sure).toBe('certain')
    if (cause === 'device-auth-invalid' || cause === 'pairing-required') expect(found.detail).toBe(detail)
  })

  test('is told alike by a console line, which has a code and a text only', () => {
    const found = reasonOf({code, text})
    if (cause === 'handshake-timeout') expect(found.reason).toBe('left-before-connect')
    else if (text === 'unauthorized')
      expect(found).toMatchObject({reason: 'unauthorized', cause: 'unauthorized', authReason: null})
    else expect(found).toMatchObject({reason: inContract(line), cause, authReason})
  })
})

describe('a refusal', () => {
  test('is named by the line before, where the close text is empty or bare', () => {
    expect(reasonOf({text: 'handshake timeout conn=U remote=127.0.0.1'}).cause).toBe('handshake-timeout')
    expect(reasonOf({cause: 'handshake-timeout', code: 1000, text: 'n/a'}).reason).toBe('handshake-timeout')
    expect(reasonOf({authReason: 'trusted_proxy_user_missing', code: 1008, text: 'unauthorized'})).toMatchObject({
      reason: 'trusted-proxy-user-missing',
      cause: 'unauthorized',
    })
  })

  test('without a closer word is plainly unauthorized', () => {
    const found = reasonOf({cause: 'unauthorized', authReason: 'unknown', handshake: 'failed', code: 1008, text: 'unauthorized'})
    expect(found).toMatchObject({reason: 'unauthorized', authReason: null, left: false})
  })

  test('is not believed from a client that left by itself', () => {
    const text = 'unauthorized: gateway token mismatch (sent by a stranger)'
    expect(reasonOf({handshake: 'pending', code: 1008, text})).toMatchObject({
      reason: 'left-before-connect',
      authReason: null,
      left: true,
    })
    expect(reasonOf({code: 4999, text})).toMatchObject({reason: 'left-before-connect', cause: null})
    expect(reasonOf({handshake: 'pending', code: 4999, text: 'service restart'}).detail).toBeNull()
  })

  test('of a future release keeps its own word', () => {
    expect(reasonOf({cause: 'flux-capacitor-missing', handshake: 'failed', code: 1008, text: 'no flux'})).toMatchObject({
      reason: 'flux-capacitor-missing',
      detail: null,
      layer: 'gateway',
      left: false,
    })
    expect(reasonOf({cause: 'unauthorized', authReason: 'moon_phase_wrong', handshake: 'failed'}).reason).toBe('moon-phase-wrong')
    expect(reasonById('flux-capacitor-missing')).toMatchObject({id: 'flux-capacitor-missing', layer: 'gateway', sure: 'guess'})
    expect(reasonById('constructor').sure).toBe('guess')
  })

  test('that no line explains is unknown, never guessed', () => {
    expect(reasonOf({handshake: 'failed', code: 1008, text: 'no flux'}).reason).toBe('unknown')
    expect(reasonOf({code: 1008, text: 'no flux'}).reason).toBe('unknown')
    expect(reasonOf({}).reason).toBe('unknown')
  })

  test.each([
    ['bad-json', {handshake: 'pending', code: 1000, detail: 'bad-json'}, 'client'],
    ['frame-too-large', {handshake: 'pending', code: 1006, detail: 'frame-too-large'}, 'client'],
    ['gateway-stopping', {handshake: 'pending', code: 1012, text: 'service restart'}, 'lifecycle'],
    ['gateway-stopping', {code: 1012, text: 'service restart'}, 'lifecycle'],
  ] as const)('%s is a closer word for leaving early', (detail, seen, layer) => {
    expect(reasonOf(seen)).toMatchObject({reason: 'left-before-connect', detail, layer, left: true})
  })

  test.each([
    ['client-version-mismatch', {handshake: 'pending', code: 1008, text: 'client version mismatch'}],
    [
      'verified-user-required',
      {handshake: 'failed', code: 1008, text: 'operator role policies require a verified user identity'},
    ],
  ] as const)('%s is known by its text alone: the gateway gives it no cause', (reason, seen) => {
    expect(reasonOf(seen)).toMatchObject({reason, cause: null})
  })

  test.each([['gateway-restarting'], ['gateway-suspending']])('%s is the life of the gateway, not its session layer', cause => {
    expect(reasonOf({cause, handshake: 'failed', code: 1013})).toMatchObject({reason: cause, layer: 'lifecycle', left: false})
  })

  test('of a client that gave up is not laid to the gateway', () => {
    expect(reasonOf({cause: 'connect-aborted-before-register', handshake: 'pending', code: 1006})).toMatchObject({
      layer: 'client',
      left: true,
    })
  })
})

test.each([
  [1000, 'done', 'closed-normally', 'client'],
  [1001, 'n/a', 'closed-normally', 'client'],
  [1005, null, 'closed-normally', 'client'],
  [1006, 'n/a', 'connection-lost', 'network'],
  [1008, 'slow consumer', 'slow-consumer', 'client'],
  [1008, 'repeated unauthorized calls', 'closed-1008', 'gateway'],
  [1011, null, 'closed-1011', 'gateway'],
  [1012, 'service restart', 'service-restart', 'lifecycle'],
  [1012, 'node capabilities changed', 'service-restart', 'lifecycle'],
  [1013, 'gateway starting', 'closed-1013', 'lifecycle'],
  [4001, 'gateway auth changed', 'token-changed', 'gateway'],
  [4001, 'client invalidated: device-removed', 'closed-4001', 'gateway'],
  [4001, null, 'closed-4001', 'gateway'],
  [4999, 'gateway auth changed', 'closed-4999', 'client'],
  [1003, null, 'closed-1003', 'client'],
  [null, null, 'unknown', 'gateway'],
] as const)('a connection that ends with %s %s: %s', (code, text, reason, layer) => {
  expect(endingOf(code, text)).toBe(reason)
  expect(layerOf(reason)).toBe(layer)
})

test.each([
  ['closed-1008', {text: 'repeated unauthorized calls'}, 'repeated-unauthorized-requests'],
  ['closed-4001', {text: 'client invalidated: device-removed'}, 'device-removed'],
  ['closed-4001', {text: 'client invalidated: gateway-policy-changed'}, 'client-invalidated'],
  ['closed-4003', {text: 'browser relay key rotated', code: 4003}, 'browser-relay-closed'],
  ['connection-lost', {detail: 'heartbeat-timeout'}, 'heartbeat-timeout'],
  ['connection-lost', {text: 'n/a'}, null],
  ['service-restart', {text: 'service restart'}, null],
  ['unauthorized', {text: 'unauthorized: device token rejected (pair/repair this device)'}, 'device-token-rejected'],
] as const)('%s with %o is closer %s', (reason, seen, detail) => {
  expect(detailOf(reason, seen)).toBe(detail)
})

test.each([
  [{status: 401}, 'provider-unauthorized'],
  [{why: 'auth'}, 'provider-unauthorized'],
  [{why: 'auth_permanent', status: 401}, 'provider-auth-permanent'],
  [{status: 429}, 'provider-rate-limit'],
  [{why: 'billing', status: 403}, 'provider-billing'],
  [{why: 'model_not_found'}, 'provider-unknown-model'],
  [{status: 503}, 'provider-server-error'],
  [{why: 'No API key found for provider "anthropic". Auth store: somewhere'}, 'provider-no-api-key'],
  [{why: 'auth', text: 'No credentials found for profile "anthropic:work"'}, 'provider-refresh-fenced'],
  [{text: 'OAuth token refresh failed for openai-codex: invalid_grant. Please try again.'}, 'provider-refresh-revoked'],
  [
    {
      text: 'OAuth token refresh failed for openai-codex: Failed to refresh OpenAI Codex token. Please try again or re-authenticate.',
    },
    'provider-oauth-refresh-failed',
  ],
  [{text: 'OAuth token refresh failed for anthropic: getaddrinfo EAI_AGAIN api.anthropic.com'}, 'provider-refresh-network'],
  [{text: 'OAuth token refresh failed for openai: 401 {"code":"refresh_token_expired"}'}, 'provider-refresh-expired'],
  [{text: 'OAuth token refresh failed for openai: 401 {"code":"token_invalidated"}'}, 'provider-refresh-revoked'],
  [
    {text: 'OAuth token refresh failed for openai: 401 Your refresh token has already been used to generate a new access token.'},
    'provider-refresh-token-reused',
  ],
  [{text: 'OAuth token refresh failed for openai: please try signing in again'}, 'provider-refresh-sign-in-again'],
  [{text: 'Unknown model: anthropic/claude-sonnet-4-5. Run …', status: 401}, 'provider-unknown-model'],
  [{why: 'something new'}, 'provider-trouble'],
  [{}, 'provider-trouble'],
] as const)('a provider that says %o: %s', (seen, reason) => {
  expect(providerReasonOf(seen)).toBe(reason)
  expect(layerOf(reason)).toBe('provider')
})

test('a wrong model, a limit or a bill is no failed sign-in', () => {
  for (const id of ['provider-unknown-model', 'provider-rate-limit', 'provider-billing'])
    expect(reasonById(id).authFailure).toBeUndefined()
  for (const id of ['provider-unauthorized', 'token-mismatch', 'http-401']) expect(reasonById(id).authFailure).toBe(true)
})

test.each([
  ['1008', ['closed-1008', 'token-missing']],
  ['1000', ['closed-normally', 'handshake-timeout']],
  ['1002', ['protocol-mismatch', 'closed-1002']],
  ['code=4001', ['token-changed', 'gateway-auth-rotated']],
  ['4004', ['browser-relay-closed']],
  ['4999', ['closed-4999']],
  ['1003', ['closed-1003']],
  ['HTTP 401', ['http-401', 'provider-unauthorized']],
  ['http-429', ['http-429', 'rate-limited', 'provider-rate-limit']],
  ['Unauthorized', ['unauthorized', 'http-401', 'provider-unauthorized']],
  ['token_mismatch', ['token-mismatch']],
  ['Token-Mismatch', ['token-mismatch']],
  ['reason=token_mismatch', ['token-mismatch']],
  ['AUTH_TOKEN_MISMATCH', ['token-mismatch']],
  ['device-auth-invalid', ['device-auth-invalid', 'device-nonce-mismatch']],
  ['outbound-buffer-exceeded', ['slow-consumer']],
  ['device identity required', ['device-required']],
  ['pairing required: device is asking for more scopes than currently approved', ['scope-upgrade']],
  ['trusted_proxy_missing_header_x-forwarded-proto', ['trusted-proxy-missing-header-x-forwarded-proto']],
  ['timeout', ['handshake-timeout', 'provider-timeout']],
  [
    'disconnected (1008): unauthorized: gateway token mismatch (open the dashboard URL and paste the token in Control UI settings)',
    ['token-mismatch'],
  ],
  ['gateway connect failed: Error: unauthorized: gateway token mismatch', ['token-mismatch']],
  ['disconnected (1008): pairing required', ['pairing-required']],
  ['disconnected (1008): pairing required: device is asking for more scopes than currently approved', ['scope-upgrade']],
  ['gateway closed (1006 abnormal closure (no close frame)): no close reason', ['connection-lost']],
  ['disconnected (4001): no reason', ['token-changed']],
  ['missing scope: operator.read', ['scope-missing']],
  ['Error: missing scope: operator.read', ['scope-missing']],
  ['token_expired', ['provider-unauthorized']],
  ['EADDRINUSE', ['port-in-use']],
  ['listen EADDRINUSE: address already in use 127.0.0.1:18789', ['port-in-use']],
  ['ECONNREFUSED', ['connection-refused']],
  ['gateway connect failed: Error: connect ECONNREFUSED 127.0.0.1:18789', ['connection-refused']],
  ['invalid config', ['config-invalid']],
  ['Error: gateway timeout after 30000ms', ['gateway-no-answer']],
  ['gateway request timeout for health', ['gateway-no-answer']],
  ['Gateway not reachable at ws://127.0.0.1:18789', ['gateway-not-reachable']],
  ['gateway not connected', ['gateway-not-reachable']],
  ['Missing scope: operator.write', ['scope-missing']],
  ['gateway already running (pid 4242); lock timeout after 5000ms', ['port-in-use']],
  ['Gateway failed to start: another gateway instance is already listening on ws://127.0.0.1:18789', ['port-in-use']],
  ['Port 18789 is already in use', ['port-in-use']],
  ['ECONNRESET', ['connection-reset']],
  ['socket hang up', ['connection-reset']],
  ['Unexpected server response: 401', ['http-401', 'provider-unauthorized']],
  ['Unexpected server response: 502', ['http-502']],
  ["WebSocket connection to 'ws://host/' failed: Unexpected response code: 503", ['http-503']],
  ['401: Unauthorized', ['http-401', 'provider-unauthorized']],
  ['HTTP 401 authentication_error: invalid x-api-key', ['provider-unauthorized']],
  ['OAuth token has expired', ['provider-unauthorized']],
  ['Refusing to bind gateway to lan without auth.', ['bind-without-auth']],
  ['Gateway start blocked: set gateway.mode=local (current: unset) or pass --allow-unconfigured.', ['start-blocked']],
  ['self-signed certificate', ['certificate-not-trusted']],
  ['CERT_HAS_EXPIRED', ['certificate-not-trusted']],
  ['tls fingerprint mismatch', ['certificate-not-trusted']],
  ['SECURITY ERROR: Gateway URL "ws://10.0.0.5:18789" uses plaintext ws:// to a non-loopback address.', ['plaintext-refused']],
  ['gateway url override requires explicit credentials', ['url-without-credentials']],
  ['gateway closed (1008): pairing required: device is asking for more scopes than currently approved', ['scope-upgrade']],
  ['gateway connect failed: Error: unauthorized: device token mismatch (rotate/reissue device token)', ['device-token-mismatch']],
  ['disconnected (1012): service restart', ['gateway-stopping']],
  ["Call to 'getMe' failed! (401: Unauthorized)", ['channel-token-refused']],
  [
    'Telegram bot token unauthorized for account "default" (getMe returned 401 from Telegram; source: config token)',
    ['channel-token-refused'],
  ],
  ['WhatsApp session logged out. Run: openclaw channels login', ['channel-logged-out']],
  ['giving up after 10 restart attempts', ['channel-gave-up']],
  ['[telegram:default] health-monitor: restarting (reason: stuck)', ['channel-restarted']],
  ['SECRETS_DEGRADED', ['secrets-degraded']],
  ['SECRETS_RELOADER_RECOVERED', ['secrets-recovered']],
  ['secret reference was not found', ['secrets-degraded']],
  ['4006', ['authority-revoked']],
  ['authority_revoked', ['authority-revoked']],
  ['gateway-restarting', ['gateway-restarting']],
  ['gateway restart in progress', ['gateway-restarting']],
  ['credential-expired', ['credential-expired']],
  ['404', ['http-404', 'provider-unknown-model']],
  ['HTTP 413', ['http-413']],
  ['426', ['http-426']],
  ['Too many unauthenticated sockets', ['http-503']],
  ['auth_refresh', ['provider-oauth-refresh-failed']],
  ['auth_scope', ['provider-auth-scope']],
  ['refresh_contention', ['provider-refresh-contention']],
  ['refresh_timeout', ['provider-refresh-timeout']],
  ['refresh_token_reused', ['provider-refresh-token-reused']],
  ['invalid_grant', ['provider-refresh-revoked']],
  ['refresh_token_invalidated', ['provider-refresh-revoked']],
  ['refresh_token_expired', ['provider-refresh-expired']],
  ['sign_in_again', ['provider-refresh-sign-in-again']],
  ['OAuth token refresh failed for xai: fetch failed. Please try again or re-authenticate.', ['provider-refresh-network']],
  ['AUTH_PROFILE_STORE_UNREADABLE', ['provider-store-unreadable']],
  ['tailscale', ['tailscale-user-missing', 'tailscale-proxy-missing']],
])('explain %s', (word, best) => {
  expect(
    lookUp(word)
      .slice(0, best.length)
      .map(({id}) => id),
  ).toEqual(best)
})

test.each(['', '  ', 'flux-capacitor-missing', '99999', '.*', '__proto__'])('explain %j finds nothing', word => {
  expect(lookUp(word)).toEqual([])
})
