import {dayMs} from '../durations.ts'
/** What OpenClaw's stores tell of a login at a model provider, every secret left behind. */

export type CredentialType = 'api_key' | 'token' | 'oauth'

/** OpenClaw reads whole milliseconds since 1970; any other value is kept apart, with its likely meaning. */
export type Expiry =
  | {kind: 'none'}
  | {kind: 'at'; at: number}
  | {kind: 'invalid'; as: 'text' | 'zero' | 'negative' | 'null' | 'no-number' | 'too-far'; meant: number | null}

/** A secret kept elsewhere: where to look, never what is there. */
export type SecretReference = {
  source: 'env' | 'file' | 'exec' | 'store'
  provider: string
  name: string
  found: 'yes' | 'no' | 'unasked'
  place: string | null
}

export type Credential = {
  profileId: string
  provider: string
  type: CredentialType | null
  /** `mode` instead of `type`, or `type: "apiKey"`: only later releases read either. */
  spelling: 'plain' | 'mode' | 'apiKey'
  /** The key, the token or the access token. */
  secret: 'set' | 'none' | 'a-command'
  /** A refresh token stands there; a fence's too. */
  hasRefresh: boolean
  reference: SecretReference | null
  /** An OAuth row whose tokens lie in a file of their own, as some releases of May 2026 kept them. */
  hasSidecar: boolean
  expires: Expiry
  /** `expiresAt`, which OpenClaw does not read. */
  hasStrayExpiry: boolean
  /** OpenClaw's marker in place of tokens that it has taken away to renew them. */
  fence: 'pending' | 'failed' | null
  /** Saved, and never switched on. */
  isInactive: boolean
  /** Kept by another program: its own login counts, not this copy. */
  isExternal: boolean
  /** Why OpenClaw drops the row. */
  ignored: string | null
}

export type BlockWindow = {kind: 'cooldown' | 'disabled' | 'blocked'; until: number; reason: string | null; model: string | null}

export type Usage = {
  lastUsed: number
  windows: readonly BlockWindow[]
  /** When the provider last turned the login away for good. */
  refusedAt: number | null
}

export type StorePlace = {kind: 'sqlite' | 'json' | 'cli' | 'env'; path: string | null}

export type StoreRows = {
  place: StorePlace
  credentials: readonly Credential[]
  order: Readonly<Record<string, readonly string[]>>
  usage: Readonly<Record<string, Usage>>
  writtenAt: number | null
}

/** What OpenClaw's own status calls a profile. */
export type OpenclawStatus = 'ok' | 'static' | 'expiring' | 'expired' | 'missing'

/** OpenClaw's own threshold in every release so far. */
export const warnAfterMs = dayMs

/** Ids and providers are other people's words: `constructor` must find nothing. */
export const owned = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
