import {owned} from './credential.ts'
import {blockedNow, isBlockedFor} from './credential-blocked.ts'
import type {ConfiguredAuth, ModelUse} from './credential-reading.ts'
import type {Held, View} from './credential-view.ts'

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

export type Queue = {
  /** In the order in which OpenClaw would try them. */
  held: readonly Held[]
  isExplicit: boolean
}

const configuredIds = (auth: ConfiguredAuth, provider: string): string[] =>
  Object.entries(auth.profiles)
    .filter(([, profile]) => loginProvider(profile.provider) === provider)
    .map(([id]) => id)

const storedIds = (view: View, provider: string): string[] =>
  Array.from(view.held.values())
    .filter(({credential}) => loginProvider(credential.provider) === provider)
    .map(({credential}) => credential.profileId)

const baseOf = (view: View, auth: ConfiguredAuth, provider: string): {ids: readonly string[]; isExplicit: boolean} => {
  const explicit = owned(view.order, provider) ?? owned(auth.order, provider)
  const stored = storedIds(view, provider)
  const configured = configuredIds(auth, provider)
  const ids = explicit ?? (configured.length > 0 ? configured : stored)
  const allGone = ids.length > 0 && ids.every(id => !view.held.has(id))
  return allGone ? {ids: stored, isExplicit: false} : {ids, isExplicit: explicit !== undefined}
}

/** The config names another kind of login under this id; a token may stand for an OAuth login. */
const isOtherMode = ({credential}: Held, auth: ConfiguredAuth): boolean => {
  const mode = owned(auth.profiles, credential.profileId)?.mode
  return mode !== undefined && mode !== credential.type && !(mode === 'oauth' && credential.type === 'token')
}

const score = {oauth: 0, token: 1, api_key: 2} as const

const isPast = ({credential}: Held, now: number): boolean =>
  credential.type === 'oauth' && credential.expires.kind === 'at' && credential.expires.at <= now

const byKind =
  (view: View, now: number) =>
  (a: Held, b: Held): number =>
    (a.credential.type === null ? 3 : score[a.credential.type]) - (b.credential.type === null ? 3 : score[b.credential.type]) ||
    Number(isPast(a, now)) - Number(isPast(b, now)) ||
    (owned(view.usage, a.credential.profileId)?.lastUsed ?? 0) - (owned(view.usage, b.credential.profileId)?.lastUsed ?? 0)

export const blockOf = (view: View, {credential}: Held, now: number) =>
  blockedNow(credential.provider, owned(view.usage, credential.profileId), now)

export const isOpen = (view: View, held: Held, use: ModelUse, now: number): boolean =>
  !isBlockedFor(blockOf(view, held, now), use.model)

/** Who stands in line for a provider: a given order as it is, else OAuth before tokens before keys, the longest unused first. */
export const queueOf = (view: View, auth: ConfiguredAuth, use: ModelUse, now: number): Queue => {
  const provider = loginProvider(use.provider)
  const {ids, isExplicit} = baseOf(view, auth, provider)
  const held = Array.from(new Set(ids), id => view.held.get(id)).filter(
    one => one !== undefined && loginProvider(one.credential.provider) === provider && !isOtherMode(one, auth),
  ) as Held[]
  const inLine = isExplicit ? held : held.toSorted(byKind(view, now))
  const open = inLine.filter(one => isOpen(view, one, use, now))
  const blocked = inLine
    .filter(one => !open.includes(one))
    .toSorted((a, b) => (blockOf(view, a, now)?.until ?? 0) - (blockOf(view, b, now)?.until ?? 0))
  return {held: [...open, ...blocked], isExplicit}
}
