import type {ConnectionEvent, ConnectionFacts, ConnectionKind} from '../../domain/attempts/event.ts'
import {clean} from '../../domain/clean.ts'
import {
  accepted,
  admittedFacts,
  after,
  audited,
  buildRejectedFacts,
  closedEarlyFacts,
  closedFacts,
  connecting,
  disconnectedFacts,
  emptyFacts,
  type LineFacts,
  openedFacts,
  parseError,
  refusedFacts,
  socketErrorFacts,
  unauthorizedFacts,
  userAdmitted,
} from './connection-facts.ts'
import type {Meta} from './record.ts'

const maxIdLength = 200

/** The gateway makes it, and yet it stands in a file that others may write into, and on the screen. */
const idOf = (written: string | undefined): string | null => clean(written ?? '', maxIdLength) || null

const createEvent = (
  kind: ConnectionKind,
  conn: string | undefined,
  endpoint: string | undefined,
  lineFacts: LineFacts,
): ConnectionEvent => {
  const {deviceId, requestId, durationMs, ...facts} = lineFacts
  return {
    kind,
    conn: idOf(conn),
    endpoint: idOf(endpoint),
    deviceId: deviceId ?? null,
    requestId: requestId ?? null,
    durationMs: durationMs ?? null,
    facts: facts as ConnectionFacts,
    isShared: false,
  }
}

type Read = (text: string, meta: Meta | null) => LineFacts

type Reader = (text: string, meta: Meta | null) => ConnectionEvent

const readerFor =
  (kind: ConnectionKind, read: Read, endpoint: ' endpoint=' | ' peer=' = ' peer='): Reader =>
  (text, meta) =>
    createEvent(kind, after(text, ' conn='), after(text, endpoint), read(text, meta))

/** Untrusted text may precede the id or the endpoint here. */
const fromLast = (text: string, key: ' conn=' | ' endpoint='): string | undefined => {
  const at = text.lastIndexOf(key)
  return at < 0 ? undefined : after(text.slice(at), key)
}

const readDisconnected: Reader = (text, meta) =>
  createEvent('disconnected', fromLast(text, ' conn='), undefined, disconnectedFacts(text, meta))

/** The id is often missing; one inside untrusted text must not be taken for it. */
const readClosed: Reader = text =>
  createEvent('closed', / conn=(\S+)$/.exec(text)?.[1], fromLast(text, ' endpoint='), closedFacts(text))

const missingScope = / errorMessage=missing scope: ([a-z.]+)(?= |$)/

const readResponse: Reader = text => {
  const scope = text.startsWith('⇄ res ✗ ') ? missingScope.exec(text)?.[1] : undefined
  return createEvent(
    'mentioned',
    fromLast(text, ' conn='),
    undefined,
    scope === undefined ? emptyFacts : {...emptyFacts, missingScope: scope},
  )
}

/** First match wins. What a `gateway/ws` line starts with says what it tells. */
const openings: readonly (readonly [string, Reader])[] = [
  ['closed before connect ', readerFor('closed-early', closedEarlyFacts)],
  ['unauthorized ', readerFor('refused', unauthorizedFacts)],
  ['webchat connected ', readerFor('admitted', admittedFacts)],
  ['webchat disconnected ', readDisconnected],
  ['authenticated user connected ', readerFor('admitted', userAdmitted)],
  ['authenticated user disconnected ', readDisconnected],
  ['protocol mismatch ', readerFor('refused', refusedFacts('protocol-mismatch'))],
  ['control ui build rejected ', readerFor('refused', buildRejectedFacts)],
  ['invalid handshake ', readerFor('refused', refusedFacts('invalid-handshake'))],
  ['handshake timeout ', readerFor('refused', refusedFacts('handshake-timeout'))],
  ['✗ parse-error ', readerFor('mentioned', parseError)],
  ['→ parse-error ', readerFor('mentioned', parseError)],
  ['⇄ ', readResponse],
  ['← open ', readerFor('opened', openedFacts, ' endpoint=')],
  ['← connect ', readerFor('mentioned', connecting)],
  ['→ hello-ok ', readerFor('admitted', () => emptyFacts)],
  ['→ close ', readClosed],
  ['error conn=', readerFor('mentioned', socketErrorFacts)],
  ['node version mismatch ', readerFor('refused', refusedFacts('client-version-mismatch'))],
  // It is let in, but no line tells when such a node leaves: to count it as in would keep it in for ever.
  ['legacy node protocol accepted ', readerFor('mentioned', accepted)],
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
    ? createEvent('mentioned', after(text, ' conn='), undefined, audited(text))
    : null
