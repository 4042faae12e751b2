import type {Reason} from './row.ts'

/** Why a socket got no hello, in the gateway's own words (`cause`). Text patterns: first match wins, specific above general. */
export const gatewayReasons = {
  'device-required': {
    layer: 'gateway',
    authFailure: true,
    cause: 'device-required',
    alias: ['DEVICE_IDENTITY_REQUIRED'],
    also: ['NOT_PAIRED'],
    codes: [1008],
    text: /^device identity required/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client showed neither an accepted secret nor a device key (the key pair that names a device). Most often it simply has no gateway token.',
    fixes: ['propagate', 'verify'],
    tryThis:
      'Give the client the current gateway token. A node, or any client where gateway.auth.mode is none, needs a device key: pair it with `openclaw devices approve <requestId>`.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"device-required","durationMs":3,"handshake":"failed","phase":"ws_upgrade_started","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":47006,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:47006->127.0.0.1:18810","client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=ff5cdf3e-c582-46be-b67c-1af7758465c2 peer=127.0.0.1:47006->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device identity required phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:25.410Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:25.410+00:00","hostname":"vm","message":"closed before connect conn=ff5cdf3e-c582-46be-b67c-1af7758465c2 peer=127.0.0.1:47006->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device identity required phase=ws_upgrade_started"}',
  },
  'control-ui-insecure-auth': {
    layer: 'gateway',
    authFailure: true,
    cause: 'control-ui-insecure-auth',
    alias: ['CONTROL_UI_DEVICE_IDENTITY_REQUIRED'],
    codes: [1008],
    text: /^control ui requires (HTTPS|device identity)/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The browser page showed no device key, and the token alone is not enough for it. Over plain http from another machine a browser may be unable to make that key.',
    fixes: [],
    tryThis:
      'Open the page over https, or as http://localhost through an SSH tunnel. `openclaw dashboard` on the gateway host gives the right address.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"control-ui-insecure-auth","durationMs":2,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","origin":"http://127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54142,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54142->127.0.0.1:18810","insecureAuthConfigured":false,"client":"openclaw-control-ui","mode":"webchat","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=d426ccc2-0868-4c33-99c3-aa0f3fd0aa4e peer=127.0.0.1:54142->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=http://127.0.0.1:18810 host=127.0.0.1:18810 ua=n/a code=1008 reason=control ui requires device identity (use HTTPS or localhost secure context) phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:32.987Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:32.987+00:00","hostname":"vm","message":"closed before connect conn=d426ccc2-0868-4c33-99c3-aa0f3fd0aa4e peer=127.0.0.1:54142->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=http://127.0.0.1:18810 host=127.0.0.1:18810 ua=n/a code=1008 reason=control ui requires device identity (use HTTPS or localhost secure context) phase=auth_credentials_received"}',
  },
  'control-ui-build-mismatch': {
    layer: 'gateway',
    cause: 'control-ui-build-mismatch',
    alias: ['CONTROL_UI_BUILD_MISMATCH'],
    codes: [1008],
    text: /^(protocol mismatch: Control UI updated|control ui build rejected)/,
    since: '2026.8.1',
    sure: 'certain',
    means:
      'The gateway was updated, and this browser tab still runs the page from before. It is kept out until the page is loaded again.',
    fixes: [],
    tryThis: 'Reload the tab. Its token is not the trouble.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"control-ui-build-mismatch","durationMs":64,"handshake":"failed","phase":"auth_validated","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","origin":"http://127.0.0.1:18810","userAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0","remoteAddr":"127.0.0.1","remotePort":46964,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:46964->127.0.0.1:18810","clientBuildId":"legacy","gatewayBuildId":"2026.9.6-release-eb377ac59e6c-2026-09-23T16-33-12.144Z","client":"openclaw-control-ui","mode":"webchat","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=cb7c062d-bea4-41d0-9b67-60a18887c287 peer=127.0.0.1:46964->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=http://127.0.0.1:18810 host=127.0.0.1:18810 ua=Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 code=1008 reason=protocol mismatch: Control UI updated; reload this page to continue phase=auth_validated","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:23.437Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:23.437+00:00","hostname":"vm","message":"closed before connect conn=cb7c062d-bea4-41d0-9b67-60a18887c287 peer=127.0.0.1:46964->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=http://127.0.0.1:18810 host=127.0.0.1:18810 ua=Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 code=1008 reason=protocol mismatch: Control UI updated; reload this page to continue phase=auth_validated"}',
  },
  'device-nonce-mismatch': {
    layer: 'gateway',
    authFailure: true,
    under: 'device-auth-invalid',
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_NONCE_MISMATCH'],
    codes: [1008],
    text: /^device nonce mismatch/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The device signed another one-time number than the gateway had just sent it. The client is too old, or something replays a recorded connection.',
    fixes: [],
    tryThis: "Update the client to the gateway's release. If you do not know its address, find out who it is.",
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"device-auth-invalid","durationMs":1,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54150,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54150->127.0.0.1:18810","reason":"device-nonce-mismatch","client":"cli","deviceId":"7ec5d888fd632a4db120a044ec0fdc5f2892c6dd4805189b02360734e61deb57"},"2":"closed before connect conn=65f77a58-91d2-47ab-aa64-ad254b608c57 peer=127.0.0.1:54150->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device nonce mismatch phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:33.398Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:33.398+00:00","hostname":"vm","message":"closed before connect conn=65f77a58-91d2-47ab-aa64-ad254b608c57 peer=127.0.0.1:54150->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device nonce mismatch phase=auth_credentials_received"}',
  },
  'device-nonce-missing': {
    layer: 'gateway',
    authFailure: true,
    under: 'device-auth-invalid',
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_NONCE_REQUIRED'],
    codes: [1008],
    text: /^device nonce required/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The device did not sign the one-time number that the gateway sends at the start. Clients from before that rule do not know it.',
    fixes: [],
    tryThis: "Update the client to the gateway's release.",
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"device-auth-invalid","durationMs":2,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54152,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54152->127.0.0.1:18810","reason":"device-nonce-missing","client":"cli","deviceId":"7ec5d888fd632a4db120a044ec0fdc5f2892c6dd4805189b02360734e61deb57"},"2":"closed before connect conn=839d6a4b-727c-41f5-bfdd-cb4ad4f05572 peer=127.0.0.1:54152->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device nonce required phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:33.606Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:33.606+00:00","hostname":"vm","message":"closed before connect conn=839d6a4b-727c-41f5-bfdd-cb4ad4f05572 peer=127.0.0.1:54152->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device nonce required phase=auth_credentials_received"}',
  },
  'device-signature-stale': {
    layer: 'gateway',
    authFailure: true,
    under: 'device-auth-invalid',
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_SIGNATURE_EXPIRED'],
    codes: [1008],
    text: /^device signature expired/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      "The time in the device's signature is too far from the gateway's clock (2 minutes on 2026.9.6). One of the two clocks is wrong.",
    fixes: [],
    tryThis:
      'Compare `date -u` on both machines and turn time synchronisation on where it is off. A machine that just woke from sleep mends itself.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"device-auth-invalid","durationMs":5,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54168,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54168->127.0.0.1:18810","reason":"device-signature-stale","client":"cli","deviceId":"7ec5d888fd632a4db120a044ec0fdc5f2892c6dd4805189b02360734e61deb57"},"2":"closed before connect conn=3f79cce8-e6ae-4399-8bf7-f9a3a0cc1eeb peer=127.0.0.1:54168->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device signature expired phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:33.813Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:33.813+00:00","hostname":"vm","message":"closed before connect conn=3f79cce8-e6ae-4399-8bf7-f9a3a0cc1eeb peer=127.0.0.1:54168->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device signature expired phase=auth_credentials_received"}',
  },
  'device-signature': {
    layer: 'gateway',
    authFailure: true,
    under: 'device-auth-invalid',
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_SIGNATURE_INVALID'],
    codes: [1008],
    text: /^device signature invalid/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      "The device's signature does not fit what it says about itself. Its saved key is damaged, or the client is of another release and signs something else.",
    fixes: [],
    tryThis: "Update the client to the gateway's release. If that does not help, its saved device key is bad: pair it anew.",
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"device-auth-invalid","durationMs":2,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54182,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54182->127.0.0.1:18810","reason":"device-signature","client":"cli","deviceId":"7ec5d888fd632a4db120a044ec0fdc5f2892c6dd4805189b02360734e61deb57"},"2":"closed before connect conn=c43f679c-633d-46be-9970-6711e0806e2f peer=127.0.0.1:54182->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device signature invalid phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:34.017Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:34.017+00:00","hostname":"vm","message":"closed before connect conn=c43f679c-633d-46be-9970-6711e0806e2f peer=127.0.0.1:54182->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device signature invalid phase=auth_credentials_received"}',
  },
  'device-id-mismatch': {
    layer: 'gateway',
    authFailure: true,
    under: 'device-auth-invalid',
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_DEVICE_ID_MISMATCH'],
    codes: [1008],
    text: /^device identity mismatch/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The device named itself otherwise than its key does, though the name is made from the key. Its saved identity was edited, or mixed from two devices.',
    fixes: [],
    tryThis:
      'Let the client make a new identity of its own, not a copy from another machine, and approve it: `openclaw devices approve <requestId>`.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"device-auth-invalid","durationMs":6,"handshake":"failed","phase":"auth_credentials_received","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54188,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54188->127.0.0.1:18810","reason":"device-id-mismatch","client":"cli","deviceId":"3ed85c4c20807a47fda3add4dfb3a35fd98d8b607a70dfeda4c8636882fe7afa"},"2":"closed before connect conn=46b578a4-6172-4e03-a9d3-c8dea4351d07 peer=127.0.0.1:54188->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device identity mismatch phase=auth_credentials_received","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:34.225Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:34.225+00:00","hostname":"vm","message":"closed before connect conn=46b578a4-6172-4e03-a9d3-c8dea4351d07 peer=127.0.0.1:54188->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=device identity mismatch phase=auth_credentials_received"}',
  },
  'device-public-key': {
    layer: 'gateway',
    authFailure: true,
    under: 'device-auth-invalid',
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_PUBLIC_KEY_INVALID'],
    codes: [1008],
    text: /^device public key invalid/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The gateway cannot read the public key that the device sent. Its saved identity is damaged, or it is not an OpenClaw client.',
    fixes: [],
    tryThis: 'Let the client make a new identity and approve it: `openclaw devices approve <requestId>`.',
    example: 'code=1008 reason=device public key invalid cause=device-auth-invalid detail=device-public-key handshake=failed',
  },
  'device-auth-invalid': {
    layer: 'gateway',
    authFailure: true,
    cause: 'device-auth-invalid',
    alias: ['DEVICE_AUTH_INVALID'],
    codes: [1008],
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The device tried to prove who it is with its own key, and the proof does not hold. The client is too old, a clock is wrong, or its saved key is damaged.',
    fixes: [],
    tryThis:
      "Update the client to the gateway's release and compare the clocks of both machines. If both are right, pair the device anew.",
    example: 'code=1008 cause=device-auth-invalid handshake=failed',
  },
  'not-paired': {
    layer: 'gateway',
    under: 'pairing-required',
    cause: 'pairing-required',
    codes: [1008],
    text: /^pairing required: device is not approved yet/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'This gateway has never approved this device. A right token is not enough for a device that comes from elsewhere: a person has to approve it once.',
    fixes: [],
    tryThis:
      'If you know the device: `openclaw devices list`, then `openclaw devices approve <requestId>`. If you do not, leave it out and ask how it got the token.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"pairing-required","durationMs":129,"handshake":"failed","phase":"auth_validated","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"gw.example.com","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":48960,"localAddr":"127.0.0.1","localPort":19451,"endpoint":"127.0.0.1:48960->127.0.0.1:19451","deviceId":"9b6c21aaf5d4e5727715ee334d617344b5c5782dea849665ee9b45f9487e9905","requestId":"ce59c729-3601-471a-b2a1-d13029c852cb","reason":"not-paired"},"2":"closed before connect conn=ee67de84-aa1d-4739-8f9c-e7e3f9021901 peer=127.0.0.1:48960->127.0.0.1:19451 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device is not approved yet (requestId: ce59c729-3601-471a-b2a1-d13029c852cb) phase=auth_validated","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:25:54.754Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:25:54.754+00:00","hostname":"vm","message":"closed before connect conn=ee67de84-aa1d-4739-8f9c-e7e3f9021901 peer=127.0.0.1:48960->127.0.0.1:19451 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device is not approved yet (requestId: ce59c729-3601-471a-b2a1-d13029c852cb) phase=auth_validated"}',
  },
  'scope-upgrade': {
    layer: 'gateway',
    under: 'pairing-required',
    cause: 'pairing-required',
    codes: [1008],
    text: /^pairing required: device is asking for more scopes/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The device is known, but now asks for more rights (scopes) than it was approved for. A person has to agree to the wider ones.',
    fixes: [],
    tryThis:
      'Compare asked and approved rights in `openclaw devices list`; if you agree: `openclaw devices approve <requestId>`.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"pairing-required","durationMs":15,"handshake":"failed","phase":"auth_validated","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"gw.example.com","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":56076,"localAddr":"127.0.0.1","localPort":19640,"endpoint":"127.0.0.1:56076->127.0.0.1:19640","deviceId":"9b6c21aaf5d4e5727715ee334d617344b5c5782dea849665ee9b45f9487e9905","requestId":"0d882d7a-6db4-4565-8a7b-b2e5ca552251","reason":"scope-upgrade"},"2":"closed before connect conn=f9b6c24e-46d8-4a7f-ae88-e338d4be3c2b peer=127.0.0.1:56076->127.0.0.1:19640 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device is asking for more scopes than currently approved (requestId: 0d882d7a-6db4-4565-8a7b-b2e5ca552 phase=auth_validated","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:36:33.079Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:36:33.079+00:00","hostname":"vm","message":"closed before connect conn=f9b6c24e-46d8-4a7f-ae88-e338d4be3c2b peer=127.0.0.1:56076->127.0.0.1:19640 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device is asking for more scopes than currently approved (requestId: 0d882d7a-6db4-4565-8a7b-b2e5ca552 phase=auth_validated"}',
  },
  'role-upgrade': {
    layer: 'gateway',
    under: 'pairing-required',
    cause: 'pairing-required',
    codes: [1008],
    text: /^pairing required: device is asking for a higher role/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The device is known, but now wants another role than it was approved for, such as node beside operator. A person has to agree to that.',
    fixes: [],
    tryThis: 'Compare the roles in `openclaw devices list`; if you agree: `openclaw devices approve <requestId>`.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"pairing-required","durationMs":13,"handshake":"failed","phase":"auth_validated","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"gw.example.com","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":56084,"localAddr":"127.0.0.1","localPort":19640,"endpoint":"127.0.0.1:56084->127.0.0.1:19640","deviceId":"9b6c21aaf5d4e5727715ee334d617344b5c5782dea849665ee9b45f9487e9905","requestId":"bcbfa33e-7516-43c3-afa2-86cda7ba79f2","reason":"role-upgrade"},"2":"closed before connect conn=64025ce9-3463-48d6-afcd-1edaf9b01687 peer=127.0.0.1:56084->127.0.0.1:19640 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device is asking for a higher role than currently approved (requestId: bcbfa33e-7516-43c3-afa2-86cda7b phase=auth_validated","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:36:33.295Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:36:33.295+00:00","hostname":"vm","message":"closed before connect conn=64025ce9-3463-48d6-afcd-1edaf9b01687 peer=127.0.0.1:56084->127.0.0.1:19640 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device is asking for a higher role than currently approved (requestId: bcbfa33e-7516-43c3-afa2-86cda7b phase=auth_validated"}',
  },
  'metadata-upgrade': {
    layer: 'gateway',
    under: 'pairing-required',
    cause: 'pairing-required',
    codes: [1008],
    text: /^pairing required: device identity changed/,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The device shows a known key but another platform or make than before. Its key moved to another machine, or its system was replaced.',
    fixes: [],
    tryThis:
      'If you moved or rebuilt that machine: `openclaw devices approve <requestId>`. If not, somebody may have copied its key: do not approve.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"pairing-required","durationMs":18,"handshake":"failed","phase":"auth_validated","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"gw.example.com","forwardedFor":"203.0.113.9","remoteAddr":"127.0.0.1","remotePort":49048,"localAddr":"127.0.0.1","localPort":19451,"endpoint":"127.0.0.1:49048->127.0.0.1:19451","deviceId":"9b6c21aaf5d4e5727715ee334d617344b5c5782dea849665ee9b45f9487e9905","requestId":"b54128cc-ff40-4f91-b6b3-dfe8cc8a4688","reason":"metadata-upgrade"},"2":"closed before connect conn=8f43cc4d-b11d-4fbb-b784-eb545fb4e3c1 peer=127.0.0.1:49048->127.0.0.1:19451 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device identity changed and must be re-approved (requestId: b54128cc-ff40-4f91-b6b3-dfe8cc8a4688) phase=auth_validated","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:26:00.018Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:26:00.018+00:00","hostname":"vm","message":"closed before connect conn=8f43cc4d-b11d-4fbb-b784-eb545fb4e3c1 peer=127.0.0.1:49048->127.0.0.1:19451 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required: device identity changed and must be re-approved (requestId: b54128cc-ff40-4f91-b6b3-dfe8cc8a4688) phase=auth_validated"}',
  },
  'pairing-required': {
    layer: 'gateway',
    cause: 'pairing-required',
    alias: ['PAIRING_REQUIRED'],
    also: ['NOT_PAIRED'],
    codes: [1008],
    text: /^pairing required/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'This device, or what it asks for, is not approved on this gateway. A right token is not enough here: a person has to approve it once.',
    fixes: [],
    tryThis: 'If you know the device: `openclaw devices list`, then `openclaw devices approve <requestId>`.',
    example:
      '2026-11-21T10:29:28.799Z [ws] closed before connect conn=884135ca-6521-4ef2-ab3d-1bf2b2b800f5 remote=127.0.0.1 fwd=203.0.113.9 origin=n/a host=gw.example.com ua=n/a code=1008 reason=pairing required',
  },
  'origin-mismatch': {
    layer: 'gateway',
    cause: 'origin-mismatch',
    alias: ['CONTROL_UI_ORIGIN_NOT_ALLOWED'],
    codes: [1008],
    text: /^(origin (not allowed|missing)|browser copilot requires a canonical)/,
    since: '2026.2.6-3',
    sure: 'certain',
    means:
      'A web page from another address than the gateway expects tried to connect, and it is not on the list. A command line that sends an Origin header is treated alike.',
    fixes: [],
    tryThis:
      'If the page is yours, add its origin, as the attempt shows it, to gateway.controlUi.allowedOrigins in openclaw.json. If not, the gateway did right.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"origin-mismatch","durationMs":2,"handshake":"failed","phase":"ws_upgrade_started","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","origin":"http://evil.example","remoteAddr":"127.0.0.1","remotePort":54210,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54210->127.0.0.1:18810","reason":"origin not allowed","client":"openclaw-control-ui","mode":"webchat","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=a54e3d2a-9f25-40ff-9ab5-1676dcdf08cf peer=127.0.0.1:54210->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=http://evil.example host=127.0.0.1:18810 ua=n/a code=1008 reason=origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins) phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:34.842Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:34.842+00:00","hostname":"vm","message":"closed before connect conn=a54e3d2a-9f25-40ff-9ab5-1676dcdf08cf peer=127.0.0.1:54210->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=http://evil.example host=127.0.0.1:18810 ua=n/a code=1008 reason=origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins) phase=ws_upgrade_started"}',
  },
  'protocol-mismatch': {
    layer: 'gateway',
    cause: 'protocol-mismatch',
    alias: ['PROTOCOL_MISMATCH', '1002'],
    codes: [1002],
    text: /^protocol mismatch/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client speaks an older or newer protocol than this gateway, so they cannot talk. Gateways up to 2026.4.15 speak version 3, from 2026.5.28 on version 4.',
    fixes: [],
    tryThis: "Update the older of the two; the attempt shows the client's release.",
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"protocol-mismatch","durationMs":3,"handshake":"failed","phase":"ws_upgrade_started","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54192,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54192->127.0.0.1:18810","minProtocol":1,"maxProtocol":1,"expectedProtocol":4,"minimumProbeProtocol":3,"client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=381b3102-f716-4534-8d37-49faf29e48bc peer=127.0.0.1:54192->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1002 reason=protocol mismatch phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:34.431Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:34.431+00:00","hostname":"vm","message":"closed before connect conn=381b3102-f716-4534-8d37-49faf29e48bc peer=127.0.0.1:54192->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1002 reason=protocol mismatch phase=ws_upgrade_started"}',
  },
  'invalid-role': {
    layer: 'gateway',
    cause: 'invalid-role',
    codes: [1008],
    text: /^invalid role/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client asked for a role that this gateway does not know. It is of a much newer release, or not an OpenClaw client.',
    fixes: [],
    tryThis: "Compare the client's release with the gateway's and update the older of the two.",
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"invalid-role","durationMs":2,"handshake":"failed","phase":"ws_upgrade_started","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54262,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54262->127.0.0.1:18810","role":"emperor","client":"cli","mode":"cli","version":"1.2.3","platform":"linux"},"2":"closed before connect conn=40ddca17-ece7-4395-85e2-6d0b6b967a0a peer=127.0.0.1:54262->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=invalid role phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:35.871Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:35.871+00:00","hostname":"vm","message":"closed before connect conn=40ddca17-ece7-4395-85e2-6d0b6b967a0a peer=127.0.0.1:54262->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=invalid role phase=ws_upgrade_started"}',
  },
  'invalid-client': {
    layer: 'gateway',
    cause: 'invalid-client',
    codes: [1008],
    text: /^browser copilot requires ui mode/,
    since: '2026.8.1',
    sure: 'likely',
    means:
      'The browser extension did not announce what this gateway needs of it. It is older than the gateway, or another program uses its name.',
    fixes: [],
    tryThis: 'Update the browser extension and let it connect again.',
    example:
      'code=1008 reason=browser copilot requires ui mode with run-tool-bindings and session-scoped-events capabilities cause=invalid-client handshake=failed',
  },
  'invalid-handshake': {
    layer: 'gateway',
    cause: 'invalid-handshake',
    codes: [1008],
    text: /^(invalid connect params|invalid[ -]handshake|invalid request frame)/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The first message was not a greeting that this gateway understands; the close text names the field. It is of a much older or newer release, or not an OpenClaw client.',
    fixes: [],
    tryThis:
      "Compare the client's release with the gateway's and update the older. If you do not know its address, find out who can reach the port.",
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"invalid-handshake","durationMs":2,"handshake":"failed","phase":"ws_upgrade_started","lastFrameType":"req","lastFrameMethod":"health","lastFrameId":"c1","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54242,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54242->127.0.0.1:18810","frameType":"req","frameMethod":"health","frameId":"c1","handshakeError":"invalid handshake: first request must be connect"},"2":"closed before connect conn=219b59fc-2388-4ecb-9f20-8f8a435777ac peer=127.0.0.1:54242->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=invalid handshake: first request must be connect phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:35.253Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:35.253+00:00","hostname":"vm","message":"closed before connect conn=219b59fc-2388-4ecb-9f20-8f8a435777ac peer=127.0.0.1:54242->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1008 reason=invalid handshake: first request must be connect phase=ws_upgrade_started"}',
  },
  'handshake-timeout': {
    layer: 'client',
    cause: 'handshake-timeout',
    also: ['timeout'],
    codes: [1000],
    text: /^handshake timeout/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'Something opened a connection and did not say in time who it is (3 to 15 seconds, by release). It is a client that hangs, or a check that only opens the port.',
    fixes: [],
    tryThis: 'Restart the client if it is one of yours. Point a health check at the page /healthz instead, which needs no token.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"handshake-timeout","durationMs":15003,"handshake":"failed","phase":"ws_upgrade_started","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":60258,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:60258->127.0.0.1:18810","handshakeMs":15000},"2":"closed before connect conn=c4d1f260-1f70-4840-8a1c-4baf5ec5929a peer=127.0.0.1:60258->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1000 reason=n/a phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:57.074Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:57.074+00:00","hostname":"vm","message":"closed before connect conn=c4d1f260-1f70-4840-8a1c-4baf5ec5929a peer=127.0.0.1:60258->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1000 reason=n/a phase=ws_upgrade_started"}',
  },
  'preauth-payload-too-large': {
    layer: 'gateway',
    cause: 'preauth-payload-too-large',
    codes: [1009],
    text: /^preauth payload too large/,
    since: '2026.3.13',
    sure: 'likely',
    means:
      'The client sent more than 64 kB before it had signed in. OpenClaw clients do not do that: it is another program, or a broken one.',
    fixes: [],
    tryThis: 'Find out by its address what it is. Nothing on the gateway needs mending.',
    example: 'code=1009 reason=preauth payload too large cause=preauth-payload-too-large handshake=failed',
  },
  'handshake-message-overflow': {
    layer: 'gateway',
    cause: 'handshake-message-overflow',
    codes: [1008],
    text: /^too many pending handshake frames/,
    since: '2026.9.6',
    sure: 'likely',
    means:
      'The client sent many messages before the gateway had answered its greeting. OpenClaw clients wait: it is another program, or a broken one.',
    fixes: [],
    tryThis: 'Find out by its address what it is, and update it if it is yours.',
    example: 'code=1008 reason=too many pending handshake frames cause=handshake-message-overflow handshake=failed',
  },
  'message-handler-loading-overflow': {
    layer: 'gateway',
    cause: 'message-handler-loading-overflow',
    codes: [1008],
    text: /^gateway message handler loading/,
    since: '2026.5.28',
    sure: 'likely',
    means:
      'The client sent many messages while the gateway was still loading the part that reads them. The gateway is very slow just then, or the client floods it.',
    fixes: [],
    tryThis: 'Let it try again. If it stays, see how busy the gateway host is.',
    example: 'code=1008 reason=gateway message handler loading cause=message-handler-loading-overflow',
  },
  'install-changed': {
    layer: 'lifecycle',
    under: 'message-handler-load-failed',
    cause: 'message-handler-load-failed',
    codes: [1011],
    text: /^gateway install changed/,
    since: '2026.8.2',
    sure: 'likely',
    means:
      'OpenClaw was updated on disk while this gateway kept running, and a part it needs is no longer there. No new client gets in until it is restarted.',
    fixes: ['restart'],
    tryThis: 'Restart the gateway: `gatecrab restart`.',
    example: 'code=1011 reason=gateway install changed; run: openclaw gateway restart cause=message-handler-load-failed',
  },
  'message-handler-load-failed': {
    layer: 'gateway',
    cause: 'message-handler-load-failed',
    codes: [1011],
    text: /^gateway message handler unavailable/,
    since: '2026.5.28',
    sure: 'likely',
    means:
      'The gateway could not load the part of itself that reads messages, so no new client gets in. Its installation is damaged, or was changed while it ran.',
    fixes: ['restart'],
    tryThis: 'Restart the gateway: `gatecrab restart`. If the same comes back, install the same release of OpenClaw again.',
    example: 'code=1011 reason=gateway message handler unavailable cause=message-handler-load-failed',
  },
  'unsupported-websocket-receiver': {
    layer: 'gateway',
    cause: 'unsupported-websocket-receiver',
    codes: [1011],
    text: /^unsupported Gateway WebSocket receiver/,
    since: '2026.8.2',
    sure: 'likely',
    means:
      'The gateway runs with a WebSocket library that it was not made for, and lets nobody in. Its installation is mixed from two releases.',
    fixes: ['restart'],
    tryThis: 'Install the same release of OpenClaw again, then restart the gateway.',
    example: 'code=1011 reason=unsupported Gateway WebSocket receiver cause=unsupported-websocket-receiver handshake=failed',
  },
  'gateway-auth-rotated': {
    layer: 'gateway',
    authFailure: true,
    cause: 'gateway-auth-rotated',
    codes: [4001],
    text: /^gateway auth changed/,
    since: '2026.4.15',
    sure: 'likely',
    means:
      'The gateway token or password was changed at the moment this client signed in. What it sent was right a second before and is not any more.',
    fixes: ['propagate', 'verify'],
    tryThis: 'Give the client the current token; one that reads it anew on each try comes back by itself.',
    example: 'code=4001 reason=gateway auth changed cause=gateway-auth-rotated',
  },
  'startup-sidecars-pending': {
    layer: 'lifecycle',
    cause: 'startup-sidecars-pending',
    codes: [1013],
    text: /^gateway starting/,
    since: '2026.5.5',
    sure: 'certain',
    means:
      'The gateway is still starting and lets nobody in yet. This is no refusal: clients try again and get in within seconds.',
    fixes: [],
    tryThis: 'Wait a minute. If it goes on, look in the log for the last step of the start: that one hangs.',
    example: 'code=1013 reason=gateway starting cause=startup-sidecars-pending handshake=failed',
  },
  'gateway-restarting': {
    layer: 'lifecycle',
    cause: 'gateway-restarting',
    codes: [1013],
    text: /^(gateway restart in progress|connect unavailable during gateway restart)/,
    since: '2026.8.1',
    sure: 'certain',
    means:
      'The gateway was about to restart and took no new connection. This is no refusal: clients try again by themselves and get in when it is back.',
    fixes: [],
    tryThis:
      'Wait for the restart to end. If it does not, an agent or a command keeps the gateway busy: the log says what it waits for.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"cause":"gateway-restarting","durationMs":25,"handshake":"failed","phase":"accepting","lastFrameType":"req","lastFrameMethod":"connect","lastFrameId":"1","host":"127.0.0.1:47187","userAgent":"node","remoteAddr":"127.0.0.1","remotePort":48122,"localAddr":"127.0.0.1","localPort":47187,"endpoint":"127.0.0.1:48122->127.0.0.1:47187","method":"connect"},"2":"closed before connect conn=296f1733-9cb3-439b-9e8c-83c18e971eb4 peer=127.0.0.1:48122->127.0.0.1:47187 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:47187 ua=node code=1013 reason=n/a phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-30T21:16:41.043Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-30T21:16:41.043+00:00","hostname":"vm","message":"closed before connect conn=296f1733-9cb3-439b-9e8c-83c18e971eb4 peer=127.0.0.1:48122->127.0.0.1:47187 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:47187 ua=node code=1013 reason=n/a phase=ws_upgrade_started"}',
  },
  'gateway-suspending': {
    layer: 'lifecycle',
    cause: 'gateway-suspending',
    codes: [1013],
    text: /^(gateway suspension in progress|connect unavailable during gateway suspension)/,
    since: '2026.8.1',
    sure: 'likely',
    means:
      'The gateway was being suspended, as before its host sleeps or moves, and took no new connection. This is no refusal: clients get in again when it resumes.',
    fixes: [],
    tryThis:
      'Wait until the gateway resumes. If nobody suspended it on purpose, see what asked for that in the lines of gateway/admission.',
    example: 'code=1013 reason=gateway suspension in progress cause=gateway-suspending handshake=failed',
  },
  'authenticated-profile-unavailable': {
    layer: 'gateway',
    cause: 'authenticated-profile-unavailable',
    alias: ['AUTHENTICATED_PROFILE_UNAVAILABLE'],
    codes: [1013],
    text: /^(Authenticated profile verification is unavailable|GitHub is rate limiting profile verification)/,
    since: '2026.9.6',
    sure: 'likely',
    means:
      'The person signed in, but the gateway could not look up their profile just then. The service that confirms it did not answer, or allows no more requests for now.',
    fixes: [],
    tryThis: 'Wait a minute: clients try again by themselves. If it goes on, see whether the gateway host can reach GitHub.',
    example:
      'code=1013 reason=Authenticated profile verification is unavailable. Retry shortly; if this continues, contact a gateway cause=authenticated-profile-unavailable handshake=failed',
  },
  'operator-access-denied': {
    layer: 'gateway',
    authFailure: true,
    cause: 'operator-access-denied',
    codes: [1008],
    text: /^Gateway access is no longer active/,
    since: '2026.9.6',
    sure: 'likely',
    means:
      'The person signed in, but their access to this gateway was taken away or has run out. The rules for persons say so, not the token.',
    fixes: [],
    tryThis: 'If the person should get in, an administrator of the gateway has to restore the access (gateway.roles).',
    example:
      'code=1008 reason=Gateway access is no longer active; ask a Gateway administrator to restore it. cause=operator-access-denied handshake=failed',
  },
  'verified-user-required': {
    layer: 'gateway',
    authFailure: true,
    alias: ['AUTH_VERIFIED_USER_REQUIRED'],
    codes: [1008],
    text: /^operator role policies require a verified user/,
    since: '2026.9.6',
    sure: 'likely',
    means:
      'This gateway has rules for persons, and the client did not say by a trusted way who its user is. A device token alone does not tell that.',
    fixes: [],
    tryThis: 'Connect through the trusted proxy or Tailscale Serve, or sign in with the gateway token or password.',
    example:
      'code=1008 reason=operator role policies require a verified user identity for this authentication method; reconnect handshake=failed',
  },
  'client-version-mismatch': {
    layer: 'lifecycle',
    alias: ['CLIENT_VERSION_MISMATCH'],
    codes: [1008],
    text: /^client version mismatch/,
    since: '2026.5.28',
    sure: 'likely',
    means:
      "The node on the gateway's own host is older than the gateway. It is sent away so that its supervisor starts the new one.",
    fixes: [],
    tryThis: 'Wait a minute. If it goes on, restart the node on the gateway host: `openclaw node restart`.',
    example: 'code=1008 reason=client version mismatch',
  },
  'node-pairing-generation-changed': {
    layer: 'gateway',
    cause: 'node-pairing-generation-changed',
    codes: [1008],
    text: /^(node pairing changed during connect|authenticated node pairing identity unavailable)/,
    since: '2026.8.1',
    sure: 'likely',
    means:
      'The pairing of this node was changed while it was signing in. What it showed was no longer what the gateway had on record.',
    fixes: [],
    tryThis: 'Let the node try again. If it is refused again, look for it in `openclaw devices list` and approve it.',
    example: 'code=1008 reason=node pairing changed during connect cause=node-pairing-generation-changed handshake=failed',
  },
  'agent-runtime-identity-untrusted-client': {
    layer: 'gateway',
    cause: 'agent-runtime-identity-untrusted-client',
    codes: [1008],
    text: /^agent runtime identity token is only accepted from local/,
    since: '2026.7.1',
    sure: 'likely',
    means:
      'A client showed a token that only agents on the gateway host itself may use. It came from elsewhere, or is not such an agent.',
    fixes: [],
    tryThis: 'If it is yours, run it on the gateway host. If you do not know its address, find out how it came by such a token.',
    example:
      'code=1008 reason=agent runtime identity token is only accepted from local backend gateway clients cause=agent-runtime-identity-untrusted-client handshake=failed',
  },
  'agent-runtime-identity-invalid': {
    layer: 'gateway',
    cause: 'agent-runtime-identity-invalid',
    codes: [1008],
    text: /^invalid agent runtime identity token/,
    since: '2026.7.1',
    sure: 'guess',
    means:
      "An agent on the gateway host showed a token that the gateway does not know. Most likely that agent run is over, or is from before the gateway's last start.",
    fixes: [],
    tryThis: 'End that agent run and start it again.',
    example: 'code=1008 reason=invalid agent runtime identity token cause=agent-runtime-identity-invalid handshake=failed',
  },
  'missing-ingress-attribution': {
    layer: 'gateway',
    cause: 'missing-ingress-attribution',
    codes: [1008],
    text: /^gateway ingress attribution required/,
    since: '2026.8.1',
    sure: 'likely',
    means:
      'The gateway cannot tell where this connection comes from, so it refuses it. A proxy stands between them that the gateway does not know.',
    fixes: [],
    tryThis: 'List the address of the proxy, and only that, in gateway.trustedProxies.',
    example: 'code=1008 reason=gateway ingress attribution required cause=missing-ingress-attribution',
  },
  'hello-send-failed': {
    layer: 'network',
    cause: 'hello-send-failed',
    codes: [1000, 1006],
    since: '2026.4.15',
    sure: 'likely',
    means: 'The client was let in, but the answer could not be delivered to it. The connection broke at that moment.',
    fixes: [],
    tryThis: 'Clients try again by themselves. If it repeats, look at the network or the proxy between the two.',
    example: 'code=1006 cause=hello-send-failed',
  },
  'bootstrap-token-consume-failed': {
    layer: 'gateway',
    cause: 'bootstrap-token-consume-failed',
    codes: [1000],
    since: '2026.8.2',
    sure: 'likely',
    means:
      'The setup code was right, but the gateway could not mark it as used, so it let nobody in with it. Another device used it at the same time, or the disk refused the write.',
    fixes: [],
    tryThis:
      'Make a new code with `openclaw qr` and try again. If that fails too, see whether the disk of the gateway host is full.',
    example: 'code=1000 cause=bootstrap-token-consume-failed',
  },
  'connect-aborted-before-register': {
    layer: 'client',
    cause: 'connect-aborted-before-register',
    codes: [1000, 1001, 1005, 1006],
    since: '2026.5.5',
    sure: 'likely',
    means:
      'The client went away while the gateway was letting it in. It was closed, lost its network, or did not wait long enough.',
    fixes: [],
    tryThis: 'Nothing, if it comes back. If it never gets in, the gateway may answer too slowly: see how busy its host is.',
    example: 'code=1006 cause=connect-aborted-before-register',
  },
  'bad-json': {
    layer: 'client',
    under: 'left-before-connect',
    codes: [1000],
    text: /^[✗→] parse-error |^parse\/handle error:/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'What came in was not JSON, so the gateway hung up (with code 1000, as if all were well). It is not an OpenClaw client.',
    fixes: [],
    tryThis: 'Find out by its address what it is: a scanner, a monitor, or a program pointed at the wrong port.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":"✗ parse-error error=SyntaxError: Unexpected token \'h\', \\"hello?\\" is not valid JSON conn=3932e9e6…82b6","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:36.077Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:36.077+00:00","hostname":"vm","message":"✗ parse-error error=SyntaxError: Unexpected token \'h\', \\"hello?\\" is not valid JSON conn=3932e9e6…82b6","traceId":"2f20b068cd85c14815b4000b911b64bb","spanId":"5ed9e1777a4bb5e3","traceFlags":"01"}',
  },
  'bad-frame': {
    layer: 'client',
    under: 'left-before-connect',
    codes: [1006],
    text: /Invalid WebSocket frame/,
    since: '2026.9.6',
    sure: 'certain',
    means:
      'The client sent something that is no WebSocket frame, and the gateway cut it off. It speaks another protocol, or a proxy between the two changes the data.',
    fixes: [],
    tryThis:
      'Let the client connect without the proxy once. If its address is unknown to you, it is a scanner and needs nothing.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":"error conn=b5ef5686-df56-460e-8c85-ca3e2795ff75 remote=127.0.0.1: Invalid WebSocket frame: RSV2 and RSV3 must be clear","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-30T21:15:51.723Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-30T21:15:51.723+00:00","hostname":"vm","message":"error conn=b5ef5686-df56-460e-8c85-ca3e2795ff75 remote=127.0.0.1: Invalid WebSocket frame: RSV2 and RSV3 must be clear"}',
  },
  'frame-too-large': {
    layer: 'client',
    under: 'left-before-connect',
    codes: [1006, 1009],
    text: /Max payload size exceeded/,
    since: '2026.3.13',
    sure: 'certain',
    means:
      'The first message was larger than 64 kB, and the gateway cut it off. The client saw code 1009, while the log says 1006.',
    fixes: [],
    tryThis: 'OpenClaw clients send no such message before they are in: find out by its address what it is.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":"error conn=668f5a21-5af8-4d28-a5f8-100ad34639d7 remote=127.0.0.1: Max payload size exceeded","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:36.492Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:36.493+00:00","hostname":"vm","message":"error conn=668f5a21-5af8-4d28-a5f8-100ad34639d7 remote=127.0.0.1: Max payload size exceeded"}',
  },
  'gateway-stopping': {
    layer: 'lifecycle',
    under: 'left-before-connect',
    codes: [1012],
    text: /^(service restart|gateway-shutdown)/,
    since: '2026.1.29',
    sure: 'certain',
    means: 'The gateway stopped or restarted before this client had signed in. The client did nothing wrong.',
    fixes: ['restart'],
    tryThis: 'Nothing, if the gateway came back: clients try again by themselves. The Timeline shows whether it did.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"durationMs":1716,"handshake":"pending","phase":"ws_upgrade_started","host":"127.0.0.1:19601","remoteAddr":"127.0.0.1","remotePort":59850,"localAddr":"127.0.0.1","localPort":19601,"endpoint":"127.0.0.1:59850->127.0.0.1:19601"},"2":"closed before connect conn=fb5a635b-2e9e-48e0-92eb-58c556e446ff peer=127.0.0.1:59850->127.0.0.1:19601 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19601 ua=n/a code=1012 reason=service restart phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:34:14.111Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:34:14.111+00:00","hostname":"vm","message":"closed before connect conn=fb5a635b-2e9e-48e0-92eb-58c556e446ff peer=127.0.0.1:59850->127.0.0.1:19601 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:19601 ua=n/a code=1012 reason=service restart phase=ws_upgrade_started"}',
  },
  'port-probe': {
    layer: 'client',
    under: 'left-before-connect',
    codes: [1000, 1001, 1005, 1006],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'Something opened a connection, said nothing and went away. That is how monitors, load balancers and port scanners look.',
    fixes: [],
    tryThis: 'Nothing, if you know the address. Point a health check at the page /healthz instead, and this noise ends.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"durationMs":101,"handshake":"pending","phase":"ws_upgrade_started","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54324,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54324->127.0.0.1:18810"},"2":"closed before connect conn=ea753bd2-f283-412d-9ea9-8f291a2a1db2 peer=127.0.0.1:54324->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1005 reason=n/a phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:37.410Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:37.410+00:00","hostname":"vm","message":"closed before connect conn=ea753bd2-f283-412d-9ea9-8f291a2a1db2 peer=127.0.0.1:54324->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1005 reason=n/a phase=ws_upgrade_started"}',
  },
  'left-before-connect': {
    layer: 'client',
    codes: [1000, 1001, 1005, 1006],
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The connection ended before the client had said who it is, and the gateway gave no reason. The client left by itself, or the network between them broke.',
    fixes: [],
    tryThis: 'Nothing, if the same client gets in later. If it never does, look at the proxy or network between them.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":{"durationMs":103,"handshake":"pending","phase":"ws_upgrade_started","host":"127.0.0.1:18810","remoteAddr":"127.0.0.1","remotePort":54322,"localAddr":"127.0.0.1","localPort":18810,"endpoint":"127.0.0.1:54322->127.0.0.1:18810"},"2":"closed before connect conn=8ff26819-d9ac-43a9-90a7-1a614e42fd0a peer=127.0.0.1:54322->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1001 reason=going away phase=ws_upgrade_started","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:18:37.105Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:18:37.105+00:00","hostname":"vm","message":"closed before connect conn=8ff26819-d9ac-43a9-90a7-1a614e42fd0a peer=127.0.0.1:54322->127.0.0.1:18810 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18810 ua=n/a code=1001 reason=going away phase=ws_upgrade_started"}',
  },
  unknown: {
    layer: 'gateway',
    since: '2026.1.29',
    sure: 'guess',
    means:
      'The connection was turned away, and the log does not say why in words that gatecrab knows. The close text is shown as it came.',
    fixes: ['verify'],
    tryThis: 'Read the close text and the lines around it. A gateway started with --verbose writes more about each connection.',
    example: 'code=1008 reason=a text that no release had so far handshake=failed',
  },
} as const satisfies Record<string, Reason>
