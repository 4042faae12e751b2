import type {Reason} from './row.ts'

/** What commands and clients print where no connection was refused: people paste these, and no line of the gateway has them. */
export const pastedReasons = {
  'scope-missing': {
    about: 'device',
    layer: 'gateway',
    alias: ['missing-scope'],
    text: /\bmissing scope: /,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client is signed in, and asked for something that its rights (scopes) do not cover. The gateway is reachable and the token is good, whatever the command says.',
    fixes: [],
    tryThis:
      'Approve the wider rights: `openclaw devices list`, then `openclaw devices approve <requestId>`. Or ask with a client that has them. A new token would not help.',
    example: '⇄ res ✗ logs.tail 1ms errorCode=FORBIDDEN errorMessage=missing scope: operator.read',
  },
  'connection-refused': {
    layer: 'network',
    alias: ['ECONNREFUSED'],
    text: /\bECONNREFUSED\b|\bconnection refused\b/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'Nothing listens at that address and port. The gateway does not run, listens on another port or address, or is just restarting.',
    fixes: ['restart'],
    tryThis:
      'Compare the port with gateway.port on the gateway host, and see whether it runs: `openclaw gateway status`. From another machine, gateway.bind must allow it.',
    example: 'gateway connect failed: Error: connect ECONNREFUSED 127.0.0.1:18789',
  },
  'port-in-use': {
    layer: 'lifecycle',
    alias: ['EADDRINUSE'],
    text: /\bEADDRINUSE\b|address (?:is )?already in use/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The gateway could not start since its port is taken. Most often another gateway runs already: one of a service, and one started by hand.',
    fixes: [],
    tryThis:
      'See who has the port: `lsof -nP -iTCP:18789 -sTCP:LISTEN`, with your port. If it is a gateway, use that one; if not, end that program or set another gateway.port.',
    example: 'Gateway failed to start: listen EADDRINUSE: address already in use 127.0.0.1:18789',
  },
  'address-unreachable': {
    layer: 'network',
    alias: ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'],
    text: /\b(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND)\b/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client did not reach the machine of the gateway: its name is not known, or the way there is blocked or down. No gateway has seen this attempt.',
    fixes: [],
    tryThis: 'Check the host name in gateway.remote.url, the VPN or tailnet, and the firewall of the gateway host.',
    example: 'gateway connect failed: Error: getaddrinfo ENOTFOUND mini.tailnet.example',
  },
  'config-invalid': {
    layer: 'lifecycle',
    alias: ['invalid-config'],
    text: /\binvalid config\b|\bconfig (?:is )?invalid\b/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'OpenClaw cannot use its config file as it stands. A running gateway goes on with the old one; one that starts refuses to run, or puts an older copy back.',
    fixes: [],
    tryThis: '`openclaw config validate` says where the fault is. Mend the file: a running gateway takes it over by itself.',
    example: 'config reload skipped (invalid config): gateway.port: Invalid input',
  },
} as const satisfies Record<string, Reason>
