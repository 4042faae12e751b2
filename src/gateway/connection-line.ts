import {present} from '../domain/clean.ts'
import type {ConnectionEvent, ConnectionFacts, ConnectionKind, Identity} from '../domain/event.ts'
import type {Meta} from './record.ts'

const word = (meta: Meta | null, key: string): string | undefined => {
  const value = meta?.[key]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}

const count = (text: string | undefined): number | undefined => (text && /^\d+$/.test(text) ? Number(text) : undefined)

/** Facts without their absent ones: a later line must not erase what an earlier one said. */
const only = <T extends object>(facts: {[K in keyof T]: T[K] | undefined}): T => {
  const kept = {} as T
  for (const key in facts) if (facts[key] !== undefined) kept[key] = facts[key] as T[typeof key]
  return kept
}

const after = (text: string, key: string): string | undefined => {
  const at = text.indexOf(` ${key}=`)
  if (at < 0) return undefined
  const start = at + key.length + 2
  const end = text.indexOf(' ', start)
  return end < 0 ? text.slice(start) : text.slice(start, end)
}

const named = (text: string): Partial<Identity> => {
  const [, id, mode, version] = / client=(\S+)(?: (\S+) v(\S+))?/.exec(text) ?? []
  return only<Partial<Identity>>({
    id: present(id),
    mode: present(mode ?? after(text, 'mode')),
    version: present(version ?? after(text, 'version')),
    platform: present(after(text, 'platform')),
  })
}

const handshakes = ['pending', 'failed', 'connected'] as const

const factsIn = (meta: Meta | null): ConnectionFacts =>
  only<ConnectionFacts>({
    client: only<Partial<Identity>>({
      id: present(word(meta, 'client')),
      mode: present(word(meta, 'mode')),
      version: present(word(meta, 'version')),
      platform: present(word(meta, 'platform')),
    }),
    remote: present(word(meta, 'remoteAddr')),
    forwardedFor: present(word(meta, 'forwardedFor')),
    origin: present(word(meta, 'origin')),
    userAgent: present(word(meta, 'userAgent')),
    deviceId: present(word(meta, 'deviceId')),
    requestId: present(word(meta, 'requestId')),
    cause: present(word(meta, 'cause')),
    authReason: present(word(meta, 'authReason')),
    detail: present(word(meta, 'reason')),
    handshake: handshakes.find(state => state === meta?.['handshake']),
    durationMs: count(word(meta, 'durationMs')),
  })

const event = (kind: ConnectionKind, conn: string | undefined, endpoint: string | undefined, facts: ConnectionFacts): ConnectionEvent => ({
  kind,
  conn: conn ?? null,
  endpoint: endpoint ?? null,
  facts,
})

/**
 * Forwarded-for, origin, host and user agent come from a stranger and stand before `code=`. Where the meta repeats the
 * user agent, it tells where the stranger's words end; else the last `code=… reason=` is taken for the gateway's.
 */
const tailOfClose = (text: string, userAgent: string | undefined): string => {
  const agent = ` ua=${userAgent ?? 'n/a'} code=`
  const known = text.indexOf(agent)
  if (known >= 0) return text.slice(known + agent.length - ' code='.length)
  const last = Array.from(text.matchAll(/ code=\d{3,4} reason=/g)).at(-1)
  return last ? text.slice(last.index) : ''
}

const closedEarly = (text: string, meta: Meta | null): ConnectionEvent => {
  const tail = tailOfClose(text, word(meta, 'userAgent'))
  const [, code, reason] = / code=(\d+) reason=(.*?)(?: phase=\S+.*| suppressed=\d+.*)?$/s.exec(tail) ?? []
  const head = text.slice(0, text.length - tail.length)
  const said = factsIn(meta)
  return event('closed-early', after(head, 'conn'), word(meta, 'endpoint') ?? after(head, 'peer'), {
    ...only<ConnectionFacts>({
      remote: present(after(head, 'remote')),
      forwardedFor: present(after(head, 'fwd')),
      origin: present(after(head, 'origin')),
      userAgent: present(/ ua=(.*)$/s.exec(head)?.[1]),
      code: count(code),
      text: present(reason),
      suppressed: count(/ suppressed=(\d+)/.exec(tail)?.[1]),
    }),
    ...said,
  })
}

