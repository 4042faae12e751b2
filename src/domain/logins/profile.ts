import type {LineRef, ProviderEvent} from '../attempts/event.ts'
import {providerReasonOf, type ReasonId, reasonById} from '../reasons/reason.ts'
import {shellWord} from '../shell.ts'
import type {World} from '../world/world.ts'
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

/** OpenClaw has taken it out of use, for billing or for good, until a time that may be moved on: it serves nobody now. */
export const isDisabled = ({blocked}: Pick<Profile, 'blocked'>, now: number): boolean =>
  blocked?.kind === 'disabled' && blocked.until > now

/** By what name the log knows each login: `sha256:` and 12 hex digits of its id. */
export type LogNames = ReadonlyMap<string, string>

export type ProviderFailure = World['provider'][number]

const isNamedIn = ({profile}: ProviderEvent, {profileId}: Pick<Profile, 'profileId'>, logNames: LogNames): boolean =>
  profile !== null && (profile === profileId || profile === logNames.get(profileId))

/** The login that a provider's failure is about; several where the line names the provider only. A gateway's failure is about none. */
export const loginsOf = <T extends Pick<Profile, 'profileId' | 'provider'>>(
  event: ProviderEvent,
  profiles: readonly T[],
  logNames: LogNames,
): {logins: T[]; isNamed: boolean} => {
  if (event.profile !== null) return {logins: profiles.filter(profile => isNamedIn(event, profile, logNames)), isNamed: true}
  return {logins: profiles.filter(({provider}) => provider === event.provider), isNamed: false}
}

/** What the log tells of this login's failures, oldest first: of itself, and of its provider where no login is named. */
export const failuresOf = (
  {provider}: World,
  profile: Pick<Profile, 'profileId' | 'provider'>,
  logNames: LogNames,
): ProviderFailure[] =>
  provider.filter(({event}) =>
    event.profile === null ? event.provider === profile.provider : isNamedIn(event, profile, logNames),
  )

export const failureAt = ({provider}: World, from: LineRef): ProviderFailure | null =>
  provider.find(({line}) => line.from.file === from.file && line.from.line === from.line) ?? null

/** A renewal that OpenClaw tried and did not get. */
export const isRefreshFailure = (event: ProviderEvent): boolean => reasonById(providerReasonOf(event)).isRenewal === true

/** Why the last renewal of a login failed, as the log tells it. */
export type RenewalFailure = {reason: ReasonId; at: number; from: LineRef}

const mayBeAbout = (profile: Pick<Profile, 'profileId' | 'provider'>, profiles: readonly Profile[]): boolean =>
  profiles.filter(({type, provider}) => type === 'oauth' && provider === profile.provider).length === 1

/** A line that names the provider alone counts where that provider has one login; what renews itself again is over. */
export const renewalFailureOf = (
  world: World,
  profile: Profile,
  {profiles, logNames}: {profiles: readonly Profile[]; logNames: LogNames},
): RenewalFailure | null => {
  if (profile.type !== 'oauth' || !(isBroken(profile.state) || profile.state === 'renews')) return null
  const isOnly = mayBeAbout(profile, profiles)
  const last = failuresOf(world, profile, logNames).findLast(
    ({event}) => isRefreshFailure(event) && (event.profile !== null || isOnly),
  )
  return last === undefined ? null : {reason: providerReasonOf(last.event), at: last.line.at, from: last.line.from}
}

/** What helps against that cause, with the command for this login. */
export const renewalAdvice = ({reason}: RenewalFailure, {provider}: Pick<Profile, 'provider'>): string =>
  reasonById(reason).tryThis.replaceAll('<provider>', shellWord(provider))
