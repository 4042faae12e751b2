import {dayMs, hourMs, minuteMs} from '../durations.ts'
import type {CredentialType, StorePlace} from './credential.ts'

/** How a login at a model provider is given a new life; each is a command of OpenClaw. */
export const renewalKinds = [
  'paste-token',
  'paste-api-key',
  'login',
  'setup-token',
  'copilot',
  'add',
  'activate',
  'order',
  'logout',
] as const

export type RenewalKind = (typeof renewalKinds)[number]

export const isRenewalKind = (text: string): text is RenewalKind => (renewalKinds as readonly string[]).includes(text)

/** What is to stand in the store when the plan is done; found out by reading it, never by asking. */
export type LoginAim =
  | {is: 'saved'; type: CredentialType | null; forMs: number | null; endsAt: number | null}
  | {is: 'signed-in'}
  | {is: 'gone'}
  | {is: 'first'; order: readonly string[] | null}

/** A login as another process finds it again. */
export type LoginWrite = {
  agent: string
  profileId: string
  provider: string
  store: StorePlace
  /** A keyed hash of its row when the plan was made; null where there was none. */
  seal: string | null
  aim: LoginAim
}

/** What the person who runs it has to bring: a secret, a length of life, or the terminal itself. */
export type RenewalAsks = {
  secret: {what: 'token' | 'API key'; prefix: string | null} | null
  /** How long a token is good for, as OpenClaw's --expires-in takes it. */
  validFor: string | null
  /** The command speaks with the person itself. */
  terminal: boolean
  /** Logins that saving this one may cost. */
  atRisk: readonly string[]
}

const units: Readonly<Record<string, number>> = {m: minuteMs, h: hourMs, d: dayMs, '': dayMs}

/** What `--expires-in` takes: `30m`, `12h`, `1.5h`, `365d`, and a bare number of days. Null: OpenClaw would save nothing. */
export const parseLifetime = (text: string): number | null => {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([mhd]?)$/.exec(text.trim()) ?? []
  const ms = Math.round(Number(count) * (units[unit] ?? 0))
  return count !== undefined && ms > 0 && ms <= 3660 * dayMs ? ms : null
}

/** The same length of time in the words of `--expires-in`, cut to whole minutes. */
export const formatLifetime = (ms: number): string => `${Math.max(1, Math.floor(ms / minuteMs))}m`

/** Why this cannot be the secret that is asked for; null where it may be. */
export const secretProblem = (secret: string, {what, prefix}: NonNullable<RenewalAsks['secret']>): string | null => {
  const article = what === 'API key' ? 'an' : 'a'
  if (secret === '') return `no ${what} was given`
  if (/\s/.test(secret)) return `${article} ${what} has no white space in it`
  if (/[^\u0021-\u007e]/.test(secret)) return `${article} ${what} has only ASCII characters`
  return prefix !== null && !secret.startsWith(prefix) ? `this ${what} begins with ${prefix}` : null
}