const unauthorized = (text: string): ConnectionEvent => {
  const [, reason, hidden] = / reason=(\S+)(?: guidance=.*?)?(?: suppressed=(\d+))?$/s.exec(text) ?? []
  return event('refused', after(text, 'conn'), after(text, 'peer'), {
    cause: 'unauthorized',
    client: named(text),
    ...only<ConnectionFacts>({
      authReason: present(reason),
      remote: present(after(text, 'remote')),
      origin: present(after(text, 'origin')),
      userAgent: present(/ ua=(.*) reason=/.exec(text)?.[1]),
      suppressed: count(hidden),
    }),
  })
}

const why = (cause: string) => (text: string) =>
  event('refused', after(text, 'conn'), after(text, 'peer'), {
    cause,
    client: named(text),
    ...only<ConnectionFacts>({remote: present(after(text, 'remote')?.replace(/:$/, ''))}),
  })

const mention = (facts: ConnectionFacts) => (text: string) => event('mentioned', after(text, 'conn'), after(text, 'peer'), facts)

const admitted = (text: string) =>
  event('admitted', after(text, 'conn'), undefined, {
    client: named(text),
    ...only<ConnectionFacts>({remote: present(after(text, 'remote'))}),
  })

const disconnected = (text: string, meta: Meta | null) => {
  const [, code, reason, conn] = / code=(\d+) reason=(.*) conn=(\S+)/s.exec(text) ?? []
  return event('disconnected', conn ?? after(text, 'conn'), undefined, {
    ...only<ConnectionFacts>({code: count(code ?? after(text, 'code')), text: present(reason)}),
    ...only<ConnectionFacts>({durationMs: count(word(meta, 'durationMs')), detail: present(word(meta, 'cause'))}),
  })
}

const verboseClose = (text: string) => {
  const [, reason] = / reason=(.*?)(?: (?:cause|durationMs|handshake|phase|conn)=\S+.*)?$/s.exec(text) ?? []
  return event('closed', after(text, 'conn'), after(text, 'endpoint'), {
    ...only<ConnectionFacts>({
      code: count(after(text, 'code')),
      text: present(reason),
      cause: present(after(text, 'cause')),
      durationMs: count(after(text, 'durationMs')),
      handshake: handshakes.find(state => state === after(text, 'handshake')),
    }),
  })
}

/** First match wins. What a `gateway/ws` line starts with says what it tells. */
const openings: readonly (readonly [string, (text: string, meta: Meta | null) => ConnectionEvent])[] = [
  ['closed before connect ', closedEarly],
  ['unauthorized ', unauthorized],
  ['webchat connected ', admitted],
  ['webchat disconnected ', disconnected],
  ['authenticated user connected ', admitted],
  ['authenticated user disconnected ', disconnected],
  ['protocol mismatch ', why('protocol-mismatch')],
  ['control ui build rejected ', why('control-ui-build-mismatch')],
  ['invalid handshake ', why('invalid-handshake')],
  ['handshake timeout ', why('handshake-timeout')],
  ['✗ parse-error ', mention({detail: 'bad-json'})],
  ['⇄ ', mention({})],
  ['← open ', text => event('opened', after(text, 'conn'), after(text, 'endpoint'), only({remote: present(after(text, 'remoteAddr'))}))],
  ['← connect ', text => event('mentioned', after(text, 'conn'), undefined, {client: named(text)})],
  ['→ hello-ok ', text => event('admitted', after(text, 'conn'), undefined, {})],
  ['→ close ', verboseClose],
]

export const connectionLine = (text: string, meta: Meta | null): ConnectionEvent | null => {
  for (const [opening, read] of openings) if (text.startsWith(opening)) return read(text, meta)
  if (text.startsWith('error conn=')) {
    return mention(text.includes('Max payload size exceeded') ? {detail: 'frame-too-large'} : {})(text)
  }
  return null
}

/** `security audit: … conn=U`, written by the subsystem `gateway`. */
export const auditLine = (text: string): ConnectionEvent | null =>
  text.startsWith('security audit: ') && text.includes(' conn=')
    ? event('mentioned', after(text, 'conn'), undefined, only<ConnectionFacts>({deviceId: present(after(text, 'device'))}))
    : null
