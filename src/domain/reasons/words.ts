import type {Reason} from './row.ts'

type Row<Id extends string> = readonly [Id, Reason]

export const dashed = (word: string): string => word.replaceAll('_', '-')

/** `HTTP 401`, `code=1008`, `AUTH_TOKEN_MISMATCH`, `Token mismatch`: how people copy a word. */
const plain = (word: string): string =>
  dashed(word.trim().toLowerCase())
    .replace(/^(http\/[\d.]+ \d{3}) .*/, '$1')
    .replace(/^(?:http(?:\/\d(?:\.\d)?)?[\s-]+|(?:close )?code[\s=:]+|(?:cause|reason|authreason|status)[=:]\s*)/, '')
    .replaceAll(/\s+/g, '-')

/** The words that are a reason's own: no two reasons have one in common. */
export const ownWords = ([id, row]: Row<string>): readonly string[] => [
  ...new Set([id, row.authReason ?? id, ...(row.alias ?? [])].map(word => dashed(word.toLowerCase()))),
]

const sharedWords = ([, {also = [], why = [], codes = [], status = []}]: Row<string>): readonly string[] =>
  [...also, ...why, ...codes, ...status].map(word => dashed(`${word}`.toLowerCase()))

/** `gateway connect failed: Error: unauthorized: …`: what a client prints before the words of the gateway. */
const endsOf = (sentence: string): readonly string[] => {
  const ends = [sentence]
  for (let at = sentence.indexOf(': '); at >= 0; at = sentence.indexOf(': ', at + 2)) ends.push(sentence.slice(at + 2).trim())
  return ends
}

const byText = <Id extends string>(rows: readonly Row<Id>[], sentence: string): readonly Row<Id>[] => {
  for (const end of endsOf(sentence)) {
    const row = rows.find(([, {text}]) => text?.test(end))
    if (row) return [row]
  }
  return []
}

