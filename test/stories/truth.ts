import fs from 'node:fs'
import type {Attempt} from '../../src/domain/attempts/attempt.ts'
import type {Capture} from './captures.ts'

type Details = {code?: string; authReason?: string; reason?: string; reloadRequired?: boolean}

/** One step of a capture, as its client saw it. */
export type Step = {
  n: number
  label: string
  startedAt: string
  localPort: number | null
  connected: boolean
  response: {ok: boolean; server?: {connId: string}; error?: {message: string; details?: Details}} | null
  closeCode: number
  closeReason: string
  closedBy?: 'client'
  httpStatus?: number
  durationMs?: number
}

const came = (step: Partial<Step>): step is Step => typeof step.localPort === 'number' && step.httpStatus === undefined

/** The steps whose socket came to the gateway, in order. */
export const stepsOf = ({truth}: Pick<Capture, 'truth'>): Step[] =>
  (JSON.parse(fs.readFileSync(truth, 'utf8')) as Partial<Step>[]).filter(came)

export type Ending = Pick<Attempt, 'outcome' | 'cause' | 'authReason' | 'reason'> & {detail?: string}

const refused = (cause: string | null, detail?: string): Ending => ({
  outcome: 'refused',
  cause,
  authReason: null,
  reason: cause,
  ...(detail === undefined ? {} : {detail}),
})

const byDetailsCode: Readonly<Record<string, string>> = {
  DEVICE_IDENTITY_REQUIRED: 'device-required',
  CONTROL_UI_DEVICE_IDENTITY_REQUIRED: 'control-ui-insecure-auth',
  CONTROL_UI_ORIGIN_NOT_ALLOWED: 'origin-mismatch',
  PAIRING_REQUIRED: 'pairing-required',
  PROTOCOL_MISMATCH: 'protocol-mismatch',
}

/** Where the answer has no code, what the close text says. */
const byText: readonly (readonly [RegExp, string, string?])[] = [
  [/^device identity required/, 'device-required'],
  [/^control ui requires/, 'control-ui-insecure-auth'],
  [/^pairing required/, 'pairing-required'],
  [/^origin not allowed/, 'origin-mismatch'],
  [/^device nonce mismatch/, 'device-auth-invalid', 'device-nonce-mismatch'],
  [/^device nonce required/, 'device-auth-invalid', 'device-nonce-missing'],
  [/^device signature expired/, 'device-auth-invalid', 'device-signature-stale'],
  [/^device signature invalid/, 'device-auth-invalid', 'device-signature'],
  [/^device identity mismatch/, 'device-auth-invalid', 'device-id-mismatch'],
  [/^protocol mismatch/, 'protocol-mismatch'],
  [/^invalid role/, 'invalid-role'],
  [/^invalid (?:handshake|connect params|request frame)/, 'invalid-handshake'],
]

const byWords: Readonly<Record<string, string>> = {
  'unauthorized: gateway token missing': 'token_missing',
  'unauthorized: gateway token mismatch': 'token_mismatch',
  'unauthorized: gateway password missing': 'password_missing',
  'unauthorized: gateway password mismatch': 'password_mismatch',
  'unauthorized: device token mismatch': 'device_token_mismatch',
  'unauthorized: too many failed authentication attempts': 'rate_limited',
}

const unauthorized = (authReason: string): Ending => ({
  outcome: 'refused',
  cause: 'unauthorized',
  authReason,
  reason: authReason.replaceAll('_', '-'),
})

const left: Ending = {outcome: 'left', cause: null, authReason: null, reason: 'left-before-connect'}

const answered = ({response, closeReason}: Step): Ending | null => {
  const {code = '', authReason, reason, reloadRequired} = response?.error?.details ?? {}
  if (authReason !== undefined) return unauthorized(authReason)
  if (reloadRequired) return refused('control-ui-build-mismatch')
  if (code.startsWith('DEVICE_AUTH_')) return refused('device-auth-invalid', reason)
  const named = byDetailsCode[code]
  if (named !== undefined) return refused(named, code === 'PAIRING_REQUIRED' ? reason : undefined)
  const words = Object.keys(byWords).find(start => closeReason.startsWith(start))
  if (words !== undefined) return unauthorized(byWords[words] ?? '')
  const [, cause, detail] = byText.find(([pattern]) => pattern.test(closeReason)) ?? []
  return cause === undefined ? null : refused(cause, detail)
}

const shortestTimeoutMs = 2900

/** What must have become of the step, by what its client was told. */
export const outcomeOf = (step: Step): Ending => {
  if (step.connected)
    return {outcome: 'connected', cause: null, authReason: null, reason: endings[step.closeCode] ?? `closed-${step.closeCode}`}
  const text = answered(step)
  if (text) return text
  const timedOut = step.closedBy !== 'client' && step.closeCode === 1000 && (step.durationMs ?? 0) > shortestTimeoutMs
  return timedOut ? refused('handshake-timeout') : left
}

const endings: Readonly<Record<number, string>> = {
  1000: 'closed-normally',
  1001: 'closed-normally',
  1005: 'closed-normally',
  1006: 'connection-lost',
  1012: 'service-restart',
  4001: 'token-changed',
}

/** Most lines of --verbose write an id so. */
const shortId = (conn: string): string => (conn.includes('…') ? conn : `${conn.slice(0, 8)}…${conn.slice(-4)}`)

const clientPort = ({endpoint}: Attempt): number => Number(/:(\d+)->/.exec(endpoint ?? '')?.[1])

const slackMs = 20

/** The attempt that a step made: by its port where the log tells ports, else by the time in which only that step began. */
export const matched = (steps: readonly Step[], attempts: readonly Attempt[]): Map<Step, Attempt> => {
  const byConn = new Map(attempts.map(attempt => [shortId(attempt.id), attempt]))
  const byPort = new Map(attempts.map(attempt => [clientPort(attempt), attempt]))
  const starts = steps.map(({startedAt}) => Date.parse(startedAt))
  const inTime = (i: number): Attempt | undefined => {
    const from = (starts[i] ?? 0) - slackMs
    const until = (starts[i + 1] ?? Infinity) - slackMs
    return attempts.find(({at, outcome}) => outcome !== 'connected' && at >= from && at < until)
  }
  const hasPorts = attempts.some(attempt => clientPort(attempt) > 0)
  return new Map(
    steps.flatMap((step, i) => {
      const conn = step.response?.server?.connId
      const found = conn === undefined ? (hasPorts ? byPort.get(step.localPort ?? 0) : inTime(i)) : byConn.get(shortId(conn))
      return found === undefined ? [] : [[step, found] as const]
    }),
  )
}
