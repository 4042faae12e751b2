import type {ConnectionFacts, Identity} from '../../domain/attempts/event.ts'
import {present} from '../../domain/clean.ts'
import type {ReasonId} from '../../domain/reasons/reason.ts'
import type {Meta} from './record.ts'

/** All fields are always present, so that all facts have one hidden class: reading them takes half the time. */
export type LineFacts = {[K in keyof ConnectionFacts]-?: ConnectionFacts[K] | undefined} & Own

/** What is no other connection's. */
type Own = {deviceId: string | undefined; requestId: string | undefined; durationMs: number | undefined}

export const emptyFacts: LineFacts = {
  client: undefined,
  remote: undefined,
  forwardedFor: undefined,
  origin: undefined,
  userAgent: undefined,
  deviceId: undefined,
  requestId: undefined,
  code: undefined,
  text: undefined,
  cause: undefined,
  authReason: undefined,
  detail: undefined,
  handshake: undefined,
  durationMs: undefined,
  suppressed: undefined,
  user: undefined,
  gatewayBuild: undefined,
  missingScope: undefined,
}

const word = (value: unknown): string | undefined => {
  if (typeof value === 'string') return present(value)
  return typeof value === 'number' ? String(value) : undefined
}

/** The maximum plausible count; a larger number is not a count. */
const maxCount = 1e12

const count = (value: unknown, max = maxCount): number | undefined => {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= max ? number : undefined
}

const codeOf = (value: unknown): number | undefined => count(value, 65_535)

type Key = ` ${string}=`

/** The value of ` key=`, up to the next space. */
export const after = (text: string, key: Key): string | undefined => {
  const at = text.indexOf(key)
  if (at < 0) return undefined
  const start = at + key.length
  const end = text.indexOf(' ', start)
  return end < 0 ? text.slice(start) : text.slice(start, end)
}

const wordAfter = (text: string, key: Key): string | undefined => present(after(text, key))

const restAfter = (text: string, key: Key): string | undefined => {
  const at = text.indexOf(key)
  return at < 0 ? undefined : text.slice(at + key.length)
}

/** From the first `key` to the last `end`: it may hold both itself. */
const between = (text: string, key: Key, end: Key): string | undefined => {
  const start = text.indexOf(key)
  const to = text.lastIndexOf(end)
  return start < 0 || to < start + key.length ? undefined : text.slice(start + key.length, to)
}

const handshakes: readonly unknown[] = ['pending', 'failed', 'connected'] satisfies ConnectionFacts['handshake'][]

const handshakeOf = (value: unknown): ConnectionFacts['handshake'] =>
  handshakes.includes(value) ? (value as ConnectionFacts['handshake']) : undefined

type Name = string | undefined

const identity = (id: Name, mode: Name, version: Name, platform: Name, displayName: Name): Partial<Identity> =>
  ({id, mode, version, platform, displayName}) as Partial<Identity>

const maxName = 64

/** OpenClaw takes no client with another id. */
const ids: ReadonlySet<string> = new Set(['webchat-ui', 'webchat', 'cli', 'gateway-client', 'node-host', 'test', 'fingerprint'])

const isId = (name: string): boolean => ids.has(name) || /^openclaw-[a-z-]+$/.test(name)

/** What follows a client's name: without it, a name of several words has no end. */
const afterName = '(?: (?:role|reason|min|build|instance|mode|version|clientVersion)=|$)'
const fullName = new RegExp(` client=(.+?) (\\S+) v(\\S+)(?=${afterName})`, 's')
const nameAlone = new RegExp(` client=(.+?)(?: v(\\S+))?(?=${afterName})`, 's')

/** Here the gateway calls a client by its display name where it has one, else by its id. */
const named = (text: string): Partial<Identity> => {
  const [, full, mode, fullVersion] = fullName.exec(text) ?? []
  const [, alone, versionAlone] = full === undefined ? (nameAlone.exec(text) ?? []) : []
  const name = present(full ?? alone, maxName)
  const isName = name !== undefined && !isId(name)
  const platform = wordAfter(text, ' platform=')
  const version = present(fullVersion ?? versionAlone)
  return identity(isName ? undefined : name, present(mode), version, platform, isName ? name : undefined)
}

/** `--verbose` tells both. */
const namedTwice = (text: string): Partial<Identity> =>
  identity(
    wordAfter(text, ' client='),
    wordAfter(text, ' mode='),
    wordAfter(text, ' version='),
    wordAfter(text, ' platform='),
    present(/ clientDisplayName=(.*?)(?= (?:version|mode|clientId|platform|auth)=|$)/s.exec(text)?.[1], maxName),
  )

const orAbsent = (value: unknown): string => (typeof value === 'string' ? value : 'n/a')

/**
 * Forwarded-for, origin, host and user agent come from a stranger and stand before `code=`. Where the meta repeats them,
 * it tells where the stranger's words end; else the last `code=… reason=` is taken for the gateway's.
 */
const tailOfClose = (text: string, meta: Meta | null): number => {
  if (meta !== null && 'handshake' in meta) {
    const words = ` origin=${orAbsent(meta['origin'])} host=${orAbsent(meta['host'])} ua=${orAbsent(meta['userAgent'])}`
    const end = text.indexOf(`${words} code=`)
    if (end >= 0) return end + words.length
  }
  return Array.from(text.matchAll(/ code=\d{3,4} reason=/g)).at(-1)?.index ?? text.length
}

/** From 8.2 on, a console repeats the meta after the text, untrusted text included. */
const ownWords = (tail: string): string => tail.slice(0, tail.search(/ (?:cause=\S+ )?durationMs=\d+ handshake=|$/))

