import type {Profile} from '../../domain/logins/profile.ts'
import type {RenewalKind} from '../../domain/logins/renewal.ts'
import type {Message} from '../message.ts'
import {chosenIndex, viewPanel} from '../panel-view.ts'
import type {State} from '../state.ts'
import {renewalObstacle} from './store-problems.ts'

/** The login that the cursor is on. */
export const chosenLogin = (state: State): Profile | null => {
  if (state.panel !== 'profiles') return null
  const found = viewPanel(state, false)
  const chosen = found.selectionAt(chosenIndex(found, state.places.profiles))
  return chosen?.kind === 'profile' ? chosen.profile : null
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
