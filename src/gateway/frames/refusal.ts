import {z} from 'zod'
import {present} from '../../domain/clean.ts'

const text = z.string().optional().catch(undefined)

const error = z.object({
  code: text,
  message: text,
  retryable: z.boolean().optional().catch(undefined),
  retryAfterMs: z.number().nonnegative().optional().catch(undefined),
  details: z.object({code: text, reason: text}).optional().catch(undefined),
})

/** Why a connect request was turned down; `later` where trying again by itself may help. */
export type RefusalFrame = {kind: 'refusal'; code: string | null; text: string; later: boolean; retryAfterMs: number | null}

/** Passing troubles: it starts, it is full, it has locked us out for a while. */
const passing: ReadonlySet<string> = new Set(['UNAVAILABLE', 'AUTH_RATE_LIMITED', 'TIMEOUT'])

/** Releases up to 2026.2.6 give no code, only the sentence. */
const codeIn = (message: string): string | null => {
  if (/rate.?limit|too many failed/i.test(message)) return 'AUTH_RATE_LIMITED'
  if (/token mismatch/i.test(message)) return 'AUTH_TOKEN_MISMATCH'
  if (/token missing/i.test(message)) return 'AUTH_TOKEN_MISSING'
  return /device identity required/i.test(message) ? 'DEVICE_IDENTITY_REQUIRED' : null
}

export const readRefusal = (value: unknown): RefusalFrame => {
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