/** What the gateway writes only after it has read what a client sent to sign in. */
const afterCredentials =
  /^(?:unauthorized|pairing required|control ui requires|device (?:nonce|signature|public key|identity mismatch))/

/** A client may close with any text. Without a meta, the phase alone tells that the gateway cannot have written this one. */
const isOwnText = (phase: string | undefined, text: string | undefined): boolean =>
  phase === 'ws_upgrade_started' && text !== undefined && afterCredentials.test(text)

export const closedEarlyFacts = (text: string, meta: Meta | null): LineFacts => {
  const fields: Meta = meta ?? {}
  const tailAt = tailOfClose(text, meta)
  const head = text.slice(0, tailAt)
  const tail = text.slice(tailAt)
  const [, code, reason, phase, suppressed] =
    /^ code=(\d+) reason=(.*?)(?: phase=(\S+))?(?: suppressed=(\d+)(?: (?!phase=|suppressed=)\w+=\S+)*)?$/s.exec(
      ownWords(tail),
    ) ?? []
  return {
    client: identity(
      word(fields['client']),
      word(fields['mode']),
      word(fields['version']),
      word(fields['platform']),
      word(fields['clientDisplayName'])?.slice(0, maxName),
    ),
    remote: word(fields['remoteAddr']) ?? wordAfter(head, ' remote='),
    forwardedFor: word(fields['forwardedFor']) ?? wordAfter(head, ' fwd='),
    origin: word(fields['origin']) ?? wordAfter(head, ' origin='),
    userAgent: word(fields['userAgent']) ?? present(restAfter(head, ' ua=')),
    deviceId: word(fields['deviceId']),
    requestId: word(fields['requestId']),
    code: codeOf(code),
    text: present(reason),
    cause: word(fields['cause']),
    authReason: word(fields['authReason']),
    detail: word(fields['reason']),
    handshake: handshakeOf(fields['handshake']) ?? (isOwnText(phase, reason) ? 'pending' : undefined),
    durationMs: count(fields['durationMs']),
    suppressed: count(suppressed),
    user: undefined,
    gatewayBuild: undefined,
    missingScope: undefined,
  }
}

export const unauthorizedFacts = (text: string): LineFacts => {
  const [, reason, hidden] =
    /^.* reason=(\S+)(?: guidance=.*?)?(?: suppressed=(\d+)(?: (?!suppressed=)\w+=\S+)*)?$/s.exec(text) ?? []
  return {
    ...emptyFacts,
    cause: 'unauthorized',
    client: named(text),
    authReason: present(reason),
    remote: wordAfter(text, ' remote='),
    origin: wordAfter(text, ' origin='),
    userAgent: present(between(text, ' ua=', ' reason=')),
    suppressed: count(hidden),
  }
}

export const refusedFacts =
  (cause: string) =>
  (text: string): LineFacts => ({
    ...emptyFacts,
    cause,
    client: named(text),
    remote: present(after(text, ' remote=')?.replace(/:$/, '')),
  })

/** The gateway lets in only the pages of its own build. */
export const admittedFacts = (text: string): LineFacts => ({
  ...emptyFacts,
  client: named(text),
  remote: wordAfter(text, ' remote='),
  gatewayBuild: wordAfter(text, ' build='),
})

export const userAdmitted = (text: string): LineFacts => ({...emptyFacts, user: present(restAfter(text, ' user='))})

export const buildRejectedFacts = (text: string): LineFacts => ({
  ...refusedFacts('control-ui-build-mismatch')(text),
  gatewayBuild: present(after(text, ' gatewayBuild=')?.replace(/;$/, '')),
})

export const disconnectedFacts = (text: string, meta: Meta | null): LineFacts => {
  const [, code, reason] = / code=(\d+) reason=(.*) conn=\S+/s.exec(text) ?? []
  return {
    ...emptyFacts,
    code: codeOf(code ?? after(text, ' code=')),
    text: present(reason),
    durationMs: count(meta?.['durationMs']),
    detail: word(meta?.['cause']),
  }
}

export const openedFacts = (text: string): LineFacts => ({...emptyFacts, remote: wordAfter(text, ' remoteAddr=')})

export const connecting = (text: string): LineFacts => ({...emptyFacts, client: namedTwice(text)})

export const accepted = (text: string): LineFacts => ({...emptyFacts, client: named(text)})

/** The reason may be untrusted text: the gateway's own fields follow the last `durationMs=`. */
export const closedFacts = (text: string): LineFacts => {
  const end = text.lastIndexOf(' durationMs=')
  const own = end < 0 ? text : text.slice(end)
  const [, fields = '', causeBefore] = / reason=(.*?)(?: cause=(\S+))?$/s.exec(end < 0 ? '' : text.slice(0, end)) ?? []
  return {
    ...emptyFacts,
    code: codeOf(after(text, ' code=')),
    text: present(fields),
    cause: wordAfter(own, ' cause=') ?? present(causeBefore),
    durationMs: count(after(own, ' durationMs=')),
    handshake: handshakeOf(after(own, ' handshake=')),
  }
}

export const parseError = (): LineFacts => ({...emptyFacts, detail: 'bad-json'})

const socketErrors: readonly (readonly [string, ReasonId])[] = [
  ['Max payload size exceeded', 'frame-too-large'],
  ['Invalid WebSocket frame', 'bad-frame'],
]

export const socketErrorFacts = (text: string): LineFacts => {
  const found = socketErrors.find(([fields]) => text.includes(fields))
  return found ? {...emptyFacts, detail: found[1]} : emptyFacts
}

export const audited = (text: string): LineFacts => ({...emptyFacts, deviceId: wordAfter(text, ' device=')})
