import type {ConnectionEvent, ConnectionFacts, ConnectionKind} from '../../domain/attempts/event.ts'
import {
  accepted,
  admitted,
  after,
  audited,
  buildRejected,
  closed,
  closedEarly,
  connecting,
  disconnected,
  nothing,
  opened,
  parseError,
  refused,
  socketError,
  type Told,
  unauthorized,
  userAdmitted,
} from './connection-facts.ts'
import type {Meta} from './record.ts'

const event = (kind: ConnectionKind, conn: string | undefined, endpoint: string | undefined, told: Told): ConnectionEvent => {
  const {deviceId, requestId, durationMs, ...facts} = told
  return {
    kind,
    conn: conn ?? null,
    endpoint: endpoint ?? null,
    deviceId: deviceId ?? null,
    requestId: requestId ?? null,
    durationMs: durationMs ?? null,
    facts: facts as ConnectionFacts,
    isShared: false,
  }
}

type Read = (text: string, meta: Meta | null) => Told

type Reader = (text: string, meta: Meta | null) => ConnectionEvent

const telling =
  (kind: ConnectionKind, read: Read, endpoint: ' endpoint=' | ' peer=' = ' peer='): Reader =>
  (text, meta) =>
    event(kind, after(text, ' conn='), after(text, endpoint), read(text, meta))

/** Here what may be a stranger's words stands before the id, or before the endpoint. */
const fromLast = (text: string, key: ' conn=' | ' endpoint='): string | undefined => {
  const at = text.lastIndexOf(key)
  return at < 0 ? undefined : after(text.slice(at), key)
}

const left: Reader = (text, meta) => event('disconnected', fromLast(text, ' conn='), undefined, disconnected(text, meta))

/** Often there is no id, and then one in a stranger's words must not stand in for it. */
const over: Reader = text => event('closed', / conn=(\S+)$/.exec(text)?.[1], fromLast(text, ' endpoint='), closed(text))

const missingScope = / errorMessage=missing scope: ([a-z.]+)(?= |$)/

const answered: Reader = text => {
  const scope = text.startsWith('⇄ res ✗ ') ? missingScope.exec(text)?.[1] : undefined
  return event(
    'mentioned',
    fromLast(text, ' conn='),
    undefined,
    scope === undefined ? nothing : {...nothing, missingScope: scope},
  )
}

/** First match wins. What a `gateway/ws` line starts with says what it tells. */
const openings: readonly (readonly [string, Reader])[] = [
  ['closed before connect ', telling('closed-early', closedEarly)],
  ['unauthorized ', telling('refused', unauthorized)],
  ['webchat connected ', telling('admitted', admitted)],
  ['webchat disconnected ', left],
  ['authenticated user connected ', telling('admitted', userAdmitted)],
  ['authenticated user disconnected ', left],
  ['protocol mismatch ', telling('refused', refused('protocol-mismatch'))],
  ['control ui build rejected ', telling('refused', buildRejected)],
  ['invalid handshake ', telling('refused', refused('invalid-handshake'))],
  ['handshake timeout ', telling('refused', refused('handshake-timeout'))],
  ['✗ parse-error ', telling('mentioned', parseError)],
  ['→ parse-error ', telling('mentioned', parseError)],
  ['⇄ ', answered],
  ['← open ', telling('opened', opened, ' endpoint=')],
  ['← connect ', telling('mentioned', connecting)],
  ['→ hello-ok ', telling('admitted', () => nothing)],
  ['→ close ', over],
  ['error conn=', telling('mentioned', socketError)],
  ['node version mismatch ', telling('refused', refused('client-version-mismatch'))],
  // It is let in, but no line tells when such a node leaves: to count it as in would keep it in for ever.
  ['legacy node protocol accepted ', telling('mentioned', accepted)],
]

const firstWord = (text: string): string => text.slice(0, text.indexOf(' '))
const byFirstWord = Map.groupBy(openings, ([opening]) => firstWord(opening))

export const connectionLine = (text: string, meta: Meta | null): ConnectionEvent | null => {
  for (const [opening, read] of byFirstWord.get(firstWord(text)) ?? []) {
    if (text.startsWith(opening)) return read(text, meta)
  }
  return null
}

/** `security audit: … conn=U`, written by the subsystem `gateway`. */
export const auditLine = (text: string): ConnectionEvent | null =>
  text.startsWith('security audit: ') && text.includes(' conn=')
    ? event('mentioned', after(text, ' conn='), undefined, audited(text))
    : null
