import {migrateLogins} from '../../advice.ts'
import {fromNow} from '../../logins/login-state.ts'
import {isRejected} from '../../logins/order.ts'
import type {Profile} from '../../logins/profile.ts'
import type {RenewalKind} from '../../logins/renewal.ts'
import {type Refusal, refuse} from '../preconditions.ts'

type RenewalProfile = Pick<
  Profile,
  'profileId' | 'provider' | 'type' | 'state' | 'from' | 'store' | 'why' | 'blocked' | 'inUseBy' | 'hidesShared'
>

export type RenewalQuestion = {profile: RenewalProfile; isInactive: boolean; isLeftover: boolean; now: number}

/** Nothing that OpenClaw's commands could renew, whatever is wanted. */
const outOfReach = ({profile, isLeftover}: RenewalQuestion): Refusal | null => {
  const {profileId, from, state, store, why} = profile
  if (from === 'env')
    return refuse(
      `${profileId} is a variable, not a saved login`,
      why,
      `change it where it is set (${store.path ?? 'its environment'})`,
    )
  if (from === 'external' || state === 'external')
    return refuse(`${profileId} belongs to another program`, why, 'sign in with that program: OpenClaw follows it')
  if (isLeftover) return refuse(`${profileId} has not been migrated`, why, migrateLogins)
  if (store.kind === 'cli')
    return {
      ...refuse(
        `The store of ${profileId} cannot be read`,
        'so nothing could be proved afterwards',
        'see the problems that `gatecrab profiles` names',
      ),
      unknown: true,
    }
  if (profileId.startsWith('-') || profile.provider.startsWith('-'))
    return refuse('Its name begins with a dash', 'OpenClaw would take it for a flag', 'rename it with OpenClaw')
  return null
}

const byType = ({type, provider}: RenewalProfile): RenewalKind => {
  if (provider === 'github-copilot') return 'copilot'
  if (type === 'oauth') return 'login'
  return type === 'token' ? 'paste-token' : 'paste-api-key'
}

const isGone = ({state}: RenewalProfile): boolean => state === 'expired' || state === 'login-lost' || state === 'missing'

const whyWaiting = ({profile, now}: RenewalQuestion): Refusal | null => {
  const {blocked, profileId} = profile
  if (blocked === null || blocked.until <= now || isRejected(blocked)) return null
  const isBilling = blocked.reason === 'billing'
  return refuse(
    `${profileId} is not expired: OpenClaw will not use it for another a while (${blocked.reason ?? blocked.kind})`,
    `that ends ${fromNow(blocked.until, now)}, and no command of OpenClaw ends it sooner`,
    isBilling
      ? 'top up the account at the provider, then wait'
      : 'wait; `--by` names a renewal where the login itself is to change',
  )
}

/** What is right for how it stands; a refusal says why nothing is. */
export const rightKind = (question: RenewalQuestion): RenewalKind | Refusal => {
  const {profile, isInactive, now} = question
  const {profileId, state, type, why} = profile
  const refusal = outOfReach(question)
  if (refusal) return refusal
  if (state === 'missing' && isInactive) return 'activate'
  if (state === 'unverified')
    return refuse(
      `${profileId} is a reference, which a literal must not replace`,
      why,
      'see that the gateway can reach the secret: `openclaw secrets audit`',
    )
  if (state === 'unknown') return refuse(`OpenClaw does not use ${profileId}`, why, 'save it again under another name')
  if (
    isGone(profile) ||
    state === 'expiring' ||
    (profile.blocked !== null && profile.blocked.until > now && isRejected(profile.blocked))
  )
    return byType(profile)
  const pending = whyWaiting(question)
  if (pending) return pending
  if (type === 'oauth')
    return refuse(`${profileId} renews itself`, why, '`gatecrab renew` with `--by login` signs in again all the same')
  return byType(profile)
}

/** Safe to remove: it is expired, and either a spare or shadowing a valid login. */
const isRemovable = (profile: RenewalProfile): boolean => isGone(profile) && (profile.inUseBy.length === 0 || profile.hidesShared)

/** What else could be done with it; offered, never chosen. */
export const otherKinds = (question: RenewalQuestion): readonly RenewalKind[] => {
  const {profile} = question
  if (outOfReach(question)) return []
  const isSpare = profile.inUseBy.length === 0
  return [
    ...(profile.provider === 'anthropic' && profile.type === 'token' ? (['setup-token'] as const) : []),
    ...(profile.type === 'oauth' && profile.provider !== 'github-copilot' ? (['login'] as const) : []),
    ...(isRemovable(profile) ? (['logout'] as const) : []),
    ...(isSpare && !isGone(profile) ? (['order'] as const) : []),
  ]
}

/** Why the requested kind of renewal does not fit this login. */
export const whyUnfit = (kind: RenewalKind, question: RenewalQuestion): Refusal | null => {
  const {profile} = question
  const {profileId, state, type, inUseBy} = profile
  const refusal = outOfReach(question)
  if (refusal) return refusal
  if (kind === 'logout' && inUseBy.length > 0 && !isRemovable(profile))
    return refuse(
      `${profileId} is in use`,
      `${inUseBy.join(', ')} would be left without it`,
      'only a spare is removed: put another first',
    )
  if (kind === 'logout' && !isGone(profile))
    return refuse(
      `${profileId} still serves`,
      `it is ${state}`,
      'a plan removes only what is dead; `openclaw models auth logout` removes any',
    )
  if (kind === 'order' && isGone(profile)) return refuse(`${profileId} no longer serves`, `it is ${state}`, 'renew it first')
  if (kind === 'activate' && !question.isInactive)
    return refuse(`${profileId} is switched on already`, `it is ${state}`, 'leave --by away')
  if (kind === 'paste-token' && type === 'oauth')
    return refuse(`${profileId} is an OAuth login`, 'a token under its name would take its place', '`--by login` signs in again')
  if (kind === 'paste-api-key' && type !== 'api_key')
    return refuse(`${profileId} is no API key`, `it is of type ${type ?? 'unknown'}`, 'leave --by away')
  if (kind === 'setup-token' && profile.provider !== 'anthropic')
    return refuse('setup-token is for Anthropic', `${profileId} is of ${profile.provider}`, 'leave --by away')
  if (kind === 'copilot' && profile.provider !== 'github-copilot')
    return refuse('That is the login of GitHub Copilot', `${profileId} is of ${profile.provider}`, 'leave --by away')
  return null
}
