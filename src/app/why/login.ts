import type {Profile} from '../../domain/logins/profile.ts'
import {renewalObstacle} from '../logins/store-problems.ts'
import type {State} from '../state.ts'
import {ago, moment} from '../words.ts'
import {type Explanation, joined} from './words.ts'

/** Its key where that can act, and what to type by hand. */
const loginAdvice = (profile: Profile, {now, kind}: State): string => {
  if (profile.todo === null) return 'Nothing to do.'
  return kind === 'replay' || renewalObstacle(profile, null, now) !== null
    ? profile.todo
    : `w renews it. By hand: ${profile.todo}`
}

export const whyLogin = (state: State, profile: Profile): Explanation => ({
  why: profile.why,
  seen: joined([
    state.profiles ? `read ${ago(state.profiles.at, state.now)}` : null,
    profile.openclawSays && `OpenClaw's own status says ${profile.openclawSays}`,
    profile.blocked && profile.blocked.until > state.now
      ? `${profile.blocked.kind} until ${moment(profile.blocked.until, state.now)}: ${profile.blocked.reason ?? 'no reason given'}`
      : null,
  ]),
  tryThis: loginAdvice(profile, state),
  facts: [
    ['provider', profile.provider],
    ['used by', profile.usedBy.join(', ')],
    ['from', profile.from],
    ['ends', profile.expiresAt === null ? 'not known' : new Date(profile.expiresAt).toISOString()],
    ['renews', profile.renewsItself ? 'by itself' : 'only by a person'],
  ],
})
