import {providerReasonOf, reasonById} from '../reasons/reason.ts'
import type {AgentView, StoredCredential} from './agent-view.ts'
import {type BlockWindow, owned, type Usage} from './credential.ts'
import {howLong} from './login-state.ts'
import type {ConfiguredAuth, ModelUse} from './reading.ts'

/** Their limits are kept by the provider: OpenClaw never waits for them. */
const unlimited: ReadonlySet<string> = new Set(['openrouter', 'kilocode'])

/** The window that ends last among those still open. Past ones stay in the row until the next write. */
export const blockedNow = (provider: string, usage: Usage | undefined, now: number): BlockWindow | null => {
  if (!usage || unlimited.has(provider)) return null
  return usage.windows
    .filter(({until}) => until > now)
    .reduce<BlockWindow | null>((last, window) => (last !== null && last.until >= window.until ? last : window), null)
}

/** A window may hold for one model only. */
export const isBlockedFor = (block: BlockWindow | null, model: string | null): boolean =>
  block !== null && (block.model === null || model === null || block.model === model)

const signInAgain: ReadonlySet<string> = new Set(['auth_permanent', 'session_expired'])

/** The provider turned the login away, and not only for a while. */
export const isRejected = (block: BlockWindow | null): boolean => block?.reason != null && signInAgain.has(block.reason)

/** What helps against the block itself: the login may be good, and a new one would not end it. */
export const blockedAdvice = ({reason}: BlockWindow): string => reasonById(providerReasonOf({why: reason})).tryThis

/** To follow a sentence about the login itself. */
export const blockedWhy = ({until, reason, model}: BlockWindow, now: number): string => {
  const forWhat = model === null ? '' : ` for ${model}`
  return `OpenClaw will not use it${forWhat} for another ${howLong(until, now)}${reason === null ? '' : ` (${reason})`}`
}

/** Names under which providers share their logins. */
const sameAs: Readonly<Record<string, string>> = {
  'byteplus-plan': 'byteplus',
  'minimax-cn': 'minimax',
  'minimax-portal-cn': 'minimax-portal',
  'moonshot-ai': 'moonshot',
  moonshotai: 'moonshot',
  'novita-ai': 'novita',
  novitaai: 'novita',
  'volcengine-plan': 'volcengine',
  'x-ai': 'xai',
}

const loginProvider = (provider: string): string => owned(sameAs, provider) ?? provider

type Queue = {
  /** In the order in which OpenClaw would try them. */
  stored: readonly StoredCredential[]
  isExplicit: boolean
}

const configuredIds = (auth: ConfiguredAuth, provider: string): string[] =>
  Object.entries(auth.profiles)
    .filter(([, profile]) => loginProvider(profile.provider) === provider)
    .map(([id]) => id)

const storedIds = (view: AgentView, provider: string): string[] =>
  Array.from(view.stored.values())
    .filter(({credential}) => loginProvider(credential.provider) === provider)
    .map(({credential}) => credential.profileId)

const baseOf = (view: AgentView, auth: ConfiguredAuth, provider: string): {ids: readonly string[]; isExplicit: boolean} => {
  const explicit = owned(view.order, provider) ?? owned(auth.order, provider)
  const stored = storedIds(view, provider)
  const configured = configuredIds(auth, provider)
  const ids = explicit ?? (configured.length > 0 ? configured : stored)
  const allGone = ids.length > 0 && ids.every(id => !view.stored.has(id))
  return allGone ? {ids: stored, isExplicit: false} : {ids, isExplicit: explicit !== undefined}
}

/** The config names another kind of login under this id; a token may stand for an OAuth login. */
const isOtherMode = ({credential}: StoredCredential, auth: ConfiguredAuth): boolean => {
  const mode = owned(auth.profiles, credential.profileId)?.mode
  return mode !== undefined && mode !== credential.type && !(mode === 'oauth' && credential.type === 'token')
}

const score = {oauth: 0, token: 1, api_key: 2} as const

const isExpired = ({credential}: StoredCredential, now: number): boolean =>
  credential.type === 'oauth' && credential.expires.kind === 'at' && credential.expires.at <= now

const byKind =
  (view: AgentView, now: number) =>
  (a: StoredCredential, b: StoredCredential): number =>
    (a.credential.type === null ? 3 : score[a.credential.type]) - (b.credential.type === null ? 3 : score[b.credential.type]) ||
    Number(isExpired(a, now)) - Number(isExpired(b, now)) ||
    (owned(view.usage, a.credential.profileId)?.lastUsed ?? 0) - (owned(view.usage, b.credential.profileId)?.lastUsed ?? 0)

export const blockOf = (view: AgentView, {credential}: StoredCredential, now: number) =>
  blockedNow(credential.provider, owned(view.usage, credential.profileId), now)

export const isUnblocked = (view: AgentView, stored: StoredCredential, use: ModelUse, now: number): boolean =>
  !isBlockedFor(blockOf(view, stored, now), use.model)

/** Who stands in line for a provider: a given order as it is, else OAuth before tokens before keys, the longest unused first. */
export const queueOf = (view: AgentView, auth: ConfiguredAuth, use: ModelUse, now: number): Queue => {
  const provider = loginProvider(use.provider)
  const {ids, isExplicit} = baseOf(view, auth, provider)
  const stored = Array.from(new Set(ids), id => view.stored.get(id)).filter(
    one => one !== undefined && loginProvider(one.credential.provider) === provider && !isOtherMode(one, auth),
  ) as StoredCredential[]
  const inLine = isExplicit ? stored : stored.toSorted(byKind(view, now))
  const open = inLine.filter(one => isUnblocked(view, one, use, now))
  const blocked = inLine
    .filter(one => !open.includes(one))
    .toSorted((a, b) => (blockOf(view, a, now)?.until ?? 0) - (blockOf(view, b, now)?.until ?? 0))
  return {stored: [...open, ...blocked], isExplicit}
}
