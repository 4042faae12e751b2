import {z} from 'zod'
import {present} from '../../domain/clean.ts'
import type {Presence} from '../../domain/live/connected-client.ts'
import type {ConnectionEnd, HealthSummary} from '../../domain/live/observed.ts'
import {jsonIn} from '../json.ts'
import {connectId, type HelloFrame, readHealth, readHello, reloadId} from './hello.ts'
import {readPresence} from './presence.ts'

const refusalText = z.string().optional().catch(undefined)

const error = z.object({
  code: refusalText,
  message: refusalText,
  retryable: z.boolean().optional().catch(undefined),
  retryAfterMs: z.number().nonnegative().optional().catch(undefined),
  details: z.object({code: refusalText, reason: refusalText}).optional().catch(undefined),
})

/** Why a connect request was turned down; `later` where trying again by itself may help. */
type RefusalFrame = {kind: 'refusal'; code: string | null; text: string; later: boolean; retryAfterMs: number | null}

/** Passing troubles: it starts, it is full, it has locked us out for a while. */
const passing: ReadonlySet<string> = new Set(['UNAVAILABLE', 'AUTH_RATE_LIMITED', 'TIMEOUT'])

/** Releases up to 2026.2.6 give no code, only the sentence. */
const codeIn = (message: string): string | null => {
  if (/rate.?limit|too many failed/i.test(message)) return 'AUTH_RATE_LIMITED'
  if (/token mismatch/i.test(message)) return 'AUTH_TOKEN_MISMATCH'
  if (/token missing/i.test(message)) return 'AUTH_TOKEN_MISSING'
  return /device identity required/i.test(message) ? 'DEVICE_IDENTITY_REQUIRED' : null
}

const readRefusal = (value: unknown): RefusalFrame => {
  const found = error.safeParse(value)
  const {code, message, retryable, retryAfterMs, details} = found.success ? found.data : {}
  const reason = present(message, 300) ?? 'it gave no reason'
  const name = present(details?.code, 80) ?? codeIn(reason) ?? present(code, 80) ?? null
  const later = (retryable ?? false) || (name !== null && passing.has(name)) || code === 'UNAVAILABLE'
  return {
    kind: 'refusal',
    code: name,
    text: reason,
    later: later && name !== 'PROTOCOL_MISMATCH',
    retryAfterMs: retryAfterMs ?? null,
  }
}

/** What the gateway says over its socket, as far as it concerns one who only watches. */
export type Frame =
  | {kind: 'challenge'}
  | HelloFrame
  | RefusalFrame
  | {kind: 'presence'; presence: Presence[]; presenceVersion: number | null}
  | {kind: 'health'; health: HealthSummary | null; presenceVersion: number | null}
  | {kind: 'tick'}
  | {kind: 'shutdown'; why: string | null; restartExpectedMs: number | null}
  | {kind: 'pairing'; what: string; deviceId: string | null; requestId: string | null}
  | {kind: 'answer'; ok: boolean; because: string | null}
  | {kind: 'other'; name: string}

const text = z.string().optional().catch(undefined)

const envelope = z.object({
  type: z.string(),
  event: text,
  id: text,
  ok: z.boolean().optional().catch(undefined),
  payload: z.unknown().optional(),
  error: z.unknown().optional(),
  stateVersion: z.object({presence: z.number()}).optional().catch(undefined),
})
type Envelope = z.infer<typeof envelope>

const shutdown = z.object({reason: text, restartExpectedMs: z.number().nullish().catch(undefined)})
const presenceEvent = z.object({presence: z.unknown().optional()})
const pairing = z.object({deviceId: text, requestId: text, nodeId: text})

const versionIn = ({stateVersion}: Envelope): number | null => stateVersion?.presence ?? null

const shutdownFrame = (payload: unknown): Frame => {
  const found = shutdown.safeParse(payload)
  const {reason, restartExpectedMs} = found.success ? found.data : {}
  return {kind: 'shutdown', why: present(reason, 200) ?? null, restartExpectedMs: restartExpectedMs ?? null}
}

const pairingFrame = (what: string, payload: unknown): Frame => {
  const found = pairing.safeParse(payload)
  const {deviceId, nodeId, requestId} = found.success ? found.data : {}
  return {kind: 'pairing', what, deviceId: present(deviceId ?? nodeId, 200) ?? null, requestId: present(requestId, 200) ?? null}
}

const named = (name: string): string => present(name, 80) ?? 'unknown'

const eventOf = (found: Envelope, name: string): Frame => {
  switch (name) {
    case 'connect.challenge':
      return {kind: 'challenge'}
    case 'presence': {
      const list = presenceEvent.safeParse(found.payload)
      return {
        kind: 'presence',
        presence: readPresence(list.success ? list.data.presence : null) ?? [],
        presenceVersion: versionIn(found),
      }
    }
    case 'health':
      return {kind: 'health', health: readHealth(found.payload), presenceVersion: versionIn(found)}
    case 'tick':
      return {kind: 'tick'}
    case 'shutdown':
      return shutdownFrame(found.payload)
    default:
      return /^(?:device|node)\.pair\./.test(name) ? pairingFrame(name, found.payload) : {kind: 'other', name: named(name)}
  }
}

/** Names of events that are worth reading; conversations pass by unread. */
const head = /^\{"type":"event","event":"([^"\\]{1,80})"/
const readableEvents = /^(?:connect\.challenge|presence|health|tick|shutdown|(?:device|node)\.pair\..*)$/

/** Decided by the first bytes, so that other frames are not decoded. */
export const isWorthReading = (start: string): boolean => {
  const name = head.exec(start)?.[1]
  return name === undefined || readableEvents.test(name)
}

export const readFrame = (raw: string): Frame => {
  const found = envelope.safeParse(jsonIn(raw))
  if (!found.success) return {kind: 'other', name: 'unreadable'}
  const {type, event, id, ok, payload, error} = found.data
  if (type === 'event' && event !== undefined) return eventOf(found.data, event)
  if (type === 'res' && id === connectId) return (ok ? readHello(payload) : null) ?? readRefusal(error)
  if (type === 'res' && id === reloadId) return {kind: 'answer', ok: ok === true, because: ok ? null : readRefusal(error).text}
  return {kind: 'other', name: named(type)}
}

/** The gateway's announcement of its shutdown. */
export type ShutdownNotice = {why: string | null; restarts: boolean}

export const farewellOf = ({why, restartExpectedMs}: {why: string | null; restartExpectedMs: number | null}): ShutdownNotice => ({
  why,
  restarts: restartExpectedMs !== null || /restart/i.test(why ?? ''),
})

/** How a connection ended that had been let in. 1012 says `service restart` for a plain stop as well; the farewell tells. */
export const endOf = (code: number, text: string, shutdownFrame: ShutdownNotice | null): ConnectionEnd => {
  if (code === 4001 && text === 'gateway auth changed') return 'token-changed'
  if (code === 1012 || (shutdownFrame && (code === 1001 || code === 1005 || code === 1006)))
    return (shutdownFrame?.restarts ?? true) ? 'restarting' : 'stopped'
  return code === 1006 ? 'cut' : 'closed'
}
