import {type Board, boardOf, exitOf} from '../domain/credential-board.ts'
import type {Diagnosis} from '../domain/diagnosis.ts'
import {readProfiles} from '../sources/profile-reader.ts'
import {type CopiesLook, isBroken, lookAtCopies} from './copies-look.ts'
import type {Given} from './flags.ts'
import {profileLook} from './profiles.ts'
import {isoOrNull} from './time.ts'

/** What lies beside the logs; of past logs, or another host's, there is nothing. */
export type Beside = {
  copies: Pick<CopiesLook, 'enforced' | 'copies' | 'troubles'> | null
  profiles: Pick<Board, 'profiles' | 'agents' | 'isWhole'> | null
}

export const besideOf = async (given: Given, now: number): Promise<Beside> => {
  if (given.list('log').length > 0) return {copies: null, profiles: null}
  const [copies, reading] = await Promise.all([lookAtCopies(given), readProfiles({...profileLook(given), openclaw: null}, now)])
  return {copies, profiles: boardOf(reading, now)}
}

export const ofCopies = ({copies}: Beside, now: number): Diagnosis[] =>
  copies === null || !isBroken(copies)
    ? []
    : [
        {
          id: 'token-copies',
          layer: 'gateway',
          harm: 'soon',
          title: 'The copies of the token are not as they should be',
          because: [...copies.troubles.map(({title}) => title), ...copies.copies.flatMap(({problem}) => problem ?? [])]
            .slice(0, 3)
            .join('; '),
          tryThis: 'gatecrab copies names each of them with its cure.',
          since: now,
          count: 1,
          sure: 'certain',
          evidence: [],
        },
      ]

export const ofProfiles = ({profiles}: Beside, now: number): Diagnosis[] =>
  (profiles?.agents ?? [])
    .filter(({exit: fare}) => fare !== 0)
    .map(({agent, exit: fare, because}) => ({
      id: fare === 1 ? 'login-gone' : 'login-ends',
      layer: 'provider',
      harm: fare === 1 ? 'broken' : 'soon',
      title: `${agent}: ${fare === 1 ? 'a login at a model provider is gone' : 'a login at a model provider ends soon'}`,
      because: because ?? '',
      tryThis: 'gatecrab profiles says which, and how it is renewed.',
      since: now,
      count: 1,
      sure: 'certain',
      evidence: [],
    }))

export const besideJson = ({copies, profiles}: Beside, now: number) => ({
  copies: copies && {
    enforced: {fingerprint: copies.enforced.fingerprint, by: copies.enforced.by, provenAt: copies.enforced.provenAt},
    agree: copies.copies.filter(({verdict}) => verdict === 'agrees').length,
    differ: copies.copies.filter(({verdict}) => verdict === 'differs').length,
    problems: copies.copies.flatMap(({problem}) => problem ?? []),
  },
  profiles: profiles && {
    exit: exitOf(profiles),
    states: Object.fromEntries(
      Map.groupBy(profiles.profiles, ({state}) => state)
        .entries()
        .map(([state, found]) => [state, found.length]),
    ),
    nextEndAt: isoOrNull(profiles.profiles.find(({expiresAt}) => expiresAt !== null && expiresAt > now)?.expiresAt ?? null),
  },
})
