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

/** `gateway closed (1006 abnormal closure …)`, `disconnected (1008)`. */
const codeIn = (sentence: string): string | undefined => /\b(?:closed|disconnected) \((\d{4})\b/.exec(sentence)?.[1]

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
  'secrets-degraded': {
    layer: 'lifecycle',
    alias: ['SECRETS_DEGRADED', 'SECRETS_PROVIDER_DEGRADED', 'SECRETS_RELOADER_DEGRADED', 'SECRETS_OWNER_UNAVAILABLE'],
    text: /\bSECRETS_(?:DEGRADED|PROVIDER_DEGRADED|RELOADER_DEGRADED|OWNER_UNAVAILABLE)\b/,
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
