import type {ConnectionFacts, GatewayEvent} from '../../domain/attempts/event.ts'
import {channelReasonOf, detailOf, endingOf, providerReasonOf, reasonOf} from '../../domain/reasons/reason.ts'
import {connectionLine} from './connection.ts'
import {readLogLine, recordOf} from './log-line.ts'
import {providerLine} from './provider.ts'
import type {LogRecord} from './record.ts'

const pairKeys = ['code', 'reason', 'cause', 'authReason', 'handshake', 'detail', 'status'] as const
type Pairs = Partial<Record<(typeof pairKeys)[number], string>>

const nextKey = / (?:code|reason|cause|authReason|phase|conn|handshake|detail|window|durationMs|elapsedMs|endpoint)=/

const valueIn = (text: string, key: string): string | undefined => {
  const start = new RegExp(`(?:^| )${key}=`).exec(text)
  const rest = start ? text.slice(start.index + start[0].length) : ''
  const value = rest.slice(0, rest.search(nextKey) >>> 0)
  return value === '' || value === 'n/a' ? undefined : value
}

/** Part of a log line, as pasted by the operator. */
const pairsIn = (text: string): Pairs =>
  Object.fromEntries(pairKeys.flatMap(key => (valueIn(text, key) === undefined ? [] : [[key, valueIn(text, key)]])))

const numberOf = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits) || null)

type EndingFacts = Pick<ConnectionFacts, 'code' | 'text' | 'detail'> & {cause?: string | undefined}

const endings = ({code, text, detail, cause}: {[key in keyof EndingFacts]: EndingFacts[key] | undefined}): string[] => {
  const reason = endingOf(code ?? null, text ?? null)
  const closer = detailOf(reason, {code: code ?? null, text: text ?? null, detail: cause ?? detail ?? null})
  return closer === null ? [reason] : [closer, reason]
}

const refusals = (seen: Parameters<typeof reasonOf>[0]): string[] => {
  const {reason, detail} = reasonOf(seen)
  return detail === null ? [reason] : [detail, reason]
}

const ofConnection = ({kind, facts}: Extract<GatewayEvent, {facts: ConnectionFacts}>, text: string): string[] => {
  const {cause, code, detail, handshake} = facts
  if (cause === undefined && code === undefined) return detail === undefined ? [] : [detail]
  if (kind === 'disconnected' || handshake === 'connected') return endings({...facts, cause: cause ?? pairsIn(text).cause})
  return refusals(facts)
}

/** The lines of agents have their reason in the meta; those of the gateway say `reason` of other things. */
const ofProvider = ({subsystem, text, meta}: LogRecord): string[] => {
  const {reason, status} = meta ?? {}
  if (subsystem.startsWith('gateway') || (typeof reason !== 'string' && typeof status !== 'number')) return []
  return [
    providerReasonOf({status: typeof status === 'number' ? status : null, why: typeof reason === 'string' ? reason : null, text}),
  ]
}

const ofPairs = (text: string): string[] => {
  const {code, reason, cause, authReason, handshake, detail, status} = pairsIn(text)
  if (/^(?:\[model-fetch\]|auth profile|embedded run|model fallback)/.test(text))
    return [providerReasonOf({status: numberOf(status), why: reason ?? null, text})]
  if (code === undefined && cause === undefined && authReason === undefined) return []
  const isRefused = handshake === 'failed' || handshake === 'pending'
  const refused = refusals({
    code: numberOf(code),
    text: reason ?? null,
    cause: cause ?? null,
    authReason: authReason ?? null,
    detail: detail ?? null,
    handshake: isRefused ? handshake : null,
  })
  if (isRefused) return refused
  const ended = endings({code: numberOf(code) ?? undefined, text: reason, detail, cause})
  return ended.length > 1 || refused[0] === 'unknown' || refused[0] === 'left-before-connect' ? ended : refused
}

/** No line of a gateway is longer. What is pasted beyond that says nothing more, and patterns need not be fed it. */
const maxLength = 16 * 1024

/** The reasons that match a pasted line, best first: a whole line, its text, or a part of it. */
export const reasonsIn = (line: string, now: number): readonly string[] => {
  const pasted = line.slice(0, maxLength)
  const event =
    readLogLine(pasted, {file: 'pasted', line: 1}, now, now).event ??
    connectionLine(pasted, null) ??
    providerLine('provider-transport-fetch', pasted, null)
  if (event?.kind === 'provider-trouble') return [providerReasonOf(event)]
  if (event?.kind === 'channel-trouble') return [channelReasonOf(event)]
  const reasons = event !== null && 'facts' in event ? ofConnection(event, pasted) : []
  if (reasons.length > 0) return reasons
  const record = recordOf(pasted, now)
  return record?.meta ? ofProvider(record) : ofPairs(pasted)
}
