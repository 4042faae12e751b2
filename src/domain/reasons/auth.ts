import type {Reason} from './row.ts'

/** What the sign-in lacked, in the gateway's own words (`authReason`). Text patterns: first match wins, specific above general. */
export const authReasons = {
  'token-missing': {
    about: 'token',
    layer: 'gateway',
    authFailure: true,
    authReason: 'token_missing',
    cause: 'unauthorized',
    alias: ['AUTH_TOKEN_MISSING'],
    codes: [1008],
    text: /^unauthorized: gateway token missing/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client sent no gateway token, the secret this gateway asks for. Its own copy is empty, or it reads its settings from another place than you think.',
    fixes: ['propagate', 'verify'],
    tryThis:
      'Give it the current token: a browser by `openclaw dashboard` on the gateway host, another machine by gateway.remote.token. The doctor command that the close text names does not replace a token.',
    tryThisFrom: {
      release: '2026.8.2',
      tryThis:
        'Give it the current token: on the gateway host `openclaw gateway auth-token --show` shows it; elsewhere it goes into gateway.remote.token. The doctor command of the close text replaces no token.',
    },
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":6,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":47054,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:47054->127.0.0.1:18810","authMode":"token","authProvided":"none","authReason":"token_missing","allowTailscale":false,"peer":"127.0.0.1:47054->127.0.0.1:18810","role":"operator","scopeCount":1,"hasDeviceIdentity":true,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=2e0b1d23-3b7d-4b60-94ed-f2831d07af23 peer=127.0.0.1:47054->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: gateway token missing (use this gateway\'s gateway.auth.token or pair the device) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:26.443Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:26.443+00:00","hostname":"vm","message":"closed before connect conn=2e0b1d23-3b7d-4b60-94ed-f2831d07af23 peer=127.0.0.1:47054->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: gateway token missing (use this gateway\'s gateway.auth.token or pair the device) phase=auth_credentials_received"}',
  },
  'token-mismatch': {
    about: 'token',
    layer: 'gateway',
    authFailure: true,
    authReason: 'token_mismatch',
    cause: 'unauthorized',
    alias: ['AUTH_TOKEN_MISMATCH'],
    codes: [1008],
    text: /^unauthorized: gateway token mismatch/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client sent a gateway token, but not the one this gateway accepts. Most often the token was changed and this client still holds the old copy.',
    fixes: ['propagate', 'verify'],
    tryThis:
      'Give it the current token: a browser by `openclaw dashboard` on the gateway host, another machine by gateway.remote.token. A command line may send an old OPENCLAW_GATEWAY_TOKEN of its shell: unset it there.',
    tryThisFrom: {
      release: '2026.8.2',
      tryThis:
        'Give it the current token: on the gateway host `openclaw gateway auth-token --show` shows it; elsewhere it goes into gateway.remote.token. A shell may send an old OPENCLAW_GATEWAY_TOKEN: unset it.',
    },
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":258,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":47114,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:47114->127.0.0.1:18810","authMode":"token","authProvided":"token","authReason":"token_mismatch","allowTailscale":false,"peer":"127.0.0.1:47114->127.0.0.1:18810","role":"operator","scopeCount":0,"hasDeviceIdentity":false,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=8b4ab987-8b52-40fb-b705-7afef5731af0 peer=127.0.0.1:47114->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: gateway token mismatch (use this gateway\'s gateway.auth.token or pair the device) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:27.754Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:27.754+00:00","hostname":"vm","message":"closed before connect conn=8b4ab987-8b52-40fb-b705-7afef5731af0 peer=127.0.0.1:47114->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: gateway token mismatch (use this gateway\'s gateway.auth.token or pair the device) phase=auth_credentials_received"}',
  },
  'token-missing-config': {
    about: 'token',
    layer: 'gateway',
    authFailure: true,
    authReason: 'token_missing_config',
    cause: 'unauthorized',
    alias: ['AUTH_TOKEN_NOT_CONFIGURED'],
    codes: [1008],
    text: /^unauthorized: gateway token not configured/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The gateway asks for a token but has none itself, so nobody can sign in. Its gateway.auth.token is empty, or points to a variable or file that is not there.',
    fixes: ['rotate', 'restart'],
    tryThis:
      'If gateway.auth.token points to a variable or a file, bring that back and restart the gateway. If it is empty, set a new token and give it to the clients.',
    example: 'code=1008 reason=unauthorized: gateway token not configured on gateway (set gateway.auth.token) cause=unauthorized',
  },
  'token-redacted-config': {
    about: 'token',
    layer: 'gateway',
    authFailure: true,
    authReason: 'token_redacted_config',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.9.6',
    sure: 'likely',
    means:
      'In the place of its token the gateway holds a mask such as __OPENCLAW_REDACTED__, so no client can match it. Someone saved settings that had been printed with their secrets hidden.',
    fixes: ['rotate', 'propagate', 'verify'],
    tryThis:
      'Set a new gateway token and give it to the clients. The token from before may still stand in openclaw.json.bak beside the settings.',
    example: 'authReason=token_redacted_config code=1008 cause=unauthorized',
  },
  'password-missing': {
    about: 'password',
    layer: 'gateway',
    authFailure: true,
    authReason: 'password_missing',
    cause: 'unauthorized',
    alias: ['AUTH_PASSWORD_MISSING'],
    codes: [1008],
    text: /^unauthorized: gateway password missing/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client sent no password, and this gateway is set to ask for one. The client has none saved, or it was set up for a gateway with a token.',
    fixes: [],
    tryThis:
      'Enter the value of gateway.auth.password in that client: a browser in the Control UI settings, another machine as gateway.remote.password.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":8,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19452","remoteAddr":"127.0.0.1","remotePort":49530,"localAddr":"127.0.0.1","localPort":19452,"endpoint":"127.0.0.1:49530->127.0.0.1:19452","authMode":"password","authProvided":"none","authReason":"password_missing","allowTailscale":false,"peer":"127.0.0.1:49530->127.0.0.1:19452","role":"operator","scopeCount":1,"hasDeviceIdentity":true,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=053bd432-467c-450f-bb6e-3704454f7551 peer=127.0.0.1:49530->127.0.0.1:19452 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19452 ua=n/a code=1008 reason=unauthorized: gateway password missing (use this gateway\'s gateway.auth.password) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:26:14.272Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:26:14.272+00:00","hostname":"vm","message":"closed before connect conn=053bd432-467c-450f-bb6e-3704454f7551 peer=127.0.0.1:49530->127.0.0.1:19452 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19452 ua=n/a code=1008 reason=unauthorized: gateway password missing (use this gateway\'s gateway.auth.password) phase=auth_credentials_received"}',
  },
  'password-mismatch': {
    about: 'password',
    layer: 'gateway',
    authFailure: true,
    authReason: 'password_mismatch',
    cause: 'unauthorized',
    alias: ['AUTH_PASSWORD_MISMATCH'],
    codes: [1008],
    text: /^unauthorized: gateway password mismatch/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client sent a password, but not the one this gateway accepts. Most often it was changed on the gateway and this client still has the old one.',
    fixes: [],
    tryThis:
      'Enter the current gateway.auth.password in that client: a browser in the Control UI settings, another machine as gateway.remote.password.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":257,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19452","remoteAddr":"127.0.0.1","remotePort":49526,"localAddr":"127.0.0.1","localPort":19452,"endpoint":"127.0.0.1:49526->127.0.0.1:19452","authMode":"password","authProvided":"password","authReason":"password_mismatch","allowTailscale":false,"peer":"127.0.0.1:49526->127.0.0.1:19452","role":"operator","scopeCount":0,"hasDeviceIdentity":false,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=d174cba5-aa59-41ee-97e6-6335df344147 peer=127.0.0.1:49526->127.0.0.1:19452 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19452 ua=n/a code=1008 reason=unauthorized: gateway password mismatch (use this gateway\'s gateway.auth.password) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:26:13.855Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:26:13.855+00:00","hostname":"vm","message":"closed before connect conn=d174cba5-aa59-41ee-97e6-6335df344147 peer=127.0.0.1:49526->127.0.0.1:19452 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19452 ua=n/a code=1008 reason=unauthorized: gateway password mismatch (use this gateway\'s gateway.auth.password) phase=auth_credentials_received"}',
  },
  'password-missing-config': {
    about: 'password',
    layer: 'gateway',
    authFailure: true,
    authReason: 'password_missing_config',
    cause: 'unauthorized',
    alias: ['AUTH_PASSWORD_NOT_CONFIGURED'],
    codes: [1008],
    text: /^unauthorized: gateway password not configured/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The gateway asks for a password but has none itself, so nobody can sign in. Its gateway.auth.password is empty, or points to a variable or file that is not there.',
    fixes: ['restart'],
    tryThis:
      'Set gateway.auth.password on the gateway host, or bring back the variable or file it points to. Then restart the gateway and enter the password in the clients.',
    example:
      'code=1008 reason=unauthorized: gateway password not configured on gateway (set gateway.auth.password) cause=unauthorized',
  },
  'password-redacted-config': {
    about: 'password',
    layer: 'gateway',
    authFailure: true,
    authReason: 'password_redacted_config',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.9.6',
    sure: 'likely',
    means:
      'In the place of its password the gateway holds a mask such as __OPENCLAW_REDACTED__, so no client can match it. Someone saved settings that had been printed with their secrets hidden.',
    fixes: ['restart'],
    tryThis:
      'Set a new gateway.auth.password in openclaw.json on the gateway host, restart the gateway, and enter the password in the clients.',
    example: 'authReason=password_redacted_config code=1008 cause=unauthorized',
  },
  'device-token-mismatch': {
    about: 'device-token',
    layer: 'gateway',
    authFailure: true,
    authReason: 'device_token_mismatch',
    cause: 'unauthorized',
    alias: ['AUTH_DEVICE_TOKEN_MISMATCH'],
    codes: [1008],
    text: /^unauthorized: device token mismatch/,
    since: '2026.2.19',
    sure: 'certain',
    means:
      'The device showed the token it was given when it was paired, and the gateway does not accept it. That token was revoked or renewed, or belongs to another device.',
    fixes: [],
    tryThis:
      'Look for the device in `openclaw devices list`, then let it sign in once with the gateway token and approve it again. A new gateway token does not help here.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":8,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54124,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54124->127.0.0.1:18810","authMode":"token","authProvided":"device-token","authReason":"device_token_mismatch","allowTailscale":false,"peer":"127.0.0.1:54124->127.0.0.1:18810","role":"operator","scopeCount":1,"hasDeviceIdentity":true,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=1803bd32-8205-44c7-a018-18e55de8db91 peer=127.0.0.1:54124->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: device token mismatch (rotate/reissue device token) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:32.573Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:32.573+00:00","hostname":"vm","message":"closed before connect conn=1803bd32-8205-44c7-a018-18e55de8db91 peer=127.0.0.1:54124->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: device token mismatch (rotate/reissue device token) phase=auth_credentials_received"}',
  },
  'scope-mismatch': {
    about: 'device',
    layer: 'gateway',
    authFailure: true,
    authReason: 'scope_mismatch',
    cause: 'unauthorized',
    alias: ['AUTH_SCOPE_MISMATCH'],
    codes: [1008],
    text: /^unauthorized: device token scope mismatch/,
    since: '2026.5.28',
    sure: 'certain',
    means:
      "The device's token is good, but the device asks for more rights (scopes) than it was approved for. The gateway token has nothing to do with it.",
    fixes: [],
    tryThis:
      'Look at the request in `openclaw devices list`; if you agree: `openclaw devices approve <requestId>`. If there is none, let the device ask for fewer rights or pair it again.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":9,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19640","remoteAddr":"127.0.0.1","remotePort":56106,"localAddr":"127.0.0.1","localPort":19640,"endpoint":"127.0.0.1:56106->127.0.0.1:19640","authMode":"token","authProvided":"device-token","authReason":"scope_mismatch","allowTailscale":false,"peer":"127.0.0.1:56106->127.0.0.1:19640","role":"operator","scopeCount":2,"hasDeviceIdentity":true,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=9af85880-00dc-4405-a485-fca59a1a8095 peer=127.0.0.1:56106->127.0.0.1:19640 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19640 ua=n/a code=1008 reason=unauthorized: device token scope mismatch (re-pair or approve scope upgrade) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:36:34.150Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:36:34.150+00:00","hostname":"vm","message":"closed before connect conn=9af85880-00dc-4405-a485-fca59a1a8095 peer=127.0.0.1:56106->127.0.0.1:19640 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19640 ua=n/a code=1008 reason=unauthorized: device token scope mismatch (re-pair or approve scope upgrade) phase=auth_credentials_received"}',
  },
  'bootstrap-token-invalid': {
    about: 'bootstrap-token',
    layer: 'gateway',
    authFailure: true,
    authReason: 'bootstrap_token_invalid',
    cause: 'unauthorized',
    alias: ['AUTH_BOOTSTRAP_TOKEN_INVALID'],
    codes: [1008],
    text: /^unauthorized: (bootstrap token|setup code) invalid/,
    since: '2026.3.13',
    sure: 'certain',
    means:
      'The device came with a setup code that the gateway no longer takes. Such a code works once and not for long: it was used, ran out or was withdrawn.',
    fixes: [],
    tryThis:
      'Make a new code on the gateway host with `openclaw qr` and use that one. First look in `openclaw devices list`: the old code may have done its work.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":8,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54138,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54138->127.0.0.1:18810","authMode":"token","authProvided":"bootstrap-token","authReason":"bootstrap_token_invalid","allowTailscale":false,"peer":"127.0.0.1:54138->127.0.0.1:18810","role":"operator","scopeCount":1,"hasDeviceIdentity":true,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=0deee689-7fb4-4841-bdec-accbceefafff peer=127.0.0.1:54138->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: setup code invalid, expired, revoked, or already used (create a new code; review `openclaw devices list`) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:32.783Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:32.783+00:00","hostname":"vm","message":"closed before connect conn=0deee689-7fb4-4841-bdec-accbceefafff peer=127.0.0.1:54138->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=unauthorized: setup code invalid, expired, revoked, or already used (create a new code; review `openclaw devices list`) phase=auth_credentials_received"}',
  },
  'rate-limited': {
    layer: 'gateway',
    authFailure: true,
    authReason: 'rate_limited',
    cause: 'unauthorized',
    alias: ['AUTH_RATE_LIMITED'],
    codes: [1008],
    also: ['429'],
    text: /^unauthorized: too many failed authentication attempts/,
    since: '2026.2.19',
    sure: 'certain',
    means:
      'Too many sign-ins from this address failed, so the gateway locks it out for a while. Until that ends even the right token is refused.',
    fixes: ['propagate', 'verify'],
    tryThis:
      'Stop the client that keeps trying, give it the right token, and wait: 5 minutes unless gateway.auth.rateLimit says otherwise. Nothing in the log tells when the lock ends.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":3,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19442","remoteAddr":"127.0.0.1","remotePort":35418,"localAddr":"127.0.0.1","localPort":19442,"endpoint":"127.0.0.1:35418->127.0.0.1:19442","authMode":"token","authProvided":"token","authReason":"rate_limited","allowTailscale":false,"peer":"127.0.0.1:35418->127.0.0.1:19442","role":"operator","scopeCount":0,"hasDeviceIdentity":false,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=662633a9-a978-4f69-9fed-33ef23ec4a7b peer=127.0.0.1:35418->127.0.0.1:19442 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19442 ua=n/a code=1008 reason=unauthorized: too many failed authentication attempts (retry later) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:23:07.071Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:23:07.071+00:00","hostname":"vm","message":"closed before connect conn=662633a9-a978-4f69-9fed-33ef23ec4a7b peer=127.0.0.1:35418->127.0.0.1:19442 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19442 ua=n/a code=1008 reason=unauthorized: too many failed authentication attempts (retry later) phase=auth_credentials_received"}',
  },
  'tailscale-user-missing': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'tailscale_user_missing',
    cause: 'unauthorized',
    alias: ['AUTH_TAILSCALE_IDENTITY_MISSING'],
    codes: [1008],
    text: /^unauthorized: tailscale identity missing/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The request named no Tailscale user, and this gateway lets Tailscale Serve say who somebody is. The client came past Serve, or Serve sent no name.',
    fixes: ['propagate'],
    tryThis:
      'Use the address that `tailscale serve status` shows, not the port of the machine. Or give the client the gateway token.',
    example:
      'code=1008 reason=unauthorized: tailscale identity missing (use Tailscale Serve auth or gateway token/password) cause=unauthorized',
  },
  'tailscale-proxy-missing': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'tailscale_proxy_missing',
    cause: 'unauthorized',
    alias: ['AUTH_TAILSCALE_PROXY_MISSING'],
    codes: [1008],
    text: /^unauthorized: tailscale proxy headers missing/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The request claims a Tailscale user but did not come through Tailscale Serve on this host. The gateway takes such a name from Serve only, as anyone could write it.',
    fixes: ['propagate'],
    tryThis:
      'Use the address that `tailscale serve status` shows, not the port of the machine. Or give the client the gateway token.',
    example:
      'code=1008 reason=unauthorized: tailscale proxy headers missing (use Tailscale Serve or gateway token/password) cause=unauthorized',
  },
  'tailscale-whois-failed': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'tailscale_whois_failed',
    cause: 'unauthorized',
    alias: ['AUTH_TAILSCALE_WHOIS_FAILED'],
    codes: [1008],
    text: /^unauthorized: tailscale identity check failed/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The gateway asked Tailscale who is behind this address and got no answer. Tailscale on the gateway host may be down or signed out.',
    fixes: ['propagate'],
    tryThis:
      'Look at `tailscale status` on the gateway host and sign in there if it says so. Meanwhile the client can use the gateway token.',
    example:
      'code=1008 reason=unauthorized: tailscale identity check failed (use Tailscale Serve auth or gateway token/password) cause=unauthorized',
  },
  'tailscale-user-mismatch': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'tailscale_user_mismatch',
    cause: 'unauthorized',
    alias: ['AUTH_TAILSCALE_IDENTITY_MISMATCH'],
    codes: [1008],
    text: /^unauthorized: tailscale identity mismatch/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The request names one Tailscale user, and Tailscale says that its address belongs to another. Something on the way rewrites the headers, or somebody pretends.',
    fixes: [],
    tryThis:
      "See by the attempt's address who it was. If it is a proxy of your own, let it pass Tailscale's headers on unchanged; if you do not know it, keep it out.",
    example:
      'code=1008 reason=unauthorized: tailscale identity mismatch (use Tailscale Serve auth or gateway token/password) cause=unauthorized',
  },
  'trusted-proxy-user-missing': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_user_missing',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.2.19',
    sure: 'certain',
    means:
      'The proxy in front of the gateway passed on a request without the name of a user. It did not sign the person in, or it sends the name in another header.',
    fixes: [],
    tryThis:
      'Compare the header that the proxy sends with gateway.auth.trustedProxy.userHeader. The proxy must send it on WebSocket requests too.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":3,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19531","origin":"http://127.0.0.1:19531","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":37706,"localAddr":"127.0.0.1","localPort":19531,"endpoint":"127.0.0.1:37706->127.0.0.1:19531","authMode":"trusted-proxy","authProvided":"none","authReason":"trusted_proxy_user_missing","allowTailscale":false,"peer":"127.0.0.1:37706->127.0.0.1:19531","role":"operator","scopeCount":3,"hasDeviceIdentity":true,"client":"openclaw-control-ui","mode":"webchat","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=fa6606ba-24dc-48cf-a57f-3888a2b5598f peer=127.0.0.1:37706->127.0.0.1:19531 remote=127.0.0.1 fwd=203.0.113.9 origin=http://127.0.0.1:19531 host=127.0.0.1:19531 ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:28:52.622Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:28:52.622+00:00","hostname":"vm","message":"closed before connect conn=fa6606ba-24dc-48cf-a57f-3888a2b5598f peer=127.0.0.1:37706->127.0.0.1:19531 remote=127.0.0.1 fwd=203.0.113.9 origin=http://127.0.0.1:19531 host=127.0.0.1:19531 ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received"}',
  },
  'trusted-proxy-user-not-allowed': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_user_not_allowed',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.2.19',
    sure: 'certain',
    means:
      'The proxy signed this person in, but the gateway lets in only the users on its own list. The name that the proxy sent is not on it.',
    fixes: [],
    tryThis:
      'If the person should get in, add the name to gateway.auth.trustedProxy.allowUsers exactly as the proxy sends it. If not, all is as it should be.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":8,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19531","origin":"http://127.0.0.1:19531","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":37704,"localAddr":"127.0.0.1","localPort":19531,"endpoint":"127.0.0.1:37704->127.0.0.1:19531","authMode":"trusted-proxy","authProvided":"none","authReason":"trusted_proxy_user_not_allowed","allowTailscale":false,"peer":"127.0.0.1:37704->127.0.0.1:19531","role":"operator","scopeCount":3,"hasDeviceIdentity":true,"client":"openclaw-control-ui","mode":"webchat","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=0be95fbe-7109-4c59-ad3b-a9309a3ada26 peer=127.0.0.1:37704->127.0.0.1:19531 remote=127.0.0.1 fwd=203.0.113.9 origin=http://127.0.0.1:19531 host=127.0.0.1:19531 ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:28:52.415Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:28:52.416+00:00","hostname":"vm","message":"closed before connect conn=0be95fbe-7109-4c59-ad3b-a9309a3ada26 peer=127.0.0.1:37704->127.0.0.1:19531 remote=127.0.0.1 fwd=203.0.113.9 origin=http://127.0.0.1:19531 host=127.0.0.1:19531 ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received"}',
  },
  'trusted-proxy-missing-header': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    cause: 'unauthorized',
    alias: ['AUTH_IDENTITY_HEADER_REQUIRED'],
    codes: [1008],
    text: /^gateway rejected this node: trusted-proxy identity-header/,
    since: '2026.2.19',
    sure: 'certain',
    means:
      'The proxy in front of the gateway did not send a header that the gateway insists on. The last part of the reason word is the name of that header.',
    fixes: [],
    tryThis:
      'Let the proxy set the header on every request, WebSocket requests too. Or take it out of gateway.auth.trustedProxy.requiredHeaders.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"unauthorized","durationMs":9,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:19531","origin":"http://127.0.0.1:19531","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":37708,"localAddr":"127.0.0.1","localPort":19531,"endpoint":"127.0.0.1:37708->127.0.0.1:19531","authMode":"trusted-proxy","authProvided":"none","authReason":"trusted_proxy_missing_header_x-forwarded-proto","allowTailscale":false,"peer":"127.0.0.1:37708->127.0.0.1:19531","role":"operator","scopeCount":3,"hasDeviceIdentity":true,"client":"openclaw-control-ui","mode":"webchat","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=5d2467cb-845e-41be-aff3-7aed00b24690 peer=127.0.0.1:37708->127.0.0.1:19531 remote=127.0.0.1 fwd=203.0.113.9 origin=http://127.0.0.1:19531 host=127.0.0.1:19531 ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:28:52.835Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:28:52.835+00:00","hostname":"vm","message":"closed before connect conn=5d2467cb-845e-41be-aff3-7aed00b24690 peer=127.0.0.1:37708->127.0.0.1:19531 remote=127.0.0.1 fwd=203.0.113.9 origin=http://127.0.0.1:19531 host=127.0.0.1:19531 ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received"}',
  },
  'trusted-proxy-loopback-source': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_loopback_source',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.4.15',
    sure: 'certain',
    means:
      "The request came from the gateway's own host (127.0.0.1), which is not trusted as a proxy by default. Any program on that host could pretend to be the proxy.",
    fixes: [],
    tryThis:
      'For a proxy on the same host set gateway.auth.trustedProxy.allowLoopback to true and list 127.0.0.1 in gateway.trustedProxies. It must overwrite the identity headers of its callers.',
    example: 'authReason=trusted_proxy_loopback_source code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-untrusted-source': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_untrusted_source',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.2.19',
    sure: 'likely',
    means:
      "The request came from an address that is not on the gateway's list of proxies. It went past the proxy, or the proxy has a new address, as containers do.",
    fixes: [],
    tryThis: "Compare the attempt's remote address with gateway.trustedProxies, and add it only if it really is your proxy.",
    example: 'authReason=trusted_proxy_untrusted_source code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-local-interface-source': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_local_interface_source',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.5.28',
    sure: 'likely',
    means:
      "The request came from one of the gateway host's own network addresses, where no proxy is expected. The gateway refuses it, as a program on that host could forge it.",
    fixes: [],
    tryThis:
      'Let the proxy connect from an address that the gateway host does not have itself, or over 127.0.0.1 with gateway.auth.trustedProxy.allowLoopback set to true.',
    example: 'authReason=trusted_proxy_local_interface_source code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-local-interface-check-failed': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_local_interface_check_failed',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.5.28',
    sure: 'likely',
    means:
      'The gateway could not list its own network addresses, so it cannot rule out a forged request. To be safe it refuses everyone who comes by a proxy.',
    fixes: ['restart'],
    tryThis:
      'Find out why: a container or sandbox may forbid the gateway to read its network interfaces. Then restart the gateway.',
    example: 'authReason=trusted_proxy_local_interface_check_failed code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-config-missing': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_config_missing',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.2.19',
    sure: 'likely',
    means:
      'The gateway is set to let a proxy sign people in, but the settings for that are missing. Nobody can sign in until they are there.',
    fixes: [],
    tryThis: 'Add gateway.auth.trustedProxy with its userHeader to openclaw.json, or set gateway.auth.mode back to what it was.',
    example: 'authReason=trusted_proxy_config_missing code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-no-proxies-configured': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_no_proxies_configured',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.2.19',
    sure: 'likely',
    means:
      'The gateway is set to let a proxy sign people in, but its list of proxies is empty. Nobody can sign in until the proxy is on it.',
    fixes: [],
    tryThis: 'Put the address of the proxy, and only that, into gateway.trustedProxies.',
    example: 'authReason=trusted_proxy_no_proxies_configured code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-no-request': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_no_request',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.2.19',
    sure: 'guess',
    means:
      "The gateway had no web request from which to read the proxy's headers. This looks like a fault inside OpenClaw rather than in your settings.",
    fixes: [],
    tryThis: 'Let the client try again. If it stays, report it to OpenClaw with the lines of this attempt.',
    example: 'authReason=trusted_proxy_no_request code=1008 reason=unauthorized cause=unauthorized',
  },
  'trusted-proxy-origin-not-allowed': {
    about: 'proxy',
    layer: 'gateway',
    authFailure: true,
    authReason: 'trusted_proxy_origin_not_allowed',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.4.15',
    sure: 'likely',
    means:
      "The proxy signed the person in, but the web page that made the request is not on the gateway's list. Only the gateway's own page and those on the list may connect.",
    fixes: [],
    tryThis: 'If the page is yours, add its origin, as the attempt shows it, to gateway.controlUi.allowedOrigins.',
    example: 'authReason=trusted_proxy_origin_not_allowed code=1008 reason=unauthorized cause=unauthorized',
  },
  'proxy-attribution-required': {
    layer: 'gateway',
    authFailure: true,
    authReason: 'proxy_attribution_required',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED', '403'],
    text: /^unauthorized: proxy client attribution is required/,
    since: '2026.8.2',
    sure: 'likely',
    means:
      'The request carries headers of a proxy but comes from an address that is not known as one. The gateway cannot tell who the client is and refuses.',
    fixes: [],
    tryThis:
      'List the address of the proxy, and only that, in gateway.trustedProxies, and let the proxy overwrite the forwarded headers of its callers.',
    example:
      'code=1008 reason=unauthorized: proxy client attribution is required (configure gateway.trustedProxies narrowly and make cause=unauthorized',
  },
  'gateway-auth-required': {
    layer: 'gateway',
    authFailure: true,
    authReason: 'gateway_auth_required',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.8.2',
    sure: 'likely',
    means:
      'This gateway asks for no sign-in, and the request came from the public internet through Tailscale Funnel. The gateway refuses that combination.',
    fixes: [],
    tryThis: 'Set gateway.auth.mode to token or password, or take the Funnel down.',
    example: 'authReason=gateway_auth_required code=1008 reason=unauthorized cause=unauthorized',
  },
  'origin-not-allowed': {
    about: 'page',
    layer: 'gateway',
    authFailure: true,
    authReason: 'origin_not_allowed',
    cause: 'unauthorized',
    codes: [1008],
    also: ['AUTH_UNAUTHORIZED'],
    since: '2026.8.2',
    sure: 'likely',
    means:
      "The web page that made the request is not on the gateway's list of allowed pages. Only the gateway's own page and those on the list may sign in without a secret.",
    fixes: [],
    tryThis: 'If the page is yours, add its origin, as the attempt shows it, to gateway.controlUi.allowedOrigins.',
    example: 'authReason=origin_not_allowed code=1008 reason=unauthorized cause=unauthorized',
  },
  'device-token-rejected': {
    about: 'device-token',
    layer: 'gateway',
    authFailure: true,
    under: 'unauthorized',
    cause: 'unauthorized',
    codes: [1008],
    text: /^unauthorized: device token rejected/,
    since: '2026.2.26',
    sure: 'likely',
    means:
      'The device sent only its own token from an earlier pairing, and the gateway did not accept it. The pairing was removed, or it is with another gateway.',
    fixes: [],
    tryThis:
      'Look for the device in `openclaw devices list`, then let it sign in once with the gateway token and approve it again.',
    example:
      'code=1008 reason=unauthorized: device token rejected (pair/repair this device, or provide gateway token) cause=unauthorized',
  },
  'redacted-config': {
    layer: 'gateway',
    authFailure: true,
    under: 'unauthorized',
    cause: 'unauthorized',
    codes: [1008],
    text: /^gateway credential is a redaction sentinel/,
    since: '2026.9.6',
    sure: 'likely',
    means:
      'In the place of its token or password the gateway holds a mask, so no client can match it. Someone saved settings that had been printed with their secrets hidden.',
    fixes: ['rotate', 'propagate', 'verify'],
    tryThis:
      'Set a new gateway token (or, by gateway.auth.mode, a new password) and give it to the clients. The one from before may still stand in openclaw.json.bak.',
    example:
      'code=1008 reason=gateway credential is a redaction sentinel (run openclaw doctor --fix on the Gateway, then restart and re-pair) cause=unauthorized',
  },
  unauthorized: {
    layer: 'gateway',
    authFailure: true,
    cause: 'unauthorized',
    alias: ['AUTH_UNAUTHORIZED', 'AUTH_REQUIRED'],
    codes: [1008],
    text: /^unauthorized\b/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The gateway refused the sign-in, and this line does not say what was wrong with it. A line of the same connection that starts with `unauthorized` does.',
    fixes: ['propagate', 'verify'],
    tryThis:
      'Find the line `unauthorized conn=…` of this connection: the word after reason= names the secret or header, and `gatecrab explain` knows that word.',
    example: 'code=1008 reason=unauthorized cause=unauthorized handshake=failed',
  },
} as const satisfies Record<string, Reason>