/** `gateway closed (1006 abnormal closure …)`, `disconnected (1008)`, `Unexpected server response: 502`, `401: Unauthorized`. */
const codeIn = (sentence: string): string | undefined =>
  (/\b(?:closed|disconnected) \((\d{4})\b/.exec(sentence) ??
    /\b(?:server response|response code|status code|HTTP)[: ]+([1-5]\d\d)\b/.exec(sentence) ??
    /^([45]\d\d):? /.exec(sentence))?.[1]

/** The reasons that a word may mean, best first; parts of names count only where nothing else fits. */
export const meantBy = <Id extends string>(rows: readonly Row<Id>[], word: string): readonly Id[] => {
  const asked = plain(word)
  if (asked === '') return []
  const own = rows.filter(row => ownWords(row).includes(asked))
  const textReason = word.trim().includes(' ') ? byText(rows, word.trim()) : []
  const shared = rows.filter(row => sharedWords(row).includes(asked))
  const causedBy = rows.filter(([, row]) => row.cause === asked)
  const sure = [...new Set([...own, ...textReason, ...shared, ...causedBy])]
  const code = sure.length === 0 ? codeIn(word) : undefined
  if (code !== undefined) return meantBy(rows, code)
  const best = sure.length > 0 ? sure : rows.filter(([id]) => `-${id}-`.includes(`-${asked}-`))
  return best.map(([id]) => id)
}

/** What commands and clients print where no connection was refused: people paste these, and no line of the gateway has them. */
export const pastedReasons = {
  'scope-missing': {
    about: 'device',
    layer: 'gateway',
    alias: ['missing-scope'],
    text: /\bmissing scope: /i,
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
    text: /\bEADDRINUSE\b|(?:address|port \d+) (?:is )?already in use|another gateway instance is already listening|gateway already running/i,
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
  'gateway-no-answer': {
    layer: 'lifecycle',
    text: /\bgateway (?:request )?timeout\b|\bconnect challenge timeout\b|\bRPC probe: failed/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'Something took the connection and did not answer in time. The gateway is busy, frozen or still starting; or what has its port is another program.',
    fixes: ['restart'],
    tryThis:
      '`gatecrab check` tells these apart: busy, frozen, starting, or another program. A restart helps the frozen one; a new token helps none.',
    example: 'Error: gateway timeout after 10000ms',
  },
  'gateway-not-reachable': {
    layer: 'lifecycle',
    text: /\bgateway (?:is )?(?:not (?:connected|reachable|running)|unreachable)\b/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The command or app found no gateway where it looked. Either none runs, or it looks at another address, port or profile than the one that runs.',
    fixes: ['restart'],
    tryThis:
      '`gatecrab check` on the gateway host says whether it runs and where it listens. Compare that with gateway.remote.url, --url and --profile of whoever asks.',
    example: 'Gateway not reachable at ws://127.0.0.1:18789',
  },
  'connection-reset': {
    layer: 'network',
    alias: ['ECONNRESET', 'EPIPE'],
    text: /\bECONNRESET\b|\bEPIPE\b|\bsocket hang up\b/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The other side took the connection and cut it without a word. A gateway that stops or starts does so, and so does one that speaks TLS where the client does not.',
    fixes: [],
    tryThis: 'Try again in a minute. If it stays, compare ws:// and wss:// with gateway.tls, and look at the proxy between them.',
    example: 'gateway connect failed: Error: socket hang up',
  },
  'certificate-not-trusted': {
    layer: 'client',
    alias: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    text: /\bself[- ]signed certificate\b|\bcertificate has expired\b|unable to verify the first certificate|tls fingerprint mismatch|\b(?:CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|ERR_TLS_CERT_ALTNAME_INVALID)\b/i,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The client does not trust the certificate that the gateway, or a proxy before it, showed. It sent nothing secret, and the gateway has seen no sign-in.',
    fixes: [],
    tryThis:
      'Compare the fingerprint with that of the gateway host before you trust it (gateway.remote.tlsFingerprint). If it has expired, renew it there and restart the gateway.',
    example: 'gateway connect failed: Error: self-signed certificate',
  },
  'plaintext-refused': {
    layer: 'client',
    text: /SECURITY ERROR: (?:Gateway URL|Cannot connect to)/,
    since: '2026.2.26',
    sure: 'likely',
    means:
      'The client itself refused to send its token: the address is on another machine, and ws:// would carry it in the clear. The gateway has seen nothing of it.',
    fixes: [],
    tryThis:
      'Use wss:// (gateway.tls, a proxy or Tailscale Serve), or an SSH tunnel to 127.0.0.1: `ssh -N -L 18789:127.0.0.1:18789 HOST`.',
    example: 'SECURITY ERROR: Gateway URL "ws://10.0.0.5:18789" uses plaintext ws:// to a non-loopback address.',
  },
  'url-without-credentials': {
    layer: 'client',
    text: /gateway url override requires explicit credentials/i,
    since: '2026.2.26',
    sure: 'likely',
    means:
      'With --url a command does not use the token of the config, so that a wrong address cannot get it. It wants the token or the password beside the address.',
    fixes: [],
    tryThis: 'Set OPENCLAW_GATEWAY_TOKEN for that command, or use gateway.remote.url and gateway.remote.token instead of --url.',
    example: 'Error: gateway url override requires explicit credentials',
  },
  'bind-without-auth': {
    layer: 'lifecycle',
    text: /refusing to bind gateway\b.{0,200}without auth/i,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The gateway did not start: it was to listen for other machines, and no token or password is set. It opens itself to a network only with one.',
    fixes: [],
    tryThis:
      'Set gateway.auth.mode and a secret for it (`openclaw configure`), or gateway.bind to loopback and reach it by a tunnel.',
    example: 'Gateway failed to start: refusing to bind gateway to 0.0.0.0:18789 without auth',
  },
  'start-blocked': {
    layer: 'lifecycle',
    text: /Gateway start blocked:/,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The gateway did not start since gateway.mode is not local in its config. Either the config is new or was lost, or this machine is a client of a gateway elsewhere.',
    fixes: [],
    tryThis:
      'If a config was lost, look for openclaw.json.bak beside it first. Else `openclaw config set gateway.mode local` on the gateway host, and start it again.',
    example: 'Gateway start blocked: set gateway.mode=local (current: unset) or pass --allow-unconfigured.',
  },
  'secrets-degraded': {
    layer: 'lifecycle',
    alias: ['SECRETS_DEGRADED', 'SECRETS_PROVIDER_DEGRADED', 'SECRETS_RELOADER_DEGRADED', 'SECRETS_OWNER_UNAVAILABLE'],
    text: /\bSECRETS_(?:DEGRADED|PROVIDER_DEGRADED|RELOADER_DEGRADED|OWNER_UNAVAILABLE)\b|secret reference was not found|SecretRefResolutionError/,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'A secret that the config only refers to (a SecretRef) could not be resolved. Whoever needs it has none (cold), or goes on with the old one until the next restart (stale).',
    fixes: [],
    tryThis:
      'See that the variable, file or store entry is there for the gateway, not just for your shell; then `openclaw secrets reload`. `openclaw secrets audit` lists the references.',
    example: '[SECRETS_DEGRADED] cold account:telegram:default: secret reference was not found. Retry: openclaw secrets reload.',
  },
  'secrets-auth-surface': {
    layer: 'lifecycle',
    alias: ['SECRETS_GATEWAY_AUTH_SURFACE'],
    text: /\bSECRETS_GATEWAY_AUTH_SURFACE\b/,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The gateway says whether the reference (SecretRef) at this path counts: active, it has to resolve; inactive, another setting wins over it. This is no fault.',
    fixes: [],
    tryThis: 'Nothing, where it says what you expect. `gatecrab copies` shows which copy of the token is in force.',
    example: '[SECRETS_GATEWAY_AUTH_SURFACE] gateway.auth.token is active. gateway.auth.mode is "token".',
  },
  'secrets-recovered': {
    layer: 'lifecycle',
    alias: ['SECRETS_RELOADER_RECOVERED'],
    text: /\bSECRETS_RELOADER_RECOVERED\b/,
    since: '2026.2.26',
    sure: 'certain',
    means: 'All secrets that could not be resolved before are there again. The gateway works with them from then on.',
    fixes: [],
    tryThis: 'Nothing. Who was refused in the meantime is on the Clients panel.',
    example: '[SECRETS_RELOADER_RECOVERED] Secret resolution recovered.',
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
