import type {BlockWindow, CredentialType, OpenclawStatus, StorePlace} from './credential.ts'
import type {LoginState} from './login-state.ts'

/** A login as it stands at one moment: what a command prints and a panel shows. */
export type Profile = {
  /** Who keeps it. */
  agent: string
  /** Everyone who works with this very row. */
  usedBy: readonly string[]
  /** Those for whom it is the one that OpenClaw would take now. */
  inUseBy: readonly string[]
  profileId: string
  provider: string
  type: CredentialType | null
  state: LoginState
  why: string
  /** What a person can do; null where nothing is to be done. */
  todo: string | null
  expiresAt: number | null
  remainingMs: number | null
  renewsItself: boolean
  blocked: BlockWindow | null
  from: 'saved' | 'inherited' | 'env' | 'external'
  store: StorePlace
  openclawSays: OpenclawStatus | null
  /** It no longer serves, and keeps its agent from the good shared one of that name. */
  hidesShared: boolean
}

/** A login that can serve a request, or will once it is asked for. */
export const isUsable = (state: LoginState): boolean =>
  state === 'ok' ||
  state === 'static' ||
  state === 'renews' ||
  state === 'expiring' ||
  state === 'unverified' ||
  state === 'external'

export const isBroken = (state: LoginState): boolean => state === 'expired' || state === 'login-lost' || state === 'missing'
