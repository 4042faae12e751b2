import type {Profile} from '../domain/logins/profile.ts'
import type {RenewalKind} from '../domain/logins/renewal.ts'
import {renewalObstacle} from './logins/store-problems.ts'
import type {Message} from './message.ts'
import type {Explanation, PanelView, Selection} from './panels/panel.ts'
import {panels} from './panels/panels.ts'
import {profiles} from './panels/profiles.ts'
import type {Place, State} from './state.ts'

export const viewPanel = (state: State, isAscii: boolean): PanelView => panels[state.panel].view(state, isAscii)

/** Why there is no row: a filter, a log that cannot be read, or nothing that happened. */
export const emptyText = (state: State): string =>
  state.filter.terms.length > 0 ? 'Nothing matches the filter; esc shows everything.' : panels[state.panel].empty(state)

/** What to say of the chosen row. */
export const explain = (state: State, chosen: Selection | null): Explanation =>
  chosen?.why(state) ?? {why: '', seen: '', tryThis: '', facts: []}

/** Where the chosen row is now; a row that has gone leaves its place to its neighbour. */
export const chosenIndex = ({rows}: PanelView, {key, index}: {key: string | null; index: number}): number => {
  if (key === null) return rows.newest
  const found = rows.indexOf(key)
  return found >= 0 ? found : Math.max(0, Math.min(index, rows.count - 1))
}

/** The first row to draw, so that the chosen one keeps its height on the screen. */
export const topFor = (index: number, offset: number, height: number, count: number): number =>
  Math.max(0, Math.min(index - Math.max(0, Math.min(offset, height - 1)), count - height))

/** How far down the screen the chosen row stands. */
export const offsetFor = ({rows}: PanelView, {key, offset}: Place, height: number): number => {
  if (key !== null) return offset
  // What lies ahead is to be seen as well.
  return rows.endsWithNewest ? height - 1 : Math.min(rows.newest, Math.floor(height / 2))
}

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
      ? {type: 'notified', text: 'There is no login on this row'}
      : {type: 'renewal-asked', request: {profileId: profile.profileId, agent: profile.agent, kind}}
  }
