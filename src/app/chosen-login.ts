import type {Profile} from '../domain/logins/profile.ts'
import type {RenewalKind} from '../domain/logins/renewal.ts'
import {renewalObstacle} from './logins/store-problems.ts'
import type {Message} from './message.ts'
import {chosenIndex} from './panel-view.ts'
import {profiles} from './panels/profiles.ts'
import type {State} from './state.ts'

/** The login that the cursor is on. */
export const chosenLogin = (state: State): Profile | null => {
  if (state.panel !== 'profiles') return null
  const found = profiles.view(state, false)
  return found.items[chosenIndex(found, state.places.profiles)] ?? null
}

export const renewalUnless =
  (kind: RenewalKind | null) =>
  (state: State): string | null => {
    if (state.kind === 'replay') return 'A replay is of the past: there is nothing to change'
    if (state.profiles === null) return 'No profile store has been read here: gatecrab does not know of a login to renew'
    if (state.panel !== 'profiles') return 'That is about a login at a model provider: 4 shows them'
    const profile = chosenLogin(state)
    return profile === null ? 'There is no login on this row' : renewalObstacle(profile, kind, state.now)
  }

export const renewalOf =
  (kind: RenewalKind | null) =>
  (state: State): Message => {
    const profile = chosenLogin(state)
    return profile === null
      ? {type: 'told', text: 'There is no login on this row'}
      : {type: 'renewal-asked', request: {profileId: profile.profileId, agent: profile.agent, kind}}
  }
