import {type Happening, transitionOf, withReports} from '../../domain/alerts/transitions.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {hourMs} from '../../domain/durations.ts'
import type {LoginState as Standing} from '../../domain/logins/login-state.ts'
import {isRefreshFailure, loginsOf, type Profile} from '../../domain/logins/profile.ts'
import {raise} from '../alerts.ts'
import type {Effect} from '../effect.ts'
import type {State} from '../state.ts'
import type {ProfilesRead} from './profiles-read.ts'

/** Ranks login states, so that only a change to a worse one alerts. */
const rank: Record<Standing, number> = {
  ok: 0,
  static: 0,
  renews: 0,
  external: 0,
  unverified: 0,
  unknown: 0,
  expiring: 1,
  expired: 2,
  missing: 2,
  'login-lost': 2,
}

const keyOf = ({agent, profileId, from}: Profile): string => `${agent} ${profileId} ${from}`

const words: Partial<Record<Standing, string>> = {
  expiring: 'ends soon',
  expired: 'has ended',
  missing: 'no longer serves',
  'login-lost': 'lost its login: somebody must sign in again',
}

const fallen = (profile: Profile, at: number): Happening => ({
  event: profile.state === 'expiring' ? 'login-ends' : 'login-gone',
  text: `${profile.profileId} (agent ${profile.agent}) ${words[profile.state] ?? profile.state}`,
  at,
})

/** One alert per login that got worse since the last evaluation; none for the state found at startup. */
const fallenLogins = (before: ProfilesRead | null, after: ProfilesRead, now: number): Happening[] => {
  if (before === null || !before.isWhole) return []
  const earlier = new Map(before.profiles.map(profile => [keyOf(profile), profile.state]))
  return after.profiles.flatMap(profile => {
    const was = earlier.get(keyOf(profile))
    return was !== undefined && rank[profile.state] > rank[was] ? [fallen(profile, now)] : []
  })
}

const quietMs = hourMs

/** A failed renewal that was logged while the screen was open; at most one alert per login and hour. */
const failedRenewals = (
  {profiles, alerted, openedAt, now}: Pick<State, 'profiles' | 'alerted' | 'openedAt' | 'now'>,
  lines: readonly LogLine[],
): {key: string; text: string}[] =>
  lines.flatMap(({event, at}) => {
    if (event?.kind !== 'provider-trouble' || !isRefreshFailure(event) || at < openedAt) return []
    const {logins} = loginsOf(event, profiles?.profiles ?? [], profiles?.logNames ?? new Map())
    const names = logins.filter(({type}) => type === 'oauth').map(({profileId}) => profileId)
    const who = names.length > 0 ? names.join(' or ') : (event.provider ?? 'a provider')
    const last = alerted.get(who)
    return last !== undefined && now - last < quietMs ? [] : [{key: who, text: `The renewal of ${who} failed`}]
  })

type Next = [State, ...Effect[]]

/** The problem that names the agents is a part of this, and not told again. */
const alert = (state: State, happenings: readonly Happening[]): Next =>
  raise(
    happenings.length === 0 ? state : {...state, alerts: withReports(state.alerts, ['login'], state.now)},
    happenings.map(transitionOf),
  )

/** Called after the profiles were read or re-evaluated: reports each login that got worse once. */
export const withProfiles = (state: State, read: ProfilesRead): Next =>
  alert({...state, profiles: read}, state.kind === 'replay' ? [] : fallenLogins(state.profiles, read, state.now))

/** Lines that came just now, and what they alert to. */
export const alertedBy = (state: State, lines: readonly LogLine[]): Next => {
  const failed = state.kind === 'replay' ? [] : failedRenewals(state, lines)
  const once = failed.filter(({key}, i) => failed.findIndex(other => other.key === key) === i)
  if (once.length === 0) return [state]
  const alerted = new Map([...state.alerted, ...once.map(({key}) => [key, state.now] as const)])
  return alert(
    {...state, alerted},
    once.map(({text}) => ({event: 'renewal-failed', text, at: state.now})),
  )
}
